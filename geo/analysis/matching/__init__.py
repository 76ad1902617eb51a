"""Matching: which stored rows describe the same event.

In: canonical rows. Out: pairs with a score and reasons; a person decides about each of them.
"""
