"""公示 and the public page."""

ROWS = []
