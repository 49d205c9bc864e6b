"""The one way a frozen table is written down: JSON in UTF-8, sorted keys, no blanks; a column as data (rulings 21 to 23). Pure.

Rates are numbers of six decimals at most, which Python writes in one way only."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from reports.catalog import Column, Source

FORMAT = 1


def text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def columns_text(columns: Iterable[Column]) -> str:
    return text_of([asdict(column) for column in columns])


def columns_from(text: str) -> tuple[Column, ...]:
    """The declarations as they were: today's catalogue is not asked."""
    return tuple(_column(row) for row in json.loads(text))


def _column(row: Mapping[str, Any]) -> Column:
    """A field that Column does not have any more is passed over; what it did to a figure shows in the bytes."""
    match, kept = row["match"], {field.name for field in fields(Column)}
    row = {name: value for name, value in row.items() if name in kept}
    return Column(**{**row, "source": Source(row["source"]), "match": tuple(match) if match else None})


def body_text(table: Any, round_code: str, area_code: str, area_name: str) -> str:
    """The canonical bytes of a table's cells. No time is in them, so the same figures are the same bytes."""
    codes = [column.code for column in table.columns]
    return text_of({
        "format": FORMAT, "level": table.level, "round": round_code, "area": area_code, "name": area_name,
        "columns": [[column.code, column.title, column.definition, column.unit] for column in table.columns],
        "rows": [[row.area, row.name, [row.values[code] for code in codes]] for row in table.rows],
        "total": [table.total.values[code] for code in codes],
    })  # fmt: skip


def differences(stored: str, made: str) -> list[str]:
    """Chinese lines: where two bodies differ, cell by cell."""
    if stored == made:
        return []
    try:
        return _cells(json.loads(stored), json.loads(made)) or ["行的次序不同。"]
    except (ValueError, KeyError, IndexError, TypeError):
        return ["存下的表已不成样子，不能逐格比对。"]


def _cells(one: dict[str, Any], two: dict[str, Any]) -> list[str]:
    found = [f"表头“{name}”不同。" for name in ("format", "level", "round", "area", "name") if one[name] != two[name]]
    if one["columns"] != two["columns"]:
        return [*found, "各栏的名称或口径不同。"]
    heads = [row[1] for row in one["columns"]]
    old, new = ({row[0]: row for row in body["rows"]} | {"": ["", "合计", body["total"]]} for body in (one, two))
    found += [f"少一行“{old[code][1]}”。" for code in old.keys() - new.keys()]
    found += [f"多一行“{new[code][1]}”。" for code in new.keys() - old.keys()]
    for code, (_, name, values) in old.items():
        if code in new:
            if name != new[code][1]:
                found.append(f"行“{name}”的名称变成“{new[code][1]}”。")
            pairs = zip(heads, values, new[code][2], strict=True)
            found += [f"行“{name}”栏“{head}”：定稿 {was}，重建 {now}。" for head, was, now in pairs if was != now]
    return found
