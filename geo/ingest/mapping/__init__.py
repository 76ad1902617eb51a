"""Mapping: tables of no known format, whose columns and words a person assigns.

In: the columns and distinct words of a table. Out: proposals for them, and named mappings (TOML) that `geo.ingest`
applies to the next file of the same kind.
"""
