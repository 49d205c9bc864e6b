"""Values as they stand on paper: Chinese words, dates, figures with thousands separators; "" where nothing is known."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from households.fields import Field, Kind, Section
from households.secrets import reveal
from villages.models import Village, VillagerGroup

UNGROUPED = "未分组"
MOST_OPTIONS, LONGEST_OPTIONS = 14, 96
WIDE = 34
"""Characters that still look well in a third of the page; more takes the whole row."""
Option = tuple[bool, str]


def day(value: date | None) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def number(value: Decimal | int | None) -> str:
    """1234.50 → 1,234.5."""
    if value is None:
        return ""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def yes_no(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, "")


def place_of(village: Village, group: VillagerGroup | None) -> str:
    return f"{village.county.name} {village.township.name} {village.short_name} {group.name if group else ''}".rstrip()


def where(village: Village, group: str) -> dict[str, str]:
    """A place in parts, for the head of a form; `committee` as it stands on its seal (a 社区 has a 居民委员会)."""
    name = village.name
    return {
        "county": village.county.name, "township": village.township.name, "village": village.short_name, "group": group,
        "committee": name if name.endswith("委员会") else f"{name}村民委员会",
    }  # fmt: skip


def value_of(field: Field, row: object) -> object:
    """The stored value of a declared field; sealed ones are opened, so the caller has asked for the field class."""
    if not field.sealed:
        return getattr(row, field.name)
    text = reveal(row, field.name)
    return Decimal(text) if text and field.kind in (Kind.YUAN, Kind.DECIMAL) else text


def told(field: Field, value: object) -> str:
    """A value in words with its unit; "" for nothing on file. An empty list is an answer: none of them."""
    if value is None or value == "":
        return ""
    if field.kind == Kind.CHOICES:
        chosen = _codes(value)
        return "、".join(field.codes.items.get(code, code) for code in chosen) or "没有"
    if field.kind == Kind.CHOICE:
        return field.codes.items.get(value, str(value))
    if field.kind == Kind.YES_NO:
        return yes_no(value)
    if field.kind == Kind.DATE:
        return day(value)
    if field.kind in (Kind.NUMBER, Kind.DECIMAL, Kind.YUAN):
        return f"{number(value)} {field.unit}".rstrip()
    return f"{value}年" if field.kind == Kind.YEAR else str(value)


def boxes(field: Field) -> list[Option]:
    """Options to tick by hand on a blank form; [] where a line to write on is better."""
    if field.kind == Kind.YES_NO:
        return [(False, "是"), (False, "否")]
    labels = list(field.codes.items.values()) if field.codes else []
    fits = labels and len(labels) <= MOST_OPTIONS and sum(map(len, labels)) <= LONGEST_OPTIONS
    return [(False, label) for label in labels] if fits else []


def section_of(section: Section, row: object | None) -> dict[str, object]:
    """A section of a form: every field with its value; without a row with boxes to tick or an empty place."""
    lines = [_blank_line(field) if row is None else _line(field, told(field, value_of(field, row))) for field in section.fields]
    return {"title": section.title, "lines": lines}


def _line(field: Field, text: str) -> dict[str, object]:
    return {"label": field.label, "text": text, "boxes": [], "wide": field.kind == Kind.LONG or len(text) > WIDE}


def _blank_line(field: Field) -> dict[str, object]:
    options = boxes(field)
    wide = field.kind == Kind.LONG or sum(len(label) + 2 for _, label in options) > WIDE
    return {"label": field.caption, "text": "", "boxes": options, "wide": wide}


def _codes(value: object) -> Iterable[str]:
    return [code for code in value.split(",") if code] if isinstance(value, str) else value
