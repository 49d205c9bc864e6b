"""Checked rows on their way in: sealed whole, in short batches, gone when the run ends or expires (rulings 6, 11)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assessment.importing.checking import FileContent, Part
from assessment.importing.sheet import SurveySheetRow
from assessment.importing.surveys import SurveyPlan
from core import bulk
from core.crypto import decrypt_many, encrypt
from households.importing.compare import CHANGED, Difference
from households.importing.model import Fault, from_json, to_json
from households.importing.packed import Packed
from households.importing.stored import BATCH, batches
from households.importing.told import changes_of, people_of
from households.models import ImportProblem, ImportRun, StagedRow

HOUSEHOLD, SURVEY = "household", "survey"
MAX_LISTED = 20_000
_TABLE, _FIELD = StagedRow._meta.db_table, "content"


@dataclass
class Staged:
    """What was staged: the rows again, and what the check saw in the database (version or submitted form)."""

    content: FileContent = field(default_factory=lambda: FileContent(Packed(), Packed()))
    seen_versions: dict[str, int] = field(default_factory=dict)
    seen_forms: dict[str, int] = field(default_factory=dict)


def clear(run: ImportRun) -> None:
    """A restarted check starts from nothing."""
    StagedRow.objects.filter(run=run).delete()
    ImportProblem.objects.filter(run=run).delete()


class Stager:
    """What the check compared, sealed batch by batch while it goes on: a county's rows at once would be a hundred megabytes of ciphertext."""

    note = "加密暂存"

    def __init__(self, run: ImportRun) -> None:
        self.run = run

    def households(self, part: Part) -> None:
        bulk.insert(StagedRow, [_household(self.run, one, part) for one in part.differences])

    def surveys(self, plans: list[SurveyPlan]) -> None:
        bulk.insert(StagedRow, [_survey(self.run, plan) for plan in plans])


def _household(run: ImportRun, difference: Difference, part: Part) -> StagedRow:
    roster = difference.roster
    body = {"version": difference.version, "data": to_json(roster), "head": difference.head_name, "persons": difference.persons}
    if difference.op == CHANGED:
        body |= people_of(difference) | {"changes": changes_of(difference, part.phones)}
    return _row(run, HOUSEHOLD, roster.code, difference.op, body)


def _survey(run: ImportRun, plan: SurveyPlan) -> StagedRow:
    sheet = plan.sheet
    body = {
        "current": plan.current,
        "on": sheet.surveyed_on.isoformat(),
        "by": sheet.surveyor,
        "answers": sheet.answers,
    }
    return _row(run, SURVEY, sheet.code, plan.op, body | {"row": sheet.row})


def _row(run: ImportRun, kind: str, code: str, op: str, body: dict) -> StagedRow:
    made = StagedRow(run=run, kind=kind, code=code, op=op)
    made.content_enc = encrypt(json.dumps(body, ensure_ascii=False, default=str), table=_TABLE, field=_FIELD, row=made.uuid)
    return made


def opened(rows: Sequence[StagedRow]) -> list[dict]:
    """The bodies of staged rows, of which the caller has judged who may read them."""
    return [json.loads(text) for text in decrypt_many([(row.content_enc, row.uuid) for row in rows], _TABLE, _FIELD)]


def load(run: ImportRun, without: Collection[str] = ()) -> Staged:
    """`without`: codes of households that are left out."""
    staged = Staged()
    for batch in batches(StagedRow.objects.filter(run=run).order_by("pk").iterator(BATCH)):
        for row, body in zip(batch, opened(batch), strict=True):
            if row.code in without:
                continue
            if row.kind == HOUSEHOLD:
                staged.content.households.append(from_json(body["data"]))
                staged.seen_versions[row.code] = body["version"]
            else:
                day = date.fromisoformat(body["on"])
                staged.content.surveys.append(SurveySheetRow(row.code, day, body["by"], body["answers"], body["row"]))
                staged.seen_forms[row.code] = body["current"]
    return staged


def listed_first(faults: Iterable[Fault]) -> list[Fault]:
    """Errors first, so that a cap on an absurd file never hides one behind a warning; kept in the order in which they are read."""
    return sorted(faults, key=lambda fault: (fault.severity, fault.sheet, fault.row or 0))[:MAX_LISTED]


def list_faults(run: ImportRun, faults: list[Fault]) -> None:
    ordered = listed_first(faults)
    rows = (
        ImportProblem(
            run=run, severity=one.severity, sheet=one.sheet[:64], row=one.row, column=one.column[:64], value=one.value[:64],
            reason=one.reason[:200], remedy=one.remedy[:200],
        )
        for one in ordered
    )  # fmt: skip
    for batch in batches(rows):
        bulk.insert(ImportProblem, batch)
