"""Pictures of the filtered view: maps, charts, tables, messages and files."""
