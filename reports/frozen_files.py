"""定稿 and the difference of two as workbooks, made while the reader waits: their figures are at hand and few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from django.utils import timezone

from core.scope import Scope
from households.models import Household
from reports.areas import LEVELS, table_scope
from reports.canonical import digest_of, text_of
from reports.comparing import Difference
from reports.exporting import new_serial
from reports.frozen import table_of
from reports.models import Snapshot
from reports.workbooks import write_official
from reports.workbooks.difference import write_difference
from reports.workbooks.guide import Stamp
from villages.models import Place


@dataclass(frozen=True, slots=True)
class Made:
    """A workbook and what the trail says of it."""

    name: str
    content: BytesIO
    serial: str
    place: Place
    said: Mapping[str, object]


def frozen_workbook(scope: Scope, snapshot: Snapshot) -> Made:
    table, stamp, content = table_of(snapshot), _stamp(scope, snapshot, snapshot), BytesIO()
    write_official(content, table, stamp)
    return _made(f"{snapshot.area_name}{table.title}_定稿{snapshot.serial}", content, snapshot, stamp, len(table.rows), table.digest, snapshot.serial)


def difference_workbook(scope: Scope, found: Difference) -> Made:
    ids = {pk for moved in found.moved.values() for pk in (*moved.entered, *moved.left)}
    rows = Household.objects.visible_to(table_scope(scope)).filter(pk__in=ids).select_related("village", "group")
    stamp, content = _stamp(scope, found.new), BytesIO()
    write_difference(content, found, {row.pk: row for row in rows}, stamp)
    name = f"{found.new.area_name}{LEVELS[found.new.level]}_定稿增减{found.old.serial}至{found.new.serial}"
    digest = digest_of(text_of([found.old.digest, found.new.digest]))
    return _made(name, content, found.new, stamp, len(found.columns), digest, f"{found.old.serial}, {found.new.serial}")


def _stamp(scope: Scope, snapshot: Snapshot, frozen: Snapshot | None = None) -> Stamp:
    now = timezone.now()
    return Stamp(snapshot.round, snapshot.place, now, scope.actor_label, new_serial(now), frozen=frozen)


def _made(name: str, content: BytesIO, snapshot: Snapshot, stamp: Stamp, rows: int, digest: str, named: str) -> Made:
    content.seek(0)
    said = {"table": snapshot.level, "round": snapshot.round.code, "area": snapshot.area_code, "rows": rows, "digest": digest, "snapshot": named}
    return Made(f"{name}_{stamp.serial}.xlsx", content, stamp.serial, snapshot.place, said)
