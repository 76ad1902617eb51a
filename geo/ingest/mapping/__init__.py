"""Mapping: tables of unknown layout are matched to the fields of an incident.

In: the first rows of a table. Out: a proposed mapping of columns and words, which a person confirms, names and keeps.
"""
