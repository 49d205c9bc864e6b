"""Charts as plain geometry: values in, dataclasses of percentages out, which `templates/charts/` draws as SVG (decision 110). Pure.

Lengths along the page are percentages of the drawing's width, heights are pixels: a drawing is as wide as its place and its words keep their
size, on a phone, on a desk and on paper. A value is a number, 0, or None = not computable; the three never look alike.
"""

from reports.charts.bars import Bar, bars
from reports.charts.histogram import Bin, Histogram, histogram
from reports.charts.stacks import Segment, Stack, stack, stacks
from reports.charts.trend import Point, Trend, trend

__all__ = ["Bar", "Bin", "Histogram", "Point", "Segment", "Stack", "Trend", "bars", "histogram", "stack", "stacks", "trend"]
