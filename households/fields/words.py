"""A stored value of a declared field in words, and whether it was asked at all. Pure."""

from datetime import date
from decimal import Decimal

from households.fields.model import Field, Kind

AS_TEXT = frozenset({"health", "other_causes"})
"""Older columns that keep several codes as one text, joined with commas; "" = not asked."""


def is_filled(value: object) -> bool:
    """An empty list is an answer (none of them), None and "" are not."""
    return value is not None and value != ""


def codes_in(value: object) -> list[str]:
    """Codes of a CHOICES column in either of its stored shapes."""
    return [code for code in value.split(",") if code] if isinstance(value, str) else list(value or ())


def said(field: Field, value: object) -> str:
    """The value as a page says it, with its unit; "" where nothing was asked. Masking is the caller's."""
    if not is_filled(value):
        return ""
    if field.kind == Kind.YES_NO:
        return "是" if value else "否"
    if field.codes is not None:
        codes = codes_in(value) if field.kind == Kind.CHOICES else [str(value)]
        return "、".join(field.codes.items.get(code, code) for code in codes) or "都没有"
    if field.kind == Kind.YEAR:
        return f"{value}年"
    if field.kind == Kind.DATE:
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return f"{day.year}年{day.month}月{day.day}日"
    if field.kind in (Kind.NUMBER, Kind.DECIMAL, Kind.YUAN):
        return f"{_plain(value)} {field.unit}".rstrip()
    return str(value)


def _plain(value: object) -> str:
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
