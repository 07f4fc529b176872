"""Brings another system's subscribers, debts and blocks into Religa from CSV files.

`run.import_files` is the one door. `csv_text` finds out how a file is written, `columns` says what each file may hold,
`cells` reads one cell, `rows` one file; `staging` and `checks` look at all of them together; `people`, `invoices`,
`history` write, set by set; `deeds_of_old` does what only the domain can judge, `alongside` has foreign keys checked
meanwhile; `cutover` says who would open.
"""
