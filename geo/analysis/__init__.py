"""Pure functions from incidents and districts to small results; no user interface, no storage."""
