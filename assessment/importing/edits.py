"""An edited export on its way through the two stages of an import: compared cell by cell, staged sealed, confirmed, written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.utils import timezone

from accounts.roles import IMPORT_RUN
from assessment.importing.checking import Progress
from assessment.importing.service import open_round
from assessment.selectors_imports import TOWNSHIPS
from core.actions import Origin
from core.crypto import decrypt_many, encrypt
from core.scope import Scope
from core.sheets import Column, FileFacts, HeaderSpec
from households.actions.roundtrip import commit_edits
from households.importing.stored import BATCH, batches
from households.models import ImportRun, StagedRow
from households.roundtrip import layout
from households.roundtrip.checking import EditCheck, check_edits
from households.roundtrip.edits import HouseholdEdit, from_text, to_text
from households.roundtrip.reading import edited_sheets
from villages.models import Township

KIND = "edit"
_TABLE, _FIELD = StagedRow._meta.db_table, "content"


def is_edit(run: ImportRun) -> bool:
    return run.counts.get("kind") == KIND


def is_edited_file(path: str, facts: FileFacts) -> bool:
    return bool(edited_sheets(Path(path), facts))


def known_columns() -> list[HeaderSpec]:
    """The headings of both sheets, for marking: a fault names a column by its caption, the file perhaps by its bare label."""
    return [
        HeaderSpec(tuple(Column(one.name, tuple(dict.fromkeys((one.caption, one.label)))) for one in sheet.fields))
        for sheet in layout.LAYOUTS
    ]


def check(run: ImportRun, scope: Scope, facts: FileFacts, progress: Progress) -> EditCheck:
    """Compare and stage. Faults are the caller's to list."""
    round_ = open_round(scope, run.round_code)
    found = check_edits(
        Path(run.file_path), facts, scope.narrowed_to(IMPORT_RUN), round_.county_id, timezone.localdate(), progress
    )
    if not found.errors:
        _stage(run, [edit for edit in found.edits.values() if edit.cells], progress)
    return found


def found_by(compared: EditCheck, facts: FileFacts) -> dict[str, object]:
    """What the run's page and the list of imports say of the file."""
    codes = dict(Township.objects.filter(pk__in=compared.townships).values_list("pk", "code"))
    townships = {codes[pk]: households for pk, households in compared.townships.items()}
    return compared.counts() | {"kind": KIND, "file": {"encoding": facts.encoding}, TOWNSHIPS: townships}


def _stage(run: ImportRun, edits: list[HouseholdEdit], progress: Progress) -> None:
    done = 0
    for batch in batches(edits):
        rows = [StagedRow(run=run, kind=KIND, code=edit.code) for edit in batch]
        for row, edit in zip(rows, batch, strict=True):
            row.content_enc = encrypt(to_text(edit), table=_TABLE, field=_FIELD, row=row.uuid)
        StagedRow.objects.bulk_create(rows)
        done += len(batch)
        progress(done, len(edits), "加密暂存")


def staged(run: ImportRun) -> list[HouseholdEdit]:
    found = []
    for batch in batches(StagedRow.objects.filter(run=run, kind=KIND).order_by("pk").iterator(BATCH)):
        found += [
            from_text(text) for text in decrypt_many([(row.content_enc, row.uuid) for row in batch], _TABLE, _FIELD)
        ]
    return found


def commit(
    run: ImportRun,
    scope: Scope,
    *,
    whole: bool,
    before: Callable[[int], None],
    final: Callable[[dict], Callable[[], None]],
) -> dict:
    """Write what was staged. `whole`: a household with a conflict is left out altogether. `before` is told how many households there are
    before the one transaction, `final` makes of the counts what runs as its last step."""
    round_ = open_round(scope, run.round_code)
    edits = staged(run)
    taken = [edit for edit in edits if not (whole and edit.conflict)]
    counts = run.counts | {
        "written": {"households": len(taken), "cells": sum(edit.cells for edit in taken)},
        "left_out": len(edits) - len(taken),
    }
    before(len(taken))
    narrowed = scope.narrowed_to(IMPORT_RUN)
    commit_edits(
        scope=scope, narrowed=narrowed, county=round_.county, run_code=str(run.uuid), edits=taken, counts=counts["written"], final=final(counts), origin=Origin(),
    )  # fmt: skip
    return counts
