"""Measurements against the obvious alternative, in the same run: python -m benchmarks NAME [--rows N] [--json FILE].

A benchmark is a module here with a first line that says what it measures, `DEFAULT_ROWS`, and
`run(rows) -> list[benchmarks.timing.Comparison]`. Results are checked for being right before they are timed.
"""
