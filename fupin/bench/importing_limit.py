"""The least that imports a workbook: calamine, the same checks of the rows, sealing, blind indexes, the same tables by COPY or prepared
batches, a row of the feed for each household and form, one audit row (ruling 25). It asks nothing of what is stored, stages nothing, keeps no
way back, and holds everything in memory at once."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from django.utils import timezone
from python_calamine import CalamineWorkbook

from assessment.importing import sheet as survey_sheet
from assessment.models import Case, Score, Survey, SurveyStatus
from assessment.scoring import fast_scorer
from core import bulk
from core.actions import Act, Origin, flush
from core.crypto import encrypt
from core.models import Change
from core.sheets import HeaderSpec, Row
from core.sheets.headers import match_headers
from core.sheets.reader import table_rows
from fupin.bench.scratch import Scratch, load
from households.importing import layout
from households.importing.grouping import build_households, group_key
from households.importing.model import Faults, RosterHousehold
from households.importing.places import known_villages
from households.importing.rows import RowReader
from households.models import Household, HouseholdVersion, Membership, Person, Residence
from households.names import initials
from households.secrets import id_index, id_last4_index

_PLACE = ("county", "township", "village", "group")
_FACTS = ("attribute", "exit_status", "cause", "dangerous_house", "water_safe", "water_difficult", "net_income_per_head")
_LIVES = ("relation", "education", "schooling", "health", "skill", "work_place", "work_months", "serious_illness_insured")
_HOUSEHOLD = ("id", "uuid", "code", *_PLACE, *_FACTS, "head_name", "head_pinyin", "persons", "version", "registered_on", "created_at", "updated_at", "phone_enc")
_PERSON = ("id", "uuid", "county", "name", "pinyin", "birth", "sex", "ethnicity", "id_index", "id_last4_index", "id_enc")
_MEMBER = ("id", "uuid", "household", "person", *_PLACE[:3], "code", "since", "joining_reason", *_LIVES, "phone_enc")
_VERSION = ("uuid", "household", "version", "at", "facts_enc")
_SURVEY = (
    "id", "uuid", "round", "household", *_PLACE, "persons", "attribute", "cause", "answers", "look_points", "score", "status", "surveyed_on",
    "surveyor_name", "imported", "household_version", "created_at", "saved_at", "submitted_at",
)  # fmt: skip
_SCORE = ("id", "survey", "points", "look_points", "tier", "rubric", "rubric_digest", "at")
_CASE = ("uuid", "round", "household", "survey", *_PLACE, "stage", "opened_at", "stage_since")
_SINCE = date(2016, 1, 1)


def least(path: Path, made: Scratch) -> None:
    """Into the current transaction."""
    book, today = CalamineWorkbook.from_path(str(path)), timezone.localdate()
    villages = known_villages(made.scope, made.county.pk)
    faults = Faults(layout.SHEET)
    homes = build_households(map(RowReader(faults, today).read, _rows(book, layout.SHEET, layout.ROSTER)), villages, faults)
    reader = survey_sheet.SheetReader(made.rubric, faults, today)
    forms = [row for row in map(reader.read, _rows(book, survey_sheet.SHEET, survey_sheet.layout(made.rubric))) if row is not None]
    if faults.errors:
        raise AssertionError(faults.items[0])
    act = Act(made.scope, "bench", Origin())
    stored = _households(list(homes), villages, act)
    _forms(forms, stored, made, act)
    act.audit("import", "bench", place=made.county, count=len(stored))
    flush(act)


def _rows(book: CalamineWorkbook, title: str, spec: HeaderSpec) -> Iterator[Row]:
    rows = book.get_sheet_by_name(title).to_python()
    match = match_headers(title, rows[:5], spec)
    return table_rows(title, ([None if cell == "" else cell for cell in row] for row in rows[1:]), match.places)


def _households(homes: list[RosterHousehold], villages: dict, act: Act) -> dict[str, tuple]:
    """All rows of the register; {code: (pk, place, persons, attribute, cause)}."""
    now, stored = datetime.now(UTC), {}
    people = Person._meta.db_table, Membership._meta.db_table
    households, persons, members, versions, residences = [], [], [], [], []
    count = sum(len(one.members) for one in homes)
    keys = zip(bulk.ids(Person, count), bulk.ids(Membership, count), strict=True)
    for pk, one in zip(bulk.ids(Household, len(homes)), homes, strict=True):
        known, head, uuid = villages[one.village_code], one.head, uuid4()
        place = (known.county_id, known.township_id, known.id, known.groups[group_key(one.group)][0])
        stored[one.code] = (pk, place, len(one.members), one.facts["attribute"], one.facts["cause"])
        facts = tuple(one.facts[name] for name in _FACTS)
        phone = encrypt(one.phone, table=Household._meta.db_table, field="phone", row=uuid)
        names = (head.name, initials(head.name), len(one.members), 1)
        households.append((pk, uuid, one.code, *place, *facts, *names, _SINCE, now, now, phone))
        for member in one.members:
            (person, row), person_uuid, row_uuid = next(keys), uuid4(), uuid4()
            index = (id_index(member.identity), id_last4_index(member.identity, known.township_code))
            number = encrypt(member.identity, table=people[0], field="id", row=person_uuid)
            own = (member.name, initials(member.name), member.birth, member.sex, member.ethnicity)
            persons.append((person, person_uuid, known.county_id, *own, *index, number))
            phone = encrypt(member.phone, table=people[1], field="phone", row=row_uuid) if member.phone else ""
            lives = tuple(getattr(member, name) for name in _LIVES)
            members.append((row, row_uuid, pk, person, *place[:3], member.code, max(_SINCE, member.birth), "roster", *lives, phone))
        version = uuid4()
        document = {"household": one.facts | {"code": one.code}, "members": [vars(member) for member in one.members]}
        text = json.dumps(document, ensure_ascii=False, sort_keys=True, default=str)
        versions.append((version, pk, 1, now, encrypt(text, table=HouseholdVersion._meta.db_table, field="facts", row=version)))
        residences.append((pk, *place, _SINCE))
        act.changes.append(Change(kind="household", code=one.code, op="upsert", county_id=place[0], township_id=place[1], village_id=place[2]))
    load(Household, _HOUSEHOLD, households)
    load(Person, _PERSON, persons)
    load(Membership, _MEMBER, members)
    load(HouseholdVersion, _VERSION, versions)
    load(Residence, ("household", *_PLACE, "since"), residences)
    return stored


def _forms(forms: Iterable[survey_sheet.SurveySheetRow], stored: dict[str, tuple], made: Scratch, act: Act) -> None:
    now, scorer, version = datetime.now(UTC), fast_scorer(made.rubric), made.round.rubric
    surveys, scores, cases, forms = [], [], [], list(forms)
    keys = zip(bulk.ids(Survey, len(forms)), bulk.ids(Score, len(forms)), strict=True)
    for (pk, score), form in zip(keys, forms, strict=True):
        home, place, *facts = stored[form.code]
        points, looks, tier = scorer(form.answers)
        look_points = ",".join(map(str, looks))
        own = (form.answers, look_points, score, SurveyStatus.SUBMITTED, form.surveyed_on, form.surveyor, True, 1, now, now, now)
        surveys.append((pk, uuid4(), made.round.pk, home, *place, *facts, *own))
        scores.append((score, pk, points, look_points, tier.code, version.pk, version.digest, now))
        cases.append((uuid4(), made.round.pk, home, pk, *place, "zp", now, now))
        act.feed("survey", f"{form.code}@{made.round.code}", place=made.county)
    load(Survey, _SURVEY, surveys)
    load(Score, _SCORE, scores)
    load(Case, _CASE, cases)
