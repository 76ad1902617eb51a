"""What leaves the atlas: files of incidents and districts, the settings of a view, and how to cite it.

Rows and numbers come in, bytes and files go out; nothing here draws.
"""
