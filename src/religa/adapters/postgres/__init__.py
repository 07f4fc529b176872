"""PostgreSQL in a folder of ours: for trials, development, tests and one small site.

Production sets ``DATABASE_URL`` and never comes here.
"""
