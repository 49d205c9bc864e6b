"""Percentages as an SVG attribute says them."""

LEAST = 0.6
"""Per cent of the width: what is there is seen, however little of the whole it is."""


def percent(value: float) -> str:
    """12.5 → "12.5%", at most two places."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def share(value: float, most: float) -> float:
    """`value` of `most` as 0 to 100; something is at least LEAST."""
    if value <= 0 or most <= 0:
        return 0.0
    return max(LEAST, min(100.0, value * 100 / most))
