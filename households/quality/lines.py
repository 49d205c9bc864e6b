"""The national poverty line by year, in yuan a person (brief 3.10). Pure. A county with a line of its own sets the threshold `poverty_line`."""

LINES = {
    2010: 2300,
    2011: 2536,
    2012: 2625,
    2013: 2736,
    2014: 2800,
    2015: 2855,
    2016: 2952,
    2017: 2952,
    2018: 2995,
    2019: 3218,
    2020: 4000,
}


def poverty_line(year: int) -> int | None:
    """The line of the year, of the newest year known after it; None before there was one."""
    return LINES.get(min(year, max(LINES)))
