"""Matching: which rows describe the same event.

In: canonical rows. Out of `duplicates`: which rows of a file are stored already. Out of `near_duplicates`: pairs of
stored incidents that may be one event, with a score and reasons; a person decides about each. Its steps: `events` (what
is compared), `candidates` (pairs near in time and place), `matcher` (scores), `assignment` (one partner each).
"""
