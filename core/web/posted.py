"""Numbers that a form or an address carries for the machine: versions, cursors. Whatever is no number is 0, which nothing has."""

from django.http import HttpRequest

MOST_DIGITS = 9


def number_in(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0


def posted_version(request: HttpRequest) -> int:
    """The version the form was opened with."""
    return number_in(request.POST.get("version", ""))
