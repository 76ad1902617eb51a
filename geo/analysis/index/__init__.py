"""Index: the access-constraint index, from monthly counts to classes, with its validation.

In: the incident table, one source, settings and a window of months. Out: one record a district, monthly series, hot
spots and back-tests. Pages and command line ask through `request`; `settings` and `profiles` decide, `scores` are the
formulas, `report` makes sentences, JSON and CSV.
"""
