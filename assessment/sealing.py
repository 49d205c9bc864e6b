"""From rows to the document that is sealed: household, form, score and decision, secrets in the clear inside the sealed body (ruling 21).

The same functions serve the action that closes a sitting and the check that re-reads everything later. Reads only.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assessment.form_state import open_remarks
from assessment.models import (
    Case,
    LookPhoto,
    Notice,
    NoticeLine,
    NoticeSheet,
    Ranking,
    Round,
    Score,
    Sitting,
    Survey,
    Verdict,
)
from assessment.seals import HEAD_FORMAT, WITH_PROOF, canonical
from core.crypto import seal_mac
from households.fields import INCOME
from households.models import Household, IncomeYear, Membership, Paper, Person
from households.secrets import reveal, reveal_value

FACTS = (
    "attribute", "exit_status", "cause", "structure", "danger_level", "dangerous_house", "area_m2", "water_safe", "water_difficult",
    "tap_water", "electricity", "road", "cultivated_mu", "appliances", "vehicle", "machines", "net_income_per_head",
)  # fmt: skip
SECRET_FACTS = ("phone", "savings", "debt", "education_debt")
MEMBER_FACTS = (
    "relation", "education", "schooling", "health", "disability_grade", "skill", "skilled_certificate", "work_place", "work_months",
    "serious_illness_insured",
)  # fmt: skip
"""What is sealed of a household and its members: the facts the score and the meeting rest on. A column that is added to the file later
is not in these bytes, or no seal from before would open again; it comes in with a new FORMAT, as the income did with the second."""
PHOTO_COLUMNS = ("uuid", "look", "sha256", "taken_at")
PAPER_COLUMNS = ("uuid", "kind", "sha256", "signed_on", "signer_name", "facts_digest")
INCOME_FACTS = ("year", "persons", "net", "per_head", *INCOME.named)
VERDICT_COLUMNS = (
    "uuid", "stage", "pass_no", "opinion", "category", "votes_for", "votes_against", "return_to", "reasons", "checks_failed",
    "household_version", "at", "position",
)  # fmt: skip
SITTING_COLUMNS = (
    "uuid", "stage", "kind", "number", "held_on", "held_at", "chair", "recorder", "panel_name", "panel", "expected", "present",
    "document_no", "missing_reason", "checks", "closed_at", "counts",
)  # fmt: skip
SHEET_COLUMNS = ("scorer", "places", "stepped_back", "namesakes", "by_id", "at")
TIE_COLUMNS = ("uuid", "cases", "votes_for", "votes_against", "by_id", "at")
OWN_COLUMNS = ("code", "since", *MEMBER_FACTS)
PERSON_COLUMNS = ("person__name", "person__birth", "person__sex", "person__uuid", "person__id_enc")
"""Plain values: a list of 300 households has 1,200 members, and a row object each costs three times as much."""

Document = dict[str, Any]


def household_documents(household_ids: Iterable[int]) -> dict[int, Document]:
    """Facts of each household as they stand, members and income years included, in three queries."""
    ids = list(household_ids)
    income = _income_of(ids)
    members: dict[int, list[Document]] = defaultdict(list)
    rows = Membership.objects.current().filter(household_id__in=ids).order_by("uuid")
    for household, *values in rows.values_list("household_id", *OWN_COLUMNS, *PERSON_COLUMNS):
        members[household].append(_member(values))
    households = Household.objects.filter(pk__in=ids).select_related("group")
    return {household.pk: _household(household, members[household.pk], income[household.pk]) for household in households}


def _income_of(ids: Sequence[int]) -> dict[int, list[Document]]:
    found: dict[int, list[Document]] = defaultdict(list)
    rows = IncomeYear.objects.filter(household_id__in=ids).order_by("household_id", "year")
    for household, *values in rows.values_list("household_id", *INCOME_FACTS):
        found[household].append(dict(zip(INCOME_FACTS, values, strict=True)))
    return found


def proof_documents(round_: Round, household_ids: Iterable[int]) -> dict[int, Document]:
    """Photos of the round and signed papers of each household that are there now, by their hashes, in two queries."""
    ids = list(household_ids)
    found: dict[int, Document] = {pk: {"photos": [], "papers": []} for pk in ids}
    photos = LookPhoto.objects.filter(round=round_, household_id__in=ids, removed_at__isnull=True).order_by("uuid")
    for row in photos.only(*PHOTO_COLUMNS, "household_id"):
        found[row.household_id]["photos"].append(photo_document(row))
    papers = Paper.objects.filter(household_id__in=ids, set_aside__isnull=True).order_by("uuid")
    for row in papers.only(*PAPER_COLUMNS, "household_id"):
        found[row.household_id]["papers"].append(paper_document(row))
    return found


def photo_document(row: LookPhoto) -> Document:
    return {name: getattr(row, name) for name in PHOTO_COLUMNS}


def paper_document(row: Paper) -> Document:
    return {name: getattr(row, name) for name in PAPER_COLUMNS}


def _member(values: list[Any]) -> Document:
    *facts, name, birth, sex, uuid, sealed = values
    own = dict(zip(OWN_COLUMNS, facts, strict=True))
    return own | {"name": name, "birth": birth, "sex": sex, "identity": reveal_value(Person, "id", uuid, sealed)}


def _household(household: Household, members: list[Document], income: list[Document]) -> Document:
    facts = {name: getattr(household, name) for name in (*FACTS, "other_causes")}
    secret = {name: reveal(household, name) for name in SECRET_FACTS}
    group = household.group.code if household.group_id else ""
    return facts | secret | {"code": household.code, "group": group, "head": household.head_name, "members": members, "income": income}


def survey_document(survey: Survey | None, *, people: bool = True) -> Document | None:
    if survey is None:
        return None
    remarks, notes = open_remarks(survey)
    names = ("uuid", "revision", "answers", "persons", "attribute", "cause", "surveyed_on", "surveyor_name", "submitted_at", *(["people"] if people else []))
    return {name: getattr(survey, name) for name in names} | {"remarks": remarks, "notes": notes}


def score_document(score: Score | None) -> Document | None:
    if score is None:
        return None
    return {name: getattr(score, name) for name in ("rubric_digest", "points", "look_points", "tier")}


def verdict_document(verdict: Verdict, case: Case, household: Document, proof: Document, note: str) -> Document:
    """The whole document of one decision, in the format of its row; `previous` chains it to the case's earlier one."""
    decided = {name: getattr(verdict, name) for name in VERDICT_COLUMNS} | {
        "note": note,
        "by": verdict.by_id,
        "sitting": verdict.sitting.uuid if verdict.sitting else None,  # a row may be gone: the check must name it, not fall over it
        "notice": verdict.notice.uuid if verdict.notice else None,
    }
    if verdict.recused:  # sealed where there is one, so that what was sealed before this column reads as it did
        decided["recused"] = list(verdict.recused)
    if verdict.sitting and verdict.sitting.delegation_id:
        decided["for"] = verdict.sitting.delegation.principal_id
    place = {"village": case.village.code, "group": case.group.code if case.group_id else ""}
    with_proof = verdict.seal_format >= WITH_PROOF
    if not with_proof:
        household = {name: value for name, value in household.items() if name != "income"}
    document = {
        "format": verdict.seal_format,
        "case": {"uuid": case.uuid, "round": case.round.code, "kind": case.kind, **place},
        "household": household,
        "survey": survey_document(verdict.survey, people=with_proof),
        "score": score_document(verdict.score),
        "verdict": decided,
        "previous": verdict.previous,
    }
    return document | {"proof": proof} if with_proof else document


def leaf_of(document: Mapping[str, Any]) -> tuple[str, str]:
    """(plain text of the canonical bytes, their MAC)."""
    body = canonical(document)
    return body.decode(), seal_mac(body)


def list_document(sitting: Sitting, minutes: str, leaves: Iterable[str]) -> Document:
    """Head of the meeting and its ordered leaves."""
    head = {name: getattr(sitting, name) for name in SITTING_COLUMNS}
    place = {"village": sitting.village.code, "group": sitting.group.code if sitting.group_id else ""}
    more = {"round": sitting.round.code, "closed_by": sitting.closed_by_id, "minutes": minutes, **place}
    if sitting.missing:  # as `recused` above: only where there is one
        more["missing"] = list(sitting.missing)
    if sitting.delegation_id:
        given = sitting.delegation
        more["delegation"] = {"uuid": given.uuid, "for": given.principal_id, "by": given.delegate_id, "since": given.since, "until": given.until}
    document = {"format": HEAD_FORMAT, "sitting": head | more, "leaves": list(leaves)}
    if ranking := ranking_seal(sitting):  # sealed where there is one, so that lists sealed before read as they did
        document["ranking"] = ranking
    return document


def ranking_seal(sitting: Sitting) -> str:
    """MAC over the meeting's queue (A9-02): sheets, decisions between equals, the line, the households it was for. "" without one."""
    row: Ranking | None = getattr(sitting, "ranking", None)
    if row is None:
        return ""
    sheets = sorted(sitting.ranking_sheets.all(), key=lambda sheet: sheet.scorer)
    ties = sorted(sitting.tie_breaks.all(), key=lambda tie: str(tie.uuid))
    document = {name: getattr(row, name) for name in ("way", "taken", "drawn_for", "drawn_by_id", "drawn_at", "listed")} | {
        "sheets": [{name: getattr(sheet, name) for name in SHEET_COLUMNS} for sheet in sheets],
        "ties": [{name: getattr(tie, name) for name in TIE_COLUMNS} | {"reason": reveal(tie, "reason")} for tie in ties],
    }  # fmt: skip
    return seal_mac(canonical(document))


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
    if notice.replaces_id:  # sealed where there is one: an earlier notice reads as it did
        head["replaces"] = notice.replaces.uuid
    private = [[line.case_id, line.household_id, line.pass_no, line.head_name, line.category, line.sheet_id] for line in lines]
    return {"format": HEAD_FORMAT, "public": public_document(notice, sheets, lines), "head": head, "lines": private}
