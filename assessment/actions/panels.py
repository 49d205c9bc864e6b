"""Saved panels: 评议小组 of a group, 村民代表 of a village, 清查组 of a township; kept once, chosen at a meeting (ruling 17)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts import roles
from assessment.actions.sittings import NO_NUMBER, members_fault
from assessment.masking import has_number
from assessment.models import Panel, PanelKind
from core.actions import Act, Origin, acting, lock, once
from core.errors import BadInput, Denied, NotFound, Replayed, StaleVersion, WrongState
from core.scope import Scope
from villages.models import Township, Village, VillagerGroup

LONGEST_NAME = 64
STALE = "这个小组在您打开之后已被别人修改，请看过新内容再改。"


@dataclass(frozen=True, slots=True)
class PanelEntry:
    """A panel as typed. A 清查组 names its township; the others their village, a 评议小组 also its group ("" = 未分组农户)."""

    kind: str
    name: str
    members: Sequence[Mapping[str, object]] = ()
    township_code: str = ""
    village_code: str = ""
    group_code: str = ""


def save_panel(
    *, scope: Scope, entry: PanelEntry, panel: str = "", version: int = 0, key: str = "", origin: Origin | None = None
) -> Panel:
    """Make a panel, or change the one whose uuid is given (its kind and place stay). Meetings keep their own copies.

    Raises NotFound, Denied, BadInput, StaleVersion, WrongState (retired).
    """
    try:
        with acting(scope, "panel.save", origin) as act:
            row = lock(Panel.objects.visible_to(scope), uuid=panel) if panel else _placed(scope, entry)
            if not scope.may(roles.PANEL_KEEP, row):
                raise Denied
            remember = once(scope, "panel.save", key, [panel, version, repr(entry)])
            if panel:
                _require_current(row, version)
            row.name = entry.name.strip()
            row.members = [
                {"name": str(member.get("name", "")).strip(), "post": str(member.get("post", "")).strip()}
                for member in entry.members
            ]
            _check(row)
            row.version = row.version + 1 if panel else 1
            row.updated_by_id, row.updated_at = scope.actor_id, timezone.now()
            row.save()
            _leave_traces(act, row)
            remember(str(row.uuid))
    except Replayed as earlier:
        return Panel.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row


def retire_panel(*, scope: Scope, panel: str, version: int, key: str = "", origin: Origin | None = None) -> Panel:
    """No longer offered; meetings that it sat in keep their copy."""
    try:
        with acting(scope, "panel.retire", origin) as act:
            row = lock(Panel.objects.visible_to(scope), uuid=panel)
            if not scope.may(roles.PANEL_KEEP, row):
                raise Denied
            remember = once(scope, "panel.retire", key, [panel, version])
            _require_current(row, version)
            row.retired_at, row.version = timezone.now(), row.version + 1
            row.updated_by_id, row.updated_at = scope.actor_id, row.retired_at
            row.save()
            _leave_traces(act, row)
            remember(str(row.uuid))
    except Replayed as earlier:
        return Panel.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row


def _require_current(row: Panel, version: int) -> None:
    if row.retired_at:
        raise WrongState("这个小组已经停用，不能再改。", code="panel_retired")
    if row.version != version:
        raise StaleVersion(STALE)


def _placed(scope: Scope, entry: PanelEntry) -> Panel:
    """A new panel in its place, which the caller must see."""
    if entry.kind not in PanelKind.values:
        raise BadInput("没有保存。", fields={"kind": ["请选择种类。"]})
    if entry.kind == PanelKind.INSPECTION:
        township = lock(Township.objects.visible_to(scope), code=entry.township_code)
        return Panel(kind=entry.kind, county_id=township.county_id, township=township)
    village = lock(Village.objects.visible_to(scope), code=entry.village_code)
    group = _group(village, entry) if entry.kind == PanelKind.GROUP and entry.group_code else None
    return Panel(
        kind=entry.kind, county_id=village.county_id, township_id=village.township_id, village=village, group=group
    )


def _group(village: Village, entry: PanelEntry) -> VillagerGroup:
    group = village.groups.filter(code=entry.group_code).first()
    if group is None:
        raise NotFound
    return group


def _check(row: Panel) -> None:
    faults = {}
    if not 0 < len(row.name) <= LONGEST_NAME:
        faults["name"] = [f"请填名称，最多 {LONGEST_NAME} 字。"]
    elif has_number(row.name):
        faults["name"] = [f"名称里{NO_NUMBER}"]
    elif _same_name(row):
        faults["name"] = ["这里已有同名的小组。"]
    if not row.members:
        faults["members"] = ["请至少填一人。"]
    elif sentence := members_fault(row.members):
        faults["members"] = [sentence]
    if faults:
        raise BadInput("小组没有保存。", fields=faults)


def _same_name(row: Panel) -> bool:
    rows = Panel.objects.filter(
        kind=row.kind, name=row.name, township_id=row.township_id, village_id=row.village_id, group_id=row.group_id,
        retired_at__isnull=True,
    )  # fmt: skip
    return rows.exclude(uuid=row.uuid).exists()


def _leave_traces(act: Act, row: Panel) -> None:
    """No names on the trail: panels hold persons."""
    act.audit(
        "panel", str(row.uuid), place=row, subject=PanelKind(row.kind).label, name=row.name, persons=len(row.members)
    )
