"""The national roster: layout, row checks, comparison with what is stored, and the batch writer (ruling 11)."""
