"""Counting: incidents, attacks and tolls by district, time, group and type.

In: the incident table and filters. Out: small arrays of counts and rates.
"""
