"""What an import is about to overwrite, and putting it back: exact values, sealed ones re-sealed (fault 56).

Steps inside the caller's transaction; the caller locks, judges, audits and marks. Nothing of the history is deleted: an undone household is closed for
the day it was registered on, so that it counts on no date, and the next roster may open it again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import F, Model
from django.utils import timezone

from core import bulk
from core.crypto import encrypt
from households.actions.steps import document, own_document
from households.importing.compare import NEW, SAME, Difference
from households.importing.stored import UNDONE, batches
from households.models import (
    EventKind,
    Household,
    HouseholdEvent,
    HouseholdVersion,
    IncomeYear,
    Membership,
    Residence,
    UndoPart,
)
from households.secrets import reveal, seal

_OWN = ("head_name", "head_pinyin", "head_pending", "persons", "group_id", "updated_by_id", "closed_on", "net_income_per_head")
_PERSON = ("name", "pinyin", "ethnicity")
Entry = dict[str, object]


class Form(NamedTuple):
    """A form of the import: itself, the submitted one it replaces (0 = none), the household's version beside it."""

    uuid: str
    replaced: int
    version: int


def remember(difference: Difference) -> Entry:
    """Before the writer touches the rows: {code, op, version after, and for a stored household the values it had}."""
    entry: Entry = {"code": difference.roster.code, "op": difference.op, "version": difference.version + 1}
    if difference.op == NEW:
        return entry
    row, roster = difference.stored.row, difference.roster
    sealed = [*difference.secrets, *(["phone"] if roster.phone else [])]
    members = {str(one.pk): _member(one, member) for one, member in difference.altered}
    years = {str(one.stored.pk): _plain(one.stored, (*one.parts, "persons", "net", "per_head", "updated_by_id")) for one in difference.incomes if one.stored}
    return entry | {
        "own": _plain(row, {*_OWN, *difference.values}), "sealed": {name: reveal(row, name) for name in sealed}, "members": members, "years": years,
        "new_years": [one.said.year for one in difference.incomes if one.stored is None], "left": [one.pk for one in difference.leaving],
        "before": [one.pk for one in difference.stored.members.values()], "reopened": difference.reopening,
    }  # fmt: skip


def of_form(code: str, form: Form) -> Entry:
    """The form beside what is remembered of the household; alone where the import changes nothing else of it."""
    return {"code": code, "op": SAME, "version": form.version, "survey": form.uuid, "replaced": form.replaced}


def sealed(entries: list[Entry]) -> UndoPart:
    """A part without its run: entries hold numbers and phones in the clear, and may wait on disk for the transaction."""
    part = UndoPart()
    part.content_enc = encrypt(json.dumps(entries, ensure_ascii=False, default=str), table=UndoPart._meta.db_table, field="content", row=part.uuid)
    return part


def _plain(row: Model, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(row, name) for name in names}


def _member(row: Membership, member) -> Entry:
    sealed = [*member.secrets, *(["phone"] if member.phone else [])]
    return {"own": _plain(row, ("code", *member.facts)), "sealed": {name: reveal(row, name) for name in sealed}, "person": _plain(row.person, _PERSON)}


def close_new(rows: list[Household], by: int | None) -> None:
    """Households that the import registered: memberships and residence end on the day they began, the household is closed."""
    now = timezone.now()
    for batch in batches(rows):
        ids = [row.pk for row in batch]
        Membership.objects.current().filter(household__in=ids).update(until=F("since"), leaving_reason=UNDONE)
        Residence.objects.filter(household__in=ids, until__isnull=True).update(until=F("since"))
        IncomeYear.objects.filter(household__in=ids).delete()
        for row in batch:
            row.closed_on, row.persons, row.head_pending, row.version, row.updated_by_id, row.updated_at = row.registered_on, 0, False, row.version + 1, by, now
        bulk.update(Household, batch, ("closed_on", "persons", "head_pending", "version", "updated_by", "updated_at"))
        HouseholdEvent.objects.bulk_create(_event(row, EventKind.CLOSED, row.closed_on, by) for row in batch)
        HouseholdVersion.objects.bulk_create(_version(row, {"household": own_document(row), "members": [], "income": []}, by) for row in batch)


def _event(row: Household, kind: str, on: date, by: int | None, one: Membership | None = None) -> HouseholdEvent:
    place = {name: getattr(row, name) for name in ("county_id", "township_id", "village_id")}
    who = {"membership": one, "person_id": one.person_id} if one else {}
    return HouseholdEvent(household=row, kind=kind, happened_on=on, reason=UNDONE, by_id=by, at=timezone.now(), **place, **who)


def _version(row: Household, body: Mapping, by: int | None) -> HouseholdVersion:
    made = HouseholdVersion(household=row, version=row.version, at=timezone.now(), by_id=by)
    seal(made, "facts", json.dumps(body, ensure_ascii=False, sort_keys=True, default=str))
    return made


def send_away(rows: Mapping[str, Household], entries: list[Entry], by: int | None) -> None:
    """Who joined by the import has not joined: asked first of all households, since somebody may have come from one to the other."""
    for entry in entries:
        row = rows[entry["code"]]
        joined = joined_by(row, entry)
        for one in joined:
            one.until, one.leaving_reason = one.since, UNDONE
        bulk.update(Membership, joined, ("until", "leaving_reason"))
        HouseholdEvent.objects.bulk_create(_event(row, EventKind.LEFT, one.until, by, one) for one in joined)


def joined_by(row: Household, entry: Entry) -> list[Membership]:
    """Living members whom the version before the import does not know."""
    before = set(entry["before"])
    return [one for one in row.memberships.current() if one.pk not in before]


def restore(row: Household, entry: Entry, by: int | None) -> None:
    """A household that was stored before: its own values, its members', its income years, and who had left."""
    _restore_members(row, entry, by)
    row.income_years.filter(year__in=entry["new_years"]).delete()
    for pk, values in entry["years"].items():
        _put(IncomeYear.objects.get(pk=pk), values, {}).save()
    _put(row, entry["own"], entry["sealed"])
    row.version, row.updated_by_id = row.version + 1, by
    row.save()
    _restore_residence(row)
    _version(row, document(row), by).save()


def _restore_members(row: Household, entry: Entry, by: int | None) -> None:
    found = {str(one.pk): one for one in Membership.objects.filter(pk__in=[*entry["members"], *entry["left"]]).select_related("person")}
    heads_last = sorted(entry["members"].items(), key=lambda item: item[1]["own"].get("relation") == "01")
    for pk, before in heads_last:
        _put(found[pk], before["own"], before["sealed"]).save()
        _put(found[pk].person, before["person"], {}).save()
    for pk in entry["left"]:
        one = found[str(pk)]
        one.until, one.leaving_reason = None, ""
        one.save()
        _event(row, EventKind.JOINED, timezone.localdate(), by, one).save()


def _restore_residence(row: Household) -> None:
    """The group it lived in before: the residence that the import began has not begun."""
    last = row.residences.order_by("-since", "-pk").first()
    if row.closed_on is not None:
        row.residences.filter(until__isnull=True).update(until=F("since"))
    elif last is not None and last.until is None and last.group_id != row.group_id:
        previous = row.residences.exclude(pk=last.pk).order_by("-since", "-pk").first()
        last.delete()
        if previous is not None:
            previous.until = None
            previous.save(update_fields=["until"])


def _put(row: Model, values: Mapping[str, object], sealed: Mapping[str, str]) -> Model:
    for name, value in values.items():
        setattr(row, name, row._meta.get_field(name).to_python(value))
    for name, value in sealed.items():
        seal(row, name, value)
    return row
