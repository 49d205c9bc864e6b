"""What an edited workbook changes, written through the same steps as the pages: rules, ledger, audit, feed. All of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db import connection
from django.utils import timezone

from core.actions import Act, Origin, acting
from core.errors import WrongState
from core.scope import Scope
from households.actions.events import move_to_columns
from households.actions.members import current_rows, save_rows
from households.actions.person import state_of, told
from households.actions.quality_run import request_villages
from households.actions.steps import checked, fill, put_down
from households.actions.update import changes, facts_of
from households.entries import HouseholdEntry
from households.models import Household, Membership
from households.roundtrip.edits import HouseholdEdit, Values
from households.secrets import seal
from villages import dirty
from villages.models import County

BATCH = 500
CHECK_AGAIN = "核对之后，有农户已被修改或锁定。请重新上传核对。"


def commit_edits(
    *, scope: Scope, narrowed: Scope, county: County, run_code: str, edits: Sequence[HouseholdEdit], counts: Mapping[str, object],
    final: Callable[[], None] = lambda: None, origin: Origin | None = None,
) -> None:  # fmt: skip
    """Write the edits in one transaction. `narrowed` is the scope where the import right holds; `final` runs in the same transaction.

    Who uploads an edit is its maker (ruling 16): cells changed by hand are not a loaded roster. Raises WrongState when a household has
    moved since the check, BadInput when a rule refuses.
    """
    today = timezone.localdate()
    with acting(scope, "import.commit", origin) as act:
        rows = _locked(narrowed, edits)
        for edit in sorted(edits, key=lambda one: rows[one.code].pk):
            _apply(act, rows[edit.code], edit, today)
        villages = sorted({row.village_id for row in rows.values()})
        dirty.mark(act, villages)
        act.audit("import", run_code, place=county, counts=counts)
        if villages:
            request_villages(county, villages, scope.actor_id)
        final()


def _locked(narrowed: Scope, edits: Sequence[HouseholdEdit]) -> dict[str, Household]:
    """By primary key, as every action that holds several households; each as the check saw it, in the area, neither held nor closed."""
    wanted = {edit.code: edit.version for edit in edits}
    mine = Household.objects.visible_to(narrowed)
    order = _ids(mine, list(wanted))
    of = ("self",) if connection.features.has_select_for_update_of else ()
    rows: dict[str, Household] = {}
    for start in range(0, len(order), BATCH):
        found = mine.filter(pk__in=order[start : start + BATCH]).select_related("village", "township").order_by("pk")
        rows |= {row.code: row for row in found.select_for_update(of=of, no_key=True)}
    moved = any(code not in rows or rows[code].version != version for code, version in wanted.items())
    if moved or any(row.hold or row.closed_on for row in rows.values()):
        raise WrongState(CHECK_AGAIN, code="checked_state_moved")
    return rows


def _ids(mine, codes: list[str]) -> list[int]:
    return sorted(
        pk
        for start in range(0, len(codes), BATCH)
        for pk in mine.filter(code__in=codes[start : start + BATCH]).values_list("pk", flat=True)
    )


def _apply(act: Act, household: Household, edit: HouseholdEdit, today: date) -> None:
    before = facts_of(household)
    fill(household, checked(HouseholdEntry(None, edit.own.facts, None, edit.own.secrets), today))
    household.version += 1
    household.updated_by_id = act.scope.actor_id
    household.save()
    move_to_columns(household, today)
    story = _members(household, edit.members)
    put_down(act, household, changed=changes(before, facts_of(household)), **({"members": story} if story else {}))


def _members(household: Household, edits: Mapping[str, Values]) -> dict[str, list[str]]:
    """{人编号: names of what changed}; a member who has left meanwhile would have moved the version."""
    if not edits:
        return {}
    existing = current_rows(household)
    if not edits.keys() <= existing.keys():
        raise WrongState(CHECK_AGAIN, code="checked_state_moved")
    return {existing[uuid].code: sorted(_change(existing[uuid], values)) for uuid, values in edits.items()}


def _change(row: Membership, values: Values) -> list[str]:
    before = state_of(row)
    for name, value in values.facts.items():
        setattr(row, name, value)
    for name, text in values.secrets.items():
        seal(row, name, text)
    save_rows("", row)
    return list(told(before, state_of(row)))
