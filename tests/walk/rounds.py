"""Rounds, the board and the villages' lists."""

ROWS = []
