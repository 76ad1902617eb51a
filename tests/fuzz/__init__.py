"""Inputs that nobody wrote: every reader and parser of text from outside accepts or refuses them and never fails."""
