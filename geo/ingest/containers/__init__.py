"""Containers: a file in any of the accepted file types becomes a table of text cells (geo.ingest.tables.TextTable).

In: a path and the reading options (`detection.read_table`). Out: columns of cells as they are written, with rows that
do not fit the header set aside. Nothing is interpreted here: no dates, numbers or districts. Only to find the row of
the column names, or the right sheet, are the column names of the known formats looked up (geo.ingest.formats).
"""
