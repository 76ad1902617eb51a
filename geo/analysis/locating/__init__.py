"""Locating: one district for each incident, from stated names and from coordinates.

In: canonical rows and the district boundaries. Out: the same rows with their district columns filled in. `locate` holds
the rule; `code_grid` and `border` answer points fast, `spatial_join` is the same join in geopandas, the reference;
`place_names` reports how each stated name was resolved.
"""
