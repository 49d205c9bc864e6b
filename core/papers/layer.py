"""Rendering: a template file and plain data become a PDF. Equal data gives equal bytes (no clock, no random id). Pure."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import typst

from core.papers.fonts import RARE, SANS, SERIF, typst_fonts

MOST_BYTES = 8_000_000
"""Of data in one document: some 5000 rows. More is split by the caller, so that a page does not eat the server."""


class PaperFault(Exception):
    """The template could not be set; a fault of the program, not of the data."""


def render(template: Path, data: Mapping[str, object], *, title: str) -> bytes:
    """The PDF of a template with this data. The template reads `sys.inputs.data` (JSON), `title` and the fonts' names; other templates of
    its folder may be imported by it, nothing outside. Raises FontsMissing, PaperFault."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    if len(text) > MOST_BYTES:
        raise PaperFault(f"{template.name}: {len(text)} characters of data in one document")
    inputs = {"data": text, "title": title, "serif": SERIF, "sans": SANS, "rare": RARE}
    # Without tags a file is a third of the size; the page itself is the accessible form, this is for paper.
    compiler = typst.Compiler(template, root=template.parent, font_paths=typst_fonts(), ignore_system_fonts=True)
    try:
        return compiler.compile(format="pdf", sys_inputs=inputs, timestamp=0, pdf_tags=False)
    except typst.TypstError as fault:
        raise PaperFault(f"{template.name}: {fault.message}") from None


def texts_of(data: object) -> Iterator[str]:
    """Every text in the data, for the check of its characters."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for value in data.values():
            yield from texts_of(value)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from texts_of(value)
