"""Figures and briefs as files: what a page shows as PNG, SVG or PDF, drawn without a browser.

A sheet (words, numbers, classes, colours) comes in, bytes go out; equal sheets give equal bytes. Nothing here reads a
store or counts: pages and the command line make the sheets of what they count.
"""
