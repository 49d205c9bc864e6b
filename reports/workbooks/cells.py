"""From a row's material to a cell: small functions that declarations are made of. A word stands for its code, 是 or 否 for a yes or no."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from households.codes import CodeList
from households.fields import Field, Kind, codes_in
from reports.workbooks.model import Column, Line

Cell = Callable[[Line], object]
Source = Callable[[Line], dict[str, Any]]
_SAID = {True: "是", False: "否", None: ""}
_KINDS = {Kind.NUMBER: "integer", Kind.YEAR: "integer", Kind.DECIMAL: "number", Kind.YUAN: "number", Kind.DATE: "date", Kind.CARD: "code", Kind.PHONE: "code"}


def at_home(line: Line) -> dict[str, Any]:
    return line.home


def at_member(line: Line) -> dict[str, Any]:
    return line.member


def of_home(name: str) -> Cell:
    return lambda line: line.home[name]


def of_member(name: str) -> Cell:
    return lambda line: line.member[name]


def of_head(name: str) -> Cell:
    """Of the head; nothing where the head is not yet named."""
    return lambda line: line.head.get(name, "")


def label(codes: CodeList, code: str) -> str:
    """The word of a code; "" for none and for one that is not on the list any more."""
    return codes.items.get(code, "")


def coded(name: str, codes: CodeList, source: Source = at_member) -> Cell:
    words = dict(codes.items)
    return lambda line: words.get(source(line)[name], "")


def yes_no(name: str, source: Source = at_member) -> Cell:
    return lambda line: _SAID[source(line)[name]]


def declared(field: Field, source: Source) -> Cell:
    """The cell of a declared field in the words that our own import reads back."""
    get = itemgetter(field.name)
    if field.kind == Kind.YES_NO:
        return yes_no(field.name, source)
    if field.kind == Kind.CHOICE:
        return coded(field.name, field.codes, source)
    if field.kind == Kind.CHOICES:
        words = field.codes.items
        return lambda line: "、".join(words.get(code, code) for code in codes_in(get(source(line))))
    return lambda line: get(source(line))


def field_column(title: str, field: Field, source: Source, width: float = 12) -> Column:
    """The column of a declared field under the title of a national layout."""
    told = "；".join(part for part in (field.help.rstrip("。"), f"国家指标代码 {field.national}" if field.national else "") if part)
    meaning = told or ("是或否" if field.kind == Kind.YES_NO else field.label)
    return Column(field.name, title, meaning, declared(field, source), _KINDS.get(field.kind, "text"), width, field.unit, field.seen_by)
