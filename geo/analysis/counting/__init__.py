"""Counting: incidents, attacks and tolls by district, time, group and type.

In: the incident table and a filter. Out: small arrays of counts, rates and classes. `questions` is what pages ask;
`cube` answers from arrays made beforehand or in one pass; `classes` colours a map; `rates` are the formulas of rates.
"""
