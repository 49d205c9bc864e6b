"""The survey sheet and the import as a whole: check and stage, confirm, commit (ruling 11)."""
