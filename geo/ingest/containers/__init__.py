"""Containers: a file in any of the accepted file types becomes a table of text cells (geo.ingest.tables.TextTable).

In: a path and the reading options. Out: columns of cells as they are written, with rows that do not fit the header set
aside. Nothing is interpreted here: no dates, numbers or districts.
"""
