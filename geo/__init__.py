"""KP Incident Atlas: read, locate, count and map recorded incidents in Khyber Pakhtunkhwa.

Importing this package loads nothing heavy; each module names what it needs.
"""
