"""The reliability cases, the tests that show them, and the document that says so (docs/reliability.md)."""
