"""Index: the access-constraint index, from monthly counts to classes, with its validation.

In: the incident table, one source, settings and a window of months. Out: one record a district, series, and tests.
"""
