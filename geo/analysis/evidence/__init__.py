"""Lines of evidence on one district: what was reported, what officials counted, what is recorded, and all together.

In: dated statements and published totals (data/access_signals.csv, data/published_totals.csv, data/police_toll.csv),
and counts of recorded incidents. Out: typed records by district; words are made in geo/views.
"""
