"""The one print layer: data and a template in, a PDF with embedded Chinese fonts out. Pure.

Data is handed to the template as JSON and never becomes part of its code: a name such as `#eval` prints as itself.
"""

from core.papers.fonts import FontsMissing, faults, unprintable
from core.papers.layer import PaperFault, render, texts_of

__all__ = ["FontsMissing", "PaperFault", "faults", "render", "texts_of", "unprintable"]
