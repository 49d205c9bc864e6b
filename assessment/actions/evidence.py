"""Scans and photos that prove a meeting, a posting, a waiver or an objection: uploaded, kept under their hash, handed out checked."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from accounts import roles
from assessment import masking
from assessment.models import (
    Case,
    Evidence,
    EvidenceKind,
    Notice,
    NoticeSheet,
    NoticeStatus,
    Objection,
    Sitting,
    SittingStatus,
)
from assessment.procedures import procedure_of
from assessment.selectors_notices import posting_right
from assessment.selectors_papers import may_read
from core.actions import Origin, acting, lock, once, record, refusals_recorded
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.scope import Scope
from core.uploads import scans, store

MOST = 40
LONGEST_TITLE = 64
_LONG_NUMBER = re.compile(r"\d{8,}")
Target = Sitting | NoticeSheet | Case | Objection


@dataclass(frozen=True, slots=True)
class Door:
    """What a kind of evidence hangs on, and who may hang it there."""

    field: str
    rows: Callable[[Scope], QuerySet]
    may: Callable[[Scope, Target], bool]


def add_evidence(
    *, scope: Scope, kind: str, file: BinaryIO, title: str, sitting: str = "", sheet: str = "", case: str = "", objection: str = "",
    key: str = "", origin: Origin | None = None,
) -> Evidence:  # fmt: skip
    """Keep a scan. The picture is written anew, the file is on the disk before the row is committed (trust 13, 26, 28, 34).

    The same file again for the same object is the same row. Raises NotFound, Denied, BadInput (kind, title, file), WrongState (a
    cancelled meeting, a withdrawn notice, too many files), DiskFull.
    """
    wanted = {"sitting": sitting, "sheet": sheet, "case": case, "objection": objection}
    with refusals_recorded(scope, "evidence.add", origin):
        door = door_of(scope, kind, wanted)
        target_of(scope, door, wanted)  # the right comes before the work of decoding
        title = _checked_title(title, kind)
        scan = scans.clean(file.read(scans.MAX_BYTES + 1))
        with store.kept(scan.content):
            return _add(scope, kind, door, wanted, title, scan, key, origin)


def _add(
    scope: Scope,
    kind: str,
    door: Door,
    wanted: dict[str, str],
    title: str,
    scan: scans.Scan,
    key: str,
    origin: Origin | None,
) -> Evidence:
    sha256 = store.digest_of(scan.content)
    try:
        with acting(scope, "evidence.add", origin) as act:
            target = target_of(scope, door, wanted, locked=True)
            remember = once(scope, "evidence.add", key, [kind, wanted, title, sha256])
            others = Evidence.objects.filter(**{door.field: target}, kind=kind)
            row = others.filter(sha256=sha256).first()
            if row is None:
                if others.count() >= MOST:
                    raise WrongState(f"这里已有 {MOST} 个文件，不能再传。", code="too_many_files")
                row = _row(scope, kind, door, target, title, scan, sha256)
                row.save()
                act.audit(
                    "evidence", str(row.uuid), place=row, subject=row.get_kind_display(), sha256=sha256, size=row.size
                )
            remember(str(row.uuid))
    except Replayed as earlier:
        return Evidence.objects.visible_to(scope).get(uuid=earlier.object_code)
    return row


def _row(scope: Scope, kind: str, door: Door, target: Target, title: str, scan: scans.Scan, sha256: str) -> Evidence:
    place = place_of(target)
    return Evidence(
        kind=kind, county_id=place.county_id, township_id=place.township_id, village_id=place.village_id, title=title,
        sha256=sha256, media_type=scan.media_type, size=len(scan.content), by_id=scope.actor_id, at=timezone.now(),
        **{door.field: target},
    )  # fmt: skip


def _checked_title(title: str, kind: str) -> str:
    """A title stands in lists and on the trail's page: no numbers of persons in it (trust C5)."""
    text = " ".join(title.split()) or EvidenceKind(kind).label
    if len(text) > LONGEST_TITLE:
        raise BadInput("文件没有保存。", fields={"title": [f"名称最多 {LONGEST_TITLE} 字。"]})
    if _LONG_NUMBER.search(text) or masking.scan(text):
        raise BadInput("文件没有保存。", fields={"title": ["名称里不要写证件号码、电话、编号和病情。"]})
    return text


def door_of(scope: Scope, kind: str, wanted: dict[str, str]) -> Door:
    """The one object that was named, if that kind of evidence belongs to it."""
    named = [field for field, uuid in wanted.items() if uuid]
    door = DOORS.get(kind)
    if door is None or named != [door.field]:
        raise BadInput(
            "请从会议、公示或农户的页面进来上传。", code="bad_target", fields={"kind": ["材料种类和对象对不上。"]}
        )
    if not _is_uuid(wanted[door.field]):
        raise NotFound
    return door


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def target_of(scope: Scope, door: Door, wanted: dict[str, str], *, locked: bool = False) -> Target:
    """The object in the caller's area, if the caller may add to it now. Raises NotFound, Denied, WrongState."""
    rows, uuid = door.rows(scope), wanted[door.field]
    target = lock(rows, uuid=uuid) if locked else rows.filter(uuid=uuid).first()
    if target is None:
        raise NotFound
    if not door.may(scope, target):
        raise Denied
    if isinstance(target, Sitting) and target.status == SittingStatus.DROPPED:
        raise WrongState("这次会议已取消，不用再传材料。", code="sitting_dropped")
    if isinstance(target, NoticeSheet) and target.notice.status == NoticeStatus.WITHDRAWN:
        raise WrongState("这份公示已撤回，不用再传照片。", code="notice_withdrawn")
    return target


def place_of(target: Target) -> Sitting | Notice | Case | Objection:
    return target.notice if isinstance(target, NoticeSheet) else target


def _may_record(scope: Scope, sitting: Sitting) -> bool:
    """Who may hold that stage, or who held it (a stage taken over by the next level up, ruling 16)."""
    stage = procedure_of(sitting.round.procedure).by_code[sitting.stage]
    if scope.may(roles.SITTING_RIGHTS[stage.level], sitting):
        return True
    held = scope.actor_id is not None and scope.actor_id in (sitting.opened_by_id, sitting.closed_by_id)
    return held and any(scope.may(right, sitting) for right in roles.SITTING_RIGHTS.values())


def _sittings(scope: Scope) -> QuerySet:
    return Sitting.objects.visible_to(scope).select_related("round", "village")


def _sheets(scope: Scope) -> QuerySet:
    return NoticeSheet.objects.filter(notice__in=Notice.objects.visible_to(scope)).select_related("notice__village")


def _cases(scope: Scope) -> QuerySet:
    return Case.objects.visible_to(scope).select_related("village", "household")


def _objections(scope: Scope) -> QuerySet:
    return Objection.objects.visible_to(scope).select_related("village", "household")


_OBJECTION_RIGHTS = (roles.OBJECTION_LODGE, roles.OBJECTION_HANDLE)
DOORS: dict[str, Door] = {
    EvidenceKind.MINUTES: Door("sitting", _sittings, _may_record),
    EvidenceKind.SIGN_IN: Door("sitting", _sittings, _may_record),
    EvidenceKind.POSTING: Door("sheet", _sheets, lambda scope, sheet: scope.may(posting_right(sheet.notice), sheet.notice)),
    EvidenceKind.WAIVER: Door("case", _cases, lambda scope, case: scope.may(roles.CASE_END, case)),
    EvidenceKind.OBJECTION: Door(
        "objection", _objections, lambda scope, row: any(scope.may(right, row) for right in _OBJECTION_RIGHTS)
    ),
}


def kinds_on(scope: Scope, wanted: dict[str, str]) -> list[str]:
    """Kinds that belong to the one object named and that the caller may add; all of them when none may be added, to be refused by name."""
    named = [field for field, uuid in wanted.items() if uuid]
    kinds = [kind for kind, door in DOORS.items() if named == [door.field]]
    target = (
        DOORS[kinds[0]].rows(scope).filter(uuid=wanted[named[0]]).first()
        if kinds and _is_uuid(wanted[named[0]])
        else None
    )
    return [kind for kind in kinds if target is not None and DOORS[kind].may(scope, target)] or kinds


def open_evidence(*, scope: Scope, evidence: str, origin: Origin | None = None) -> tuple[Evidence, bytes]:
    """The row and its bytes, compared with the hash before the first of them leaves; the reading is audited (trust 29, L1)."""
    with refusals_recorded(scope, "evidence.read", origin, evidence):
        row = Evidence.objects.visible_to(scope).select_related("village").filter(uuid=evidence).first()
        if row is None:
            raise NotFound
        if not may_read(scope, row):
            raise Denied("这份材料可能有证件号码或病情，您的岗位不能查看。")
        content = store.fetch(row.sha256)
    record(
        scope,
        "evidence.read",
        origin,
        "evidence",
        evidence,
        place=row,
        subject=row.get_kind_display(),
        sha256=row.sha256,
    )
    return row, content


def damaged_evidence() -> Iterator[str]:
    """Ids of rows whose file is gone or is no longer what was registered (trust 29)."""
    for row in Evidence.objects.order_by("pk").iterator(chunk_size=500):
        try:
            store.fetch(row.sha256)
        except WrongState:
            yield str(row.uuid)
