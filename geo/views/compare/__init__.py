"""The page that compares two periods or two places: controls, maps, sentences, tables."""
