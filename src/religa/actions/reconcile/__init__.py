"""Makes live sessions agree with their contract's row: asks which disagree, gives orders, keeps what became of them.

`reconciler` is the loop, `lane` one router, `orders` what a router is told, `telling` the numbers.
"""
