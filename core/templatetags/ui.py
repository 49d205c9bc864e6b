"""Formatting and small drawings for templates. Knows numbers, dates and shapes; no word of the domain."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import segno
from django import template
from django.forms import BoundField, RadioSelect
from django.utils import timezone

register = template.Library()

NOT_COMPUTABLE = "不可算"
ICONS = {
    "home": "M4 11l8-6 8 6v8a1 1 0 0 1-1 1h-5v-6h-4v6H5a1 1 0 0 1-1-1z",
    "people": "M9 11.200a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM3 20c.4-4 2.700-6 6-6s5.600 2 6 6M16 5.300a3 3 0 0 1 0 5.600M17.500 14.300c2 .7 3.200 2.600 3.500 5.700",
    "list": "M5 4h14v16H5zM9 9h6M9 13h6M9 17h3",
    "table": "M4 5h16v14H4zM4 10h16M4 14.500h16M10 10v9",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "upload": "M12 20V9M7 13l5-5 5 5M5 4h14",
    "print": "M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z",
    "warn": "M12 4l9 16H3zM12 10v4.500M12 17.300v.2",
    "ok": "M5 12.500l4.500 4.500L19 7.500",
    "search": "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20",
    "plus": "M12 5v14M5 12h14",
    "place": "M12 21c4-5 6.500-8.500 6.500-11.500a6.500 6.500 0 0 0-13 0C5.500 12.500 8 16 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
    "notice": "M4 10v4l11 5V5zM15 9c2 0 3.500 1.300 3.500 3S17 15 15 15M7 15.500V20h3v-3.300",
    "gear": "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.200 2.200M16.200 16.200l2.200 2.200M18.400 5.600l-2.200 2.200M7.800 16.200l-2.200 2.200",
    "clock": "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 8v4.500l3 2",
}


@register.filter
def num(value: Any) -> str:
    """1347 → 1,347; None → 不可算; decimals keep at most two places."""
    if value is None or value == "":
        return NOT_COMPUTABLE
    if isinstance(value, float | Decimal):
        text = f"{value:,.2f}".rstrip("0").rstrip(".")
        return text or "0"
    return f"{value:,}"


@register.filter
def pct(value: Any) -> str:
    """0.108 → 10.8 (the unit stands in the header); None → 不可算."""
    return NOT_COMPUTABLE if value is None or value == "" else f"{float(value) * 100:.1f}"


@register.filter
def yuan(value: Any) -> str:
    return "—" if value is None or value == "" else f"{num(value)} 元"


@register.filter
def cn_date(value: date | datetime | None) -> str:
    """2016年3月5日; a moment is told in local time."""
    if not value:
        return "—"
    day = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def cn_datetime(value: datetime | None) -> str:
    """2016年3月5日 14:05."""
    if not value:
        return "—"
    moment = timezone.localtime(value)
    return f"{cn_date(value)} {moment:%H:%M}"


@register.filter
def waited(since: datetime | None) -> str:
    """How long something has waited, as the work lists count it: 今天, 65 天."""
    if not since:
        return "—"
    days = (timezone.localdate() - timezone.localdate(since)).days
    return f"{days} 天" if days > 0 else "今天"


@register.filter
def dash(value: Any) -> Any:
    return "—" if value in (None, "") else value


@register.filter
def yes_no(value: bool | None) -> str:
    return {True: "是", False: "否"}.get(value, "未填")


@register.filter
def get(mapping: Mapping[str, Any], key: Any) -> Any:
    """mapping[key], for a key that is a variable."""
    return mapping.get(key, "") if mapping else ""


@register.simple_tag(takes_context=True)
def querystring_with(context: Mapping[str, Any], **changes: Any) -> str:
    """The page's own query with some values set; an empty value takes the key out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            query.pop(key, None)
        else:
            query[key] = value
    return "?" + query.urlencode()


@register.inclusion_tag("components/_icon.html")
def icon(name: str, label: str = "") -> dict[str, str]:
    """An inline line icon; without a label it is decoration."""
    return {"path": ICONS.get(name, ""), "label": label}


@register.inclusion_tag("components/_qr.html")
def qr(address: str, label: str) -> dict[str, Any]:
    """The address as a square to photograph, drawn here (level M: a fold or a stain may hide 15 %). The quiet rim is four dots."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(border=4)]
    dots = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dot in enumerate(row) if dot)
    return {"dots": dots, "size": len(rows), "label": label}


@register.inclusion_tag("components/_tag.html")
def tag_label(label: str, kind: str, suffix: str, extra: str = "") -> dict[str, str]:
    """A label with its colour: `{% tag_label "低保贫困户" "tier" "dibao" %}`; never colour alone."""
    return {"label": label, "kind": kind, "suffix": suffix.lower(), "extra": extra}


@register.inclusion_tag("components/_bar.html")
def bar(value: Any, most: Any, label: str = "") -> dict[str, Any]:
    """A flat bar of `value` out of `most`, drawn by SVG attributes (the page's policy forbids inline style)."""
    width = 0 if not most else max(0, min(100, round(float(value or 0) * 100 / float(most), 1)))
    return {"width": width, "value": value, "most": most, "label": label}


@register.inclusion_tag("components/_hbars.html")
def hbars(rows: Iterable[Mapping[str, Any]], title: str, unit: str = "户") -> dict[str, Any]:
    """Horizontal bars with their words and numbers beside them. A row: label, value; suffix (colour), url, note if any.

    One small drawing a row, the words outside it: one wide drawing would shrink its words below reading size on a phone.
    """
    items = [dict(row) for row in rows]
    most = max([float(row["value"] or 0) for row in items] or [1]) or 1
    for row in items:
        row["width"] = round(float(row["value"] or 0) / most * 100, 1)
    return {"rows": items, "title": title, "unit": unit}


@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """One form field with label, help, error and the ARIA that ties them together."""
    widget = bound.field.widget
    if isinstance(widget, RadioSelect):  # and its child, the group of check boxes: a fieldset with a label each
        return {"bound": bound, "many": True}
    kind = getattr(widget, "input_type", "select" if hasattr(widget, "choices") else "text")
    base = {"checkbox": "form-check-input", "select": "form-select"}.get(kind, "form-control")
    own = widget.attrs.get("class", "")
    # Django itself points aria-describedby at `<id>_helptext` and `<id>_error`; the template gives those ids.
    attrs = {"class": " ".join(filter(None, (base, own, "is-invalid" if bound.errors else "", css)))}
    return {"bound": bound, "kind": kind, "input": bound.as_widget(attrs=attrs)}
