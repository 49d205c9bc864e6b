"""Checked rows on their way in: sealed whole, in short batches, gone when the run ends or expires (rulings 6, 11)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date

from assessment.importing.checking import Checked, FileContent, Progress, silent
from assessment.importing.sheet import SurveySheetRow
from assessment.importing.surveys import Doubts
from core.crypto import decrypt_many, encrypt
from households.importing.model import Fault, from_json, to_json
from households.importing.stored import BATCH, batches
from households.models import ImportProblem, ImportRun, StagedRow

HOUSEHOLD, SURVEY = "household", "survey"
MAX_LISTED = 20_000
_TABLE, _FIELD = StagedRow._meta.db_table, "content"


@dataclass
class Staged:
    """What was staged: the rows again, and what the check saw in the database (version or submitted form)."""

    content: FileContent = field(default_factory=FileContent)
    seen_versions: dict[str, int] = field(default_factory=dict)
    seen_forms: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, Doubts] = field(default_factory=dict)


def clear(run: ImportRun) -> None:
    """A restarted check starts from nothing."""
    StagedRow.objects.filter(run=run).delete()
    ImportProblem.objects.filter(run=run).delete()


def stage(run: ImportRun, checked: Checked, progress: Progress = silent) -> None:
    rows = [_household(run, difference) for difference in checked.differences]
    rows += [_survey(run, plan) for plan in checked.plans]
    done = 0
    for batch in batches(rows):
        StagedRow.objects.bulk_create(batch)
        done += len(batch)
        progress(done, len(rows), "加密暂存")


def _household(run: ImportRun, difference) -> StagedRow:
    return _row(
        run, HOUSEHOLD, difference.roster.code, {"version": difference.version, "data": to_json(difference.roster)}
    )


def _survey(run: ImportRun, plan) -> StagedRow:
    sheet = plan.sheet
    body = {
        "current": plan.current,
        "on": sheet.surveyed_on.isoformat(),
        "by": sheet.surveyor,
        "answers": sheet.answers,
    }
    return _row(run, SURVEY, sheet.code, body | {"row": sheet.row, "doubts": plan.doubts})


def _row(run: ImportRun, kind: str, code: str, body: dict) -> StagedRow:
    made = StagedRow(run=run, kind=kind, code=code)
    made.content_enc = encrypt(json.dumps(body, ensure_ascii=False), table=_TABLE, field=_FIELD, row=made.uuid)
    return made


def load(run: ImportRun) -> Staged:
    staged = Staged()
    for batch in batches(StagedRow.objects.filter(run=run).order_by("pk").iterator(BATCH)):
        opened = decrypt_many([(row.content_enc, row.uuid) for row in batch], _TABLE, _FIELD)
        for row, text in zip(batch, opened, strict=True):
            body = json.loads(text)
            if row.kind == HOUSEHOLD:
                staged.content.households.append(from_json(body["data"]))
                staged.seen_versions[row.code] = body["version"]
            else:
                day = date.fromisoformat(body["on"])
                staged.content.surveys.append(SurveySheetRow(row.code, day, body["by"], body["answers"], body["row"]))
                staged.seen_forms[row.code] = body["current"]
                staged.doubts[row.code] = tuple((code, message) for code, message in body["doubts"])
    return staged


def list_faults(run: ImportRun, faults: list[Fault]) -> None:
    """Errors first, so that a cap on an absurd file never hides one behind a warning."""
    ordered = sorted(faults, key=lambda fault: fault.severity)[:MAX_LISTED]
    rows = (
        ImportProblem(
            run=run, severity=one.severity, sheet=one.sheet[:64], row=one.row, column=one.column[:64], value=one.value[:64],
            reason=one.reason[:200], remedy=one.remedy[:200],
        )
        for one in ordered
    )  # fmt: skip
    for batch in batches(rows):
        ImportProblem.objects.bulk_create(batch)
