"""Pages of a list by keyset (`core.api.paging`): any page costs the same, and rows added meanwhile are neither lost nor shown twice."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest

from core.api.paging import Keyset, encode
from core.errors import BadInput

PAGE = 50
COUNT_CAP = 1000
AFTER, BEFORE = "after", "before"


@dataclass(frozen=True, slots=True)
class Page:
    """`previous` and `next` are cursors, "" at an end."""

    rows: list[Any]
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class Paged:
    """A page as a template shows it: `links` are the addresses for `components/_pagination.html`, `count_text` the length of the whole list."""

    rows: list[Any]
    links: dict[str, str]
    count_text: str


def page_of(rows: QuerySet, keyset: Keyset, *, after: str = "", before: str = "", size: int = PAGE) -> Page:
    """One page of an already scoped and filtered queryset. A cursor that is none of ours, or has nothing behind it any more, leads to the beginning."""
    cursor, order = before or after, keyset.backwards if before else keyset
    try:
        found = list(order.ordered(order.after(rows, cursor))[: size + 1])
    except BadInput:
        return page_of(rows, keyset, size=size)
    if cursor and not found:
        return page_of(rows, keyset, size=size)
    more, found = len(found) > size, found[:size]
    if before:
        found.reverse()
    first, last = (encode([getattr(row, name) for name in keyset.fields]) for row in (found[0], found[-1])) if found else ("", "")
    return Page(found, first if (more if before else cursor) else "", last if before or more else "")


class _Length(Subquery):
    """How long a list is, counted beside its page. It asks for nothing of the row, so the database counts once for the whole page."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) listed)"
    output_field = IntegerField()


def paged(request: HttpRequest, rows: QuerySet, keyset: Keyset, unit: str, size: int = PAGE) -> Paged:
    """The page that the address asks for and the length of its list, in one query. The count stops at COUNT_CAP: nobody reads further, and
    a county's list is long."""
    length = _Length(rows.order_by().values("pk")[: COUNT_CAP + 1])
    found = page_of(rows.annotate(list_length=length), keyset, after=request.GET.get(AFTER, ""), before=request.GET.get(BEFORE, ""), size=size)
    links = {"previous": _address(request, BEFORE, found.previous), "next": _address(request, AFTER, found.next)}
    return Paged(found.rows, links, _count_text(found.rows[0].list_length if found.rows else 0, unit))


def _count_text(count: int, unit: str) -> str:
    return f"{COUNT_CAP:,} {unit}以上" if count > COUNT_CAP else f"{count:,} {unit}"


def _address(request: HttpRequest, way: str, cursor: str) -> str:
    kept = {name: value for name, value in request.GET.items() if name not in (AFTER, BEFORE) and value}
    return "?" + urlencode(kept | {way: cursor}) if cursor else ""
