"""`?next=`: the page of this site to go back to when a form was only a detour. Never another site, never what is no page."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

NEXT = "next"
LONGEST = 400


def safe_path(text: str) -> str:
    """The path with its query when it names a page here, else ""."""
    if len(text) > LONGEST or not text.startswith("/") or not url_has_allowed_host_and_scheme(text, allowed_hosts=None):
        return ""
    try:
        resolve(text.partition("#")[0].partition("?")[0])
    except Resolver404:
        return ""
    return text


def way_back(request: HttpRequest) -> str:
    """What the address of this page says; forms post to their own address, so that it lasts from page to page."""
    return safe_path(request.GET.get(NEXT, ""))


def carrying(url: str, back: str) -> str:
    """`url` with the way back in its query, before its #place; as it is where there is none."""
    if not back:
        return url
    path, mark, place = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}{urlencode({NEXT: back})}{mark}{place}"
