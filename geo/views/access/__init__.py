"""The page on no-go areas: controls, map, ranking, one district, years and hot spots of the access-constraint index."""
