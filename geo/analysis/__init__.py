"""Analysis: pure functions from incidents and districts to small results; no user interface, no storage.

Rooms: `locating` (incident to district), `matching` (rows that are one event), `counting` (measures under a filter) and
`index` (the access-constraint index). Texts are codes with values, or `geo.wording.Text`; words are made where shown.
"""
