"""评议小组, evidence and papers to print."""

ROWS = []
