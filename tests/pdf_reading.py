"""What a PDF says and which fonts it carries, as poppler's tools read them."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


def _run(tool: str, pdf: bytes, *options: str) -> str:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} (poppler-utils) is not installed")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        tail = ["-"] if tool == "pdftotext" else []
        return subprocess.run([tool, *options, file.name, *tail], check=True, capture_output=True, text=True).stdout


def text_of(pdf: bytes) -> str:
    """All text, as it can be searched and copied, without the spaces and breaks of the page."""
    return "".join(_run("pdftotext", pdf, "-raw").split())


def pages_of(pdf: bytes) -> list[str]:
    return ["".join(page.split()) for page in _run("pdftotext", pdf, "-raw").split("\f")[:-1]]


def fonts_of(pdf: bytes) -> list[tuple[str, bool, bool]]:
    """(name, embedded, subset) of each font."""
    lines = _run("pdffonts", pdf).splitlines()[2:]
    return [(line.split()[0], line.split()[-5] == "yes", line.split()[-4] == "yes") for line in lines]
