"""Frozen tables read again: the list of an area, one of them as a table, the households behind its cells, and the proof that nothing of
it moved (rulings 21 to 23)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from core.crypto import check_seal_mac
from core.errors import NotFound
from core.scope import Scope
from households.models import Household
from reports.areas import table_scope
from reports.canonical import body_text, columns_from, differences, digest_of, text_of
from reports.catalog import Column
from reports.cells import behind_column, require_sight
from reports.models import Snapshot, SnapshotPart
from reports.tables import Line, Part, Table, assemble

HEAVY = ("columns", "lines", "body", "list_seals")


def snapshots(scope: Scope) -> QuerySet[Snapshot]:
    """Frozen tables that the caller may open, the newest first, without their contents."""
    return Snapshot.objects.visible_to(table_scope(scope)).defer(*HEAVY).select_related("round")


def snapshots_of(scope: Scope, table: Table) -> QuerySet[Snapshot]:
    """Those of the table's area and round."""
    return snapshots(scope).filter(round=table.round, level=table.level, area_code=table.area.code)


@dataclass(frozen=True, slots=True)
class Earlier:
    """The figures of a 定稿 to be held against a table: (row, column code) → value."""

    snapshot: Snapshot
    values: Mapping[tuple[str, str], int | float | None]

    def change(self, area: str, code: str, now: int | float | None) -> int | float | None:
        """None where it did not move, or where one of the two is unknown."""
        was = self.values.get((area, code))
        return None if was is None or now is None or was == now else round(now - was, 6)


def last_before(scope: Scope, table: Table) -> Earlier | None:
    """The table's last 定稿, before the one that is shown; one query, since its body has every cell."""
    rows = Snapshot.objects.visible_to(table_scope(scope)).filter(round=table.round, level=table.level, area_code=table.area.code)
    if table.frozen:
        rows = rows.filter(pk__lt=table.frozen.pk)
    snapshot = rows.only("serial", "at", "body").order_by("-pk").first()
    if snapshot is None:
        return None
    body = json.loads(snapshot.body)
    codes = [column[0] for column in body["columns"]]
    lines = [*((area, values) for area, _, values in body["rows"]), (table.area.code, body["total"])]
    return Earlier(snapshot, {(area, code): value for area, values in lines for code, value in zip(codes, values, strict=True)})


def open_snapshot(scope: Scope, name: str) -> Snapshot:
    """By its number, or by its uuid; NotFound outside the caller's areas."""
    rows = Snapshot.objects.visible_to(table_scope(scope)).select_related("round__rubric", "round__county", "county", "township", "village")
    row = rows.filter(**by_name(name)).first()
    if row is None:
        raise NotFound
    return row


def by_name(name: str) -> dict[str, Any]:
    try:
        return {"uuid": UUID(name)}
    except ValueError:
        return {"serial": name}


def table_of(snapshot: Snapshot) -> Table:
    """The table of then, made again from the figures of its groups by the columns of then."""
    columns = columns_from(snapshot.columns)
    figures: dict[str, list[Part]] = {}
    for line, text in snapshot.parts.order_by("position").values_list("line", "figures"):
        figures.setdefault(line, []).append(Part(0, None, json.loads(text)))
    lines = [Line(code, name, tuple(figures.get(code, ()))) for code, name in json.loads(snapshot.lines)]
    return assemble(snapshot.level, snapshot.round, snapshot.place, columns, lines, as_of=snapshot.at, frozen=snapshot)


def made_again(snapshot: Snapshot) -> str:
    """The body that the frozen figures give today."""
    return body_text(table_of(snapshot), snapshot.round.code, snapshot.area_code, snapshot.area_name)


def faults_of(snapshot: Snapshot) -> list[str]:
    """Chinese lines: why the snapshot is not what was frozen; empty when it is whole. Values of households are never named."""
    found = differences(snapshot.body, made_again(snapshot))
    if digest_of(snapshot.body) != snapshot.digest:
        found.append("存下的表与它的校验码不符。")
    parts = list(snapshot.parts.order_by("position"))
    found += [f"{part.village_code} {part.group_code or '未分组'}：数字或明细与定稿时不符。" for part in parts if part_digest(part) != part.digest]
    if not check_seal_mac(snapshot.mac, sealed_text(snapshot, (part.digest for part in parts)).encode()):
        found.append("定稿的锁定校验码不符：批次、时间、人员、名单或分组清单被改动过。")
    return found


def part_digest(part: SnapshotPart) -> str:
    return digest_of(text_of([part.position, part.line, part.village_code, part.group_code, part.figures, part.behind]))


def sealed_text(snapshot: Snapshot, parts: Iterable[str]) -> str:
    """What the snapshot's MAC is over: all of it, and the digest of each part."""
    names = (
        "format", "serial", "level", "area_code", "area_name", "rubric_digest", "catalog_version", "audit_seq", "feed_seq", "list_seals",
        "digest", "table_digest", "previous", "by_name",
    )  # fmt: skip
    document = {name: getattr(snapshot, name) for name in names} | {
        "uuid": str(snapshot.uuid), "round": snapshot.round.code, "by": snapshot.by_id, "at": snapshot.at.timestamp(),
        "columns": digest_of(snapshot.columns), "lines": digest_of(snapshot.lines), "parts": list(parts),
    }  # fmt: skip
    return text_of(document)


# --- the households behind a frozen cell ------------------------------------------------------------------------


def frozen_ids(snapshot: Snapshot, column: Column, line: str = "") -> list[int]:
    """Households that the column counted then, in one row or in the sum."""
    parts = snapshot.parts.order_by("position").filter(**({"line": line} if line and line != snapshot.area_code else {}))
    ids: set[int] = set()
    for text in parts.values_list("behind", flat=True):
        ids.update(json.loads(text).get(column.predicate, ()))
    return sorted(ids)


def frozen_column(snapshot: Snapshot, code: str) -> Column:
    return behind_column(columns_from(snapshot.columns), code)


def frozen_households(snapshot: Snapshot, line: str, code: str, scope: Scope) -> QuerySet[Household]:
    """The households of then, as far as the caller may open them today: one that has moved away since is its new village's."""
    if line != snapshot.area_code and line not in line_names(snapshot):
        raise NotFound
    column = frozen_column(snapshot, code)
    require_sight(column, snapshot.place, scope)
    return Household.objects.visible_to(table_scope(scope)).filter(pk__in=frozen_ids(snapshot, column, line))


def line_names(snapshot: Snapshot) -> Mapping[str, str]:
    return dict(json.loads(snapshot.lines))
