"""From rows to the document that is sealed: household, form, score and decision, secrets in the clear inside the sealed body (ruling 21).

The same functions serve the action that closes a sitting and the check that re-reads everything later. Reads only.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from assessment.form_state import open_remarks
from assessment.models import Case, Notice, NoticeLine, NoticeSheet, Score, Sitting, Survey, Verdict
from assessment.seals import FORMAT, canonical
from core.crypto import seal_mac
from households.entries import FACTS, MEMBER_FACTS, SECRET_FACTS
from households.models import Household, Membership, Person
from households.secrets import reveal, reveal_value

VERDICT_COLUMNS = (
    "uuid", "stage", "pass_no", "opinion", "category", "votes_for", "votes_against", "return_to", "reasons", "checks_failed",
    "household_version", "at", "position",
)  # fmt: skip
SITTING_COLUMNS = (
    "uuid", "stage", "kind", "number", "held_on", "held_at", "chair", "recorder", "panel_name", "panel", "expected", "present",
    "document_no", "missing_reason", "checks", "closed_at", "counts",
)  # fmt: skip
OWN_COLUMNS = ("code", "since", *MEMBER_FACTS)
PERSON_COLUMNS = ("person__name", "person__birth", "person__sex", "person__uuid", "person__id_enc")
"""Plain values: a list of 300 households has 1,200 members, and a row object each costs three times as much."""

Document = dict[str, Any]


def household_documents(household_ids: Iterable[int]) -> dict[int, Document]:
    """Facts of each household as they stand, members included, in two queries."""
    ids = list(household_ids)
    members: dict[int, list[Document]] = defaultdict(list)
    rows = Membership.objects.current().filter(household_id__in=ids).order_by("uuid")
    for household, *values in rows.values_list("household_id", *OWN_COLUMNS, *PERSON_COLUMNS):
        members[household].append(_member(values))
    households = Household.objects.filter(pk__in=ids).select_related("group")
    return {household.pk: _household(household, members[household.pk]) for household in households}


def _member(values: list[Any]) -> Document:
    *facts, name, birth, sex, uuid, sealed = values
    own = dict(zip(OWN_COLUMNS, facts, strict=True))
    return own | {"name": name, "birth": birth, "sex": sex, "identity": reveal_value(Person, "id", uuid, sealed)}


def _household(household: Household, members: list[Document]) -> Document:
    facts = {name: getattr(household, name) for name in (*FACTS, "other_causes")}
    secret = {name: reveal(household, name) for name in SECRET_FACTS}
    group = household.group.code if household.group_id else ""
    return facts | secret | {"code": household.code, "group": group, "head": household.head_name, "members": members}


def survey_document(survey: Survey | None) -> Document | None:
    if survey is None:
        return None
    remarks, notes = open_remarks(survey)
    names = ("uuid", "revision", "answers", "persons", "attribute", "cause", "surveyed_on", "surveyor_name", "submitted_at")
    return {name: getattr(survey, name) for name in names} | {"remarks": remarks, "notes": notes}


def score_document(score: Score | None) -> Document | None:
    if score is None:
        return None
    return {name: getattr(score, name) for name in ("rubric_digest", "points", "look_points", "tier")}


def verdict_document(verdict: Verdict, case: Case, household: Document, note: str) -> Document:
    """The whole document of one decision; `previous` chains it to the case's earlier one."""
    decided = {name: getattr(verdict, name) for name in VERDICT_COLUMNS} | {
        "note": note,
        "by": verdict.by_id,
        "sitting": verdict.sitting.uuid if verdict.sitting else None,  # a row may be gone: the check must name it, not fall over it
        "notice": verdict.notice.uuid if verdict.notice else None,
    }
    place = {"village": case.village.code, "group": case.group.code if case.group_id else ""}
    return {
        "format": FORMAT,
        "case": {"uuid": case.uuid, "round": case.round.code, "kind": case.kind, **place},
        "household": household,
        "survey": survey_document(verdict.survey),
        "score": score_document(verdict.score),
        "verdict": decided,
        "previous": verdict.previous,
    }


def leaf_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """(plain text of the canonical bytes, their MAC)."""
    body = canonical(document)
    return body.decode(), seal_mac(body)


def list_document(sitting: Sitting, minutes: str, leaves: Iterable[str]) -> Document:
    """Head of the meeting and its ordered leaves."""
    head = {name: getattr(sitting, name) for name in SITTING_COLUMNS}
    place = {"village": sitting.village.code, "group": sitting.group.code if sitting.group_id else ""}
    more = {"round": sitting.round.code, "closed_by": sitting.closed_by_id, "minutes": minutes, **place}
    return {"format": FORMAT, "sitting": head | more, "leaves": list(leaves)}


def public_document(notice: Notice, sheets: Iterable[NoticeSheet], lines: Iterable[NoticeLine]) -> Document:
    """What anybody can read on the web page: the 校验码 is a plain hash over it, which the public can make too."""
    return {
        "title": notice.title,
        "document_no": notice.document_no,
        "days": notice.days,
        "sheets": [sheet.group_name for sheet in sheets],
        "lines": [[line.position, line.masked_name, line.persons, line.result] for line in lines],
    }


def posting_digest(sheet: NoticeSheet) -> str:
    """When, where and by whom a sheet was hung up, for the trail: a posting is not yet known when the notice is sealed."""
    document = {"at": sheet.posted_at, "place": sheet.posted_place, "name": sheet.posted_name}
    return hashlib.sha256(canonical(document)).hexdigest()


def notice_document(notice: Notice, sheets: Iterable[NoticeSheet], lines: Iterable[NoticeLine]) -> Document:
    """Everything frozen when the notice was made: `Notice.seal` is the MAC over it."""
    sheets, lines = list(sheets), list(lines)
    head = {name: getattr(notice, name) for name in ("uuid", "stage", "kind", "number", "hotline", "office", "office_place", "signed_by")}
    private = [[line.case_id, line.household_id, line.pass_no, line.head_name, line.category, line.sheet_id] for line in lines]
    return {"format": FORMAT, "public": public_document(notice, sheets, lines), "head": head, "lines": private}
