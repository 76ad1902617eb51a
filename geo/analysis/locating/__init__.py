"""Locating: one district for each incident, from stated names and from coordinates.

In: canonical rows and the district boundaries. Out: the same rows with their district columns filled in.
"""
