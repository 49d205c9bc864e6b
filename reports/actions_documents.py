"""Papers made of frozen tables: make, say something, sign, send, take or send back; copies, spot checks, days (D6-03 to D6-09)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from accounts import roles
from accounts.models import User
from assessment.models import Round
from core.actions import Act, Origin, acting, lock
from core.crypto import seal_mac
from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.scope import Scope
from core.text import clean_block
from households.models import Household
from households.secrets import seal
from reports.areas import LEVELS, table_scope
from reports.document_rules import STEPS, needed_note
from reports.frozen import faults_of, open_snapshot
from reports.models import DocumentCopy, DocumentDeadline, DocumentStatus, DocumentStep, SpotFinding, TableDocument
from reports.selectors_documents import deadline_of, holds_at, may, may_check, signer_of, step_text, unequal_below

LONGEST = {"remarks": 500, "note": 300, "holder": 64, "received_by": 32, "text": 300}
UNSENT = (DocumentStatus.DRAFT, DocumentStatus.SIGNED, DocumentStatus.CONFIRMED)
MOST_POINTS = Decimal(100)
FAULTS_SHOWN = 12


def make_document(*, scope: Scope, snapshot: str, origin: Origin | None = None) -> TableDocument:
    """A paper of a frozen table, by the office whose table it is. One lives at a time for an area and round."""
    with acting(scope, "document.make", origin) as act:
        frozen = open_snapshot(scope, snapshot)
        lock(Round.objects.all(), pk=frozen.round_id)
        earlier = TableDocument.objects.filter(round=frozen.round_id, level=frozen.level, area_code=frozen.area_code).order_by("edition")
        last = earlier.last()
        place = {name: getattr(frozen, name) for name in ("round", "level", "county", "township", "village", "area_code")}
        row = TableDocument(snapshot=frozen, edition=(last.edition if last else 0) + 1, replaces=last, created_at=timezone.now(), **place)
        row.due = deadline_of(frozen.round, frozen.level)
        if not holds_at(scope, roles.TABLE_BUILD, row, row.level):
            raise Denied(f"{LEVELS[row.level]}由本级填报。")
        if last and last.status != DocumentStatus.RETURNED:
            raise WrongState("这个地区在本批次已有一份上报表。退回或撤下之后，才能另建一份。", code="document_exists")
        row.save(force_insert=True)
        _record(act, row, DocumentStep.Kind.MADE, "")
        act.audit("document", str(row.uuid), place=row.place, level=row.level, edition=row.edition, snapshot=frozen.serial)
    return row


def note_document(*, scope: Scope, uuid: str, version: int, remarks: str, origin: Origin | None = None) -> TableDocument:
    """填报说明, before anybody has signed."""
    with acting(scope, "document.note", origin) as act:
        row = _held(scope, uuid, version)
        if not holds_at(scope, roles.TABLE_BUILD, row, row.level):
            raise Denied
        if row.status != DocumentStatus.DRAFT:
            raise WrongState("已经签字，说明不能再改。要改，先撤回签字。", code="document_signed")
        row.remarks = _text("remarks", remarks, required=False)
        _save(row, "remarks")
        act.audit("document", str(row.uuid), place=row.place)
    return row


def take_step(*, scope: Scope, uuid: str, version: int, step: str, note: str = "", origin: Origin | None = None) -> TableDocument:
    """One step of `document_rules.STEPS`. WrongState with reasons where figures of levels differ or the frozen table is not whole."""
    with acting(scope, "document.step", origin) as act:
        row = _held(scope, uuid, version)
        rule = STEPS.get(step)
        if rule is None:
            raise BadInput("没有这一步。", fields={"step": ["没有这一步。"]})
        if not may(scope, rule, row):
            raise Denied
        if row.status not in rule.begins:
            raise WrongState(f"这份表现在是“{row.get_status_display()}”，不能{rule.word}。", code="document_state")
        if step == "confirmed" and signer_of(row) == scope.actor_id:
            raise WrongState("填报人和负责人须是两个人，请负责人用自己的账号签字。", code="same_person")
        wanted = needed_note(rule, row.level)
        note = _text("note", note, required=bool(wanted), title=wanted)
        if step == "submitted":
            _require_equal(row)
            row.submitted_at = timezone.now()
            row.due = deadline_of(row.round, row.level)
            row.late = row.due is not None and timezone.localdate() > row.due
        kind = DocumentStep.Kind.RETURNED if step == "dropped" else DocumentStep.Kind(step)
        _record(act, row, kind, f"填报单位撤下：{note}"[: LONGEST["note"]] if step == "dropped" else note)
        row.status = rule.ends
        _save(row, "status", "submitted_at", "due", "late")
        act.audit("document", str(row.uuid), place=row.place, step=rule.word, level=row.level, late=row.late)
    return row


def add_copy(
    *, scope: Scope, uuid: str, version: int, copy_no: int | None, holder: str, received_by: str, given_on: date | None, origin: Origin | None = None
) -> DocumentCopy:
    """一式三份: a printed copy that was handed over."""
    with acting(scope, "document.copy", origin) as act:
        row = _held(scope, uuid, version)
        if not holds_at(scope, roles.TABLE_BUILD, row, row.level):
            raise Denied
        if row.status not in (DocumentStatus.SUBMITTED, DocumentStatus.ACCEPTED):
            raise WrongState("上报之后才登记各份的去向。", code="document_state")
        if not copy_no or copy_no > 20 or given_on is None or given_on > timezone.localdate():
            faults = {"copy_no": [] if copy_no and copy_no <= 20 else ["请填第几份，1 至 20。"]}
            faults["given_on"] = [] if given_on and given_on <= timezone.localdate() else ["请填交付日期，不晚于今天。"]
            raise BadInput("没有登记。", fields={name: lines for name, lines in faults.items() if lines})
        if row.copies.filter(copy_no=copy_no).exists():
            raise BadInput("没有登记。", fields={"copy_no": [f"第 {copy_no} 份已经登记过。"]})
        made = DocumentCopy.objects.create(
            document=row, copy_no=copy_no, holder=_text("holder", holder, title="存放单位"),
            received_by=_text("received_by", received_by, required=False), given_on=given_on, by_id=scope.actor_id, at=timezone.now(),
        )  # fmt: skip
        act.audit("document", str(row.uuid), place=row.place, number=copy_no)
    return made


def add_finding(
    *, scope: Scope, uuid: str, text: str, points: Decimal | None, found_on: date | None, mend_by: date | None = None, household: str = "",
    origin: Origin | None = None,
) -> SpotFinding:  # fmt: skip
    """抽查 by an office above: what was found, and the points it takes off."""
    with acting(scope, "document.finding", origin) as act:
        row = _held(scope, uuid, None)
        if not may_check(scope, row):
            raise Denied
        if row.status not in (DocumentStatus.SUBMITTED, DocumentStatus.ACCEPTED):
            raise WrongState("上报之后才能抽查。", code="document_state")
        faults = {}
        if points is None or not 0 <= points <= MOST_POINTS:
            faults["points"] = ["扣分填 0 至 100，最多一位小数。"]
        if found_on is None or found_on > timezone.localdate():
            faults["found_on"] = ["请填抽查日期，不晚于今天。"]
        home = Household.objects.visible_to(table_scope(scope)).filter(code=household).first() if household else None
        if household and home is None:
            faults["household"] = ["没有这个户编号，或不在您负责的地区。"]
        if faults:
            raise BadInput("没有记下。", fields=faults)
        user = User.objects.get(pk=scope.actor_id)
        found = SpotFinding(document=row, household=home, points=points, found_on=found_on, mend_by=mend_by, by=user, by_name=user.name, at=timezone.now())
        seal(found, "text", _text("text", text, title="发现的问题"))
        found.save(force_insert=True)
        act.audit("document", str(row.uuid), place=row.place, points=str(points))
    return found


def mend_finding(*, scope: Scope, uuid: str, finding: str, mended_on: date | None, origin: Origin | None = None) -> SpotFinding:
    """整改: the office above has seen that it was mended. The points stay."""
    with acting(scope, "document.mended", origin) as act:
        row = _held(scope, uuid, None)
        if not may_check(scope, row):
            raise Denied
        found = lock(row.findings.all(), uuid=finding)
        if mended_on is None or not found.found_on <= mended_on <= timezone.localdate():
            raise BadInput("没有记下。", fields={"mended_on": ["整改日期须在抽查日期之后，不晚于今天。"]})
        if found.mended_on:
            raise WrongState("这一条已经记过整改。", code="finding_mended")
        found.mended_on = mended_on
        found.save(update_fields=["mended_on"])
        act.audit("document", str(row.uuid), place=row.place, day=str(mended_on))
    return found


def set_deadline(*, scope: Scope, round_code: str, level: str, due: date | None, origin: Origin | None = None) -> None:
    """The county's own day for a level's papers; None = no day."""
    with acting(scope, "document.deadline", origin) as act:
        round_ = Round.objects.visible_to(scope).select_related("county").filter(code=round_code).first()
        if round_ is None or level not in LEVELS:
            raise NotFound
        if not scope.may(roles.ROUND_MANAGE, round_.county):
            raise Denied
        if due is not None and due <= round_.reference_date:
            raise BadInput("没有保存。", fields={"due": ["期限须在基准日之后。"]})
        DocumentDeadline.objects.update_or_create(round=round_, level=level, defaults={"due": due, "by_id": scope.actor_id, "at": timezone.now()})
        TableDocument.objects.filter(round=round_, level=level, status__in=UNSENT).update(due=due)
        act.audit("round", round_.code, place=round_.county, level=level, day=str(due or ""))


# --- shared -----------------------------------------------------------------------------------------------------


def _held(scope: Scope, uuid: str, version: int | None) -> TableDocument:
    related = ("snapshot", "round", "village", "township", "county")
    row = lock(TableDocument.objects.visible_to(table_scope(scope)).select_related(*related), uuid=uuid)
    if version is not None and row.version != version:
        raise StaleVersion("这份表在您打开之后已有变动，请看过再办。")
    return row


def _require_equal(row: TableDocument) -> None:
    faults = [*faults_of(row.snapshot), *unequal_below(row)]
    if faults:
        raise WrongState("各级数字对不上，不能上报。请上下级核对，重新定稿。", code="table_not_equal", reasons=faults[:FAULTS_SHOWN])


def _save(row: TableDocument, *names: str) -> None:
    row.version += 1
    row.save(update_fields=[*names, "version"])


def _record(act: Act, row: TableDocument, kind: DocumentStep.Kind, note: str) -> None:
    user = User.objects.get(pk=act.scope.actor_id)
    last = row.steps.order_by("-pk").first()
    step = DocumentStep(document=row, kind=kind, note=note, by=user, by_name=user.name, at=timezone.now(), previous=last.mac if last else "")
    step.mac = seal_mac(step_text(step, row).encode())
    step.save(force_insert=True)


def _text(name: str, text: str, *, required: bool = True, title: str = "") -> str:
    text = clean_block(text)
    if required and not text:
        raise BadInput("没有保存。", fields={name: [f"请填{title or '这一项'}。"]})
    if len(text) > LONGEST[name]:
        raise BadInput("没有保存。", fields={name: [f"最多 {LONGEST[name]} 字，现有 {len(text)} 字。"]})
    return text
