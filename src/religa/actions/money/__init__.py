"""Money: events and lists of banks, charges, money of nobody, refunds.

The truth is what the bank answers, never what an event says.
"""
