"""Meetings, panels, evidence."""

ROWS = []
