"""What the database holds of the rows of an edited workbook: now, and as the row was exported. A few queries a batch, none a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.crypto import decrypt_many
from core.scope import Scope
from households.fields import Field
from households.models import Household, HouseholdVersion, Membership
from households.roundtrip.cells import Shown, shown_cell
from households.roundtrip.layout import HOUSEHOLDS, Layout
from households.roundtrip.reading import EditRow
from households.secrets import reveal


@dataclass(frozen=True)
class Held:
    """`subject` is the household or the living membership of a row; `base` the ledger's document of it, None when it stands as exported."""

    household: Household
    subject: Household | Membership | None
    base: Mapping[str, object] | None

    def now(self, field: Field) -> Shown:
        value = reveal(self.subject, field.name) if field.sealed else getattr(self.subject, field.name)
        return shown_cell(field, value)

    def before(self, field: Field) -> tuple[bool, Shown]:
        """Whether the exported value is known, and the value."""
        if self.base is None:
            return True, self.now(field)
        return field.name in self.base, shown_cell(field, self.base.get(field.name))


def load(layout: Layout, rows: Sequence[EditRow], scope: Scope, county_id: int) -> dict[int, Held]:
    """{row number: what is held}; rows out of the caller's area are missing, a member who left has no subject."""
    mine = Household.objects.visible_to(scope).filter(county_id=county_id)
    uuids = [row.uuid for row in rows]
    if layout is HOUSEHOLDS:
        subjects = {one.uuid: (one, one) for one in mine.filter(uuid__in=uuids)}
    else:
        found = Membership.objects.filter(uuid__in=uuids).select_related("household")
        allowed = set(mine.filter(pk__in={one.household_id for one in found}).values_list("pk", flat=True))
        subjects = {
            one.uuid: (one.household, one if one.until is None else None)
            for one in found
            if one.household_id in allowed
        }
    held = {row.number: subjects[row.uuid] for row in rows if row.uuid in subjects}
    stale = {
        (held[row.number][0].pk, row.version)
        for row in rows
        if row.number in held and held[row.number][0].version != row.version
    }
    documents = _documents(stale)
    return {
        row.number: Held(*held[row.number], _base(layout, row, held[row.number][0], documents))
        for row in rows
        if row.number in held
    }


def _documents(wanted: set[tuple[int, int]]) -> dict[tuple[int, int], dict]:
    if not wanted:
        return {}
    rows = HouseholdVersion.objects.filter(
        household__in={pk for pk, _ in wanted}, version__in={version for _, version in wanted}
    )
    kept = [row for row in rows if (row.household_id, row.version) in wanted]
    opened = decrypt_many([(row.facts_enc, row.uuid) for row in kept], HouseholdVersion._meta.db_table, "facts")
    return {(row.household_id, row.version): json.loads(text) for row, text in zip(kept, opened, strict=True)}


def _base(layout: Layout, row: EditRow, household: Household, documents: Mapping) -> Mapping[str, object] | None:
    if household.version == row.version:
        return None
    document = documents.get((household.pk, row.version), {})
    if layout is HOUSEHOLDS:
        return document.get("household", {})
    return next((one for one in document.get("members", []) if row.code and one.get("code") == row.code), {})
