"""FreeRADIUS as a child process, and `radclient` as a typed question.

The configuration lies in deploy/freeradius, the SQL that it asks in records/sql/radius.
"""
