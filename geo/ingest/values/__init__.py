"""Values: columns of text cells become typed columns of the incident schema.

In: the cells of one table (geo.ingest.values.cells.Cells). Out: dates, counts, places, districts and tolls as Arrow
columns; every cell that does not fit is recorded as a problem with its row and column.
"""
