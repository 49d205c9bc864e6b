"""公示: started by the township, posted by the village sheet by sheet, withdrawn without concluding (ruling 19; trust N1-N7, 76).

What a notice says is frozen when it is made. Its clock starts with the last group's posting and is never touched again.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError

from accounts import roles
from assessment import clock
from assessment.actions.locking import lock_households
from assessment.masking import PublicLine, public_line, scan
from assessment.models import Case, Notice, NoticeKind, NoticeLine, NoticeSheet, NoticeStatus, Round, RoundStatus
from assessment.procedures import Mode, Procedure, Stage, procedure_of
from assessment.sealing import notice_document, posting_digest, public_document
from assessment.seals import canonical
from assessment.selectors_notices import kind_of, posting_right, replaced_by, stage_of, waiting
from core.actions import Act, Origin, acting, lock, once
from core.crypto import seal_mac
from core.errors import BadInput, Denied, NotFound, Replayed, WrongState
from core.periods import notice_end
from core.scope import Scope
from households.codes import TIER
from villages.models import Village

SHORTEST_REASON, LONGEST_REASON = 4, 200
LATE_DAYS = 3
"""A posting is entered within so many days, so that the web page is up for most of the period."""
UNGROUPED, BEFORE_VISIT = "未分组", "拟入户调查"
_CALLED = re.compile("[0-9]{3,}")
PLAIN = ("备选名单", "拟选名单", "初选名单", "公告名单")
"""Names that do not say of whom the list is."""
BATCH = 500


@dataclass(frozen=True, slots=True)
class NoticeText:
    """What the office writes on the sheet; everything else comes from the list itself."""

    document_no: str = ""
    hotline: str = "12317"
    office: str = ""
    office_place: str = ""
    signed_by: str = ""


def start_notice(
    *, scope: Scope, round_code: str, stage: str, village_code: str, text: NoticeText, key: str = "",
    origin: Origin | None = None,
) -> Notice:  # fmt: skip
    """Freeze the sheets of the village's cases that wait for this notice. Raises NotFound, Denied, BadInput (text, N7), WrongState."""
    moment = clock.now()
    try:
        with acting(scope, "notice.start", origin) as act:
            village, round_, procedure = _ground(scope, round_code, stage, village_code)
            remember = once(scope, "notice.start", key, [round_code, stage, village_code, asdict(text)])
            _require_open(round_)
            text = _checked(text)
            cases = _waiting_cases(round_, stage, village)
            notice = _make(scope, round_, procedure.by_code[stage], village, text, moment)
            _freeze(notice, cases)
            act.audit(
                "notice", str(notice.uuid), place=notice, round=round_.code, stage=stage, number=notice.number,
                days=notice.days, households=len(cases), digest=notice.check_code,
            )  # fmt: skip
            act.feed("notice", str(notice.uuid), place=notice)
            remember(str(notice.uuid))
    except Replayed as earlier:
        return Notice.objects.visible_to(scope).get(uuid=earlier.object_code)
    return notice


def _ground(scope: Scope, round_code: str, stage: str, village_code: str) -> tuple[Village, Round, Procedure]:
    """All three in the caller's area, and the caller of the level that starts this notice."""
    village = Village.objects.visible_to(scope).select_related("county", "township").filter(code=village_code).first()
    round_ = Round.objects.visible_to(scope).filter(code=round_code).first()
    if village is None or round_ is None:
        raise NotFound
    procedure = procedure_of(round_.procedure)
    if stage not in procedure.by_code or procedure.by_code[stage].mode is not Mode.NOTICE:
        raise NotFound("这个批次没有这一次公示。")
    if not scope.may(roles.NOTICE_STARTS[procedure.by_code[stage].level], village):
        raise Denied
    return village, round_, procedure


def _require_open(round_: Round) -> None:
    if round_.status != RoundStatus.OPEN:
        raise WrongState(f"{round_.name}已经结束，不能再公示。", code="round_closed")


def _checked(text: NoticeText) -> NoticeText:
    """The office's words, trimmed; each field that may not be published is named (N7)."""
    values = {name: " ".join(value.split()) for name, value in asdict(text).items()}
    faults = {}
    for name, value in values.items():
        column = Notice._meta.get_field(name)
        if not value and not column.blank:
            faults[name] = [f"请填{column.verbose_name}。"]
        elif len(value) > column.max_length:
            faults[name] = [f"最多 {column.max_length} 字。"]
        elif reasons := scan(value, phones=name == "hotline"):
            faults[name] = list(reasons)
        elif name == "hotline" and not _CALLED.search(value):
            faults[name] = ["请填能打通的电话，如 12317。"]
    if faults:
        raise BadInput("公示没有发起，请改正标出的内容。", fields=faults)
    return NoticeText(**values)


def _waiting_cases(round_: Round, stage: str, village: Village) -> list[Case]:
    """Locked (households first, as every other door does it), and asked again: two starts at once must not both take a household."""
    rows = Case.objects.filter(round=round_, village=village, stage=stage)
    lock_households(waiting(rows).values_list("household_id", flat=True))
    ids = list(waiting(rows).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    found = waiting(rows.filter(pk__in=ids)).select_related("household", "group", "survey")
    cases = sorted(
        found, key=lambda case: (case.group is None, case.group.number if case.group else 0, case.household.code)
    )
    if not cases:
        raise WrongState(f"{village.short_name}没有等待公示的户。", code="nothing_waits")
    return cases


def _make(scope: Scope, round_: Round, stage: Stage, village: Village, text: NoticeText, moment: datetime) -> Notice:
    earlier = Notice.objects.filter(round=round_, stage=stage.code, village=village)
    kind, replaces = kind_of(earlier), replaced_by(earlier)
    notice = Notice(
        round=round_, stage=stage.code, kind=kind, number=earlier.count() + 1, county=village.county, township=village.township,
        village=village, days=notice_days(round_, stage), title=title_of(round_, stage, village, kind, corrects=replaces is not None),
        replaces=replaces, started_by_id=scope.actor_id, started_at=moment, **asdict(text),
    )  # fmt: skip
    try:
        notice.save()
    except IntegrityError as twice:
        raise WrongState("这个村已有一份待张贴的公示，请先张贴或撤回。", code="notice_in_preparation") from twice
    return notice


def notice_days(round_: Round, stage: Stage) -> int:
    """Longer by setting, never shorter than the floor in code (N4)."""
    return max(round_.notice_days, stage.notice.days, stage.notice.floor)


def title_of(round_: Round, stage: Stage, village: Village, kind: str, *, corrects: bool = False) -> str:
    """大河镇桐子园村2016年拟认定贫困户名单公示; a list with a name of its own keeps it, 公告 is said where it is one."""
    what = "拟认定贫困户名单" if stage.list_name == "公示名单" else f"贫困户{stage.list_name}" if stage.list_name in PLAIN else stage.list_name
    more = "更正" if corrects else "补充" if kind == NoticeKind.SUPPLEMENTARY else ""
    return f"{village.township.name}{village.short_name}{round_.year}年{what}{more}{stage.notice.word}"


def _freeze(notice: Notice, cases: Sequence[Case]) -> None:
    """Sheets and lines by the allow list, then the public hash and the seal over everything."""
    sheets = _sheets(notice, cases)
    lines = [_line(notice, sheets[case.group_id], case, position) for position, case in enumerate(cases, start=1)]
    NoticeLine.objects.bulk_create(lines, batch_size=BATCH)
    ordered = list(sheets.values())
    notice.check_code = hashlib.sha256(canonical(public_document(notice, ordered, lines))).hexdigest()
    notice.seal = seal_mac(canonical(notice_document(notice, ordered, lines)))
    notice.save(update_fields=["check_code", "seal"])


def _sheets(notice: Notice, cases: Sequence[Case]) -> dict[int | None, NoticeSheet]:
    groups = {case.group_id: case.group for case in cases}
    sheets: dict[int | None, NoticeSheet] = {}
    names: set[str] = set()
    for key, group in groups.items():
        name = group.name if group else UNGROUPED
        name = f"{name}（{group.code[-2:]}）" if name in names else name
        names.add(name)
        sheets[key] = NoticeSheet(notice=notice, group=group, group_name=name)
    NoticeSheet.objects.bulk_create(sheets.values(), batch_size=BATCH)
    return sheets


def line_of(case: Case, group_name: str, position: int) -> PublicLine:
    """What is published of one household; the preview shows the very same."""
    household = case.household
    persons = case.survey.persons if case.survey_id else household.persons
    return public_line(
        position=position, group=group_name, head_name=household.head_name.strip(), persons=persons,
        category=case.category, category_name=TIER.label(case.category) if case.category else BEFORE_VISIT, on_register=bool(household.exit_status),
    )  # fmt: skip


def _line(notice: Notice, sheet: NoticeSheet, case: Case, position: int) -> NoticeLine:
    household, line = case.household, line_of(case, sheet.group_name, position)
    reasons = scan(line.head_name) if line.head_name else ("户主待定，请先定户主。",)
    if reasons:
        raise WrongState(f"户 {household.code} 的户主姓名{reasons[0]}", code="unpublishable", reasons=reasons)
    return NoticeLine(
        notice=notice, sheet=sheet, case=case, household=household, pass_no=case.pass_no, position=line.position,
        head_name=line.head_name, masked_name=line.masked_name, persons=line.persons, category=line.category, result=line.result,
    )  # fmt: skip


def post_sheet(
    *, scope: Scope, notice: str, sheet: str, posted_at: datetime, posted_place: str, posted_name: str, key: str = "",
    origin: Origin | None = None,
) -> NoticeSheet:  # fmt: skip
    """张贴 of one group's sheet, entered once; on one board for the whole village all sheets hang at once. The last one starts the clock.
    Raises NotFound, Denied, BadInput, WrongState."""
    moment, posted = clock.now(), []
    try:
        with acting(scope, "notice.post", origin) as act:
            found = lock(Notice.objects.visible_to(scope), uuid=notice)
            if not scope.may(posting_right(found), found):
                raise Denied
            row = found.sheets.filter(uuid=sheet).first()
            if row is None:
                raise NotFound
            remember = once(scope, "notice.post", key, [str(notice), str(sheet), posted_at, posted_place, posted_name])
            _check_posting(found, row, posted_at, posted_place, posted_name, moment)
            for one in [row] if stage_of(found).per_group else found.sheets.filter(posted_at__isnull=True):
                one.posted_at, one.posted_place, one.posted_name = posted_at, posted_place.strip(), posted_name.strip()
                one.recorded_by_id, one.recorded_at = scope.actor_id, moment
                one.save(update_fields=["posted_at", "posted_place", "posted_name", "recorded_by", "recorded_at"])
                posted.append(one)
            _open_with_the_last(act, found)
            for one in posted:
                act.audit(
                    "notice", str(found.uuid), place=found, sheet=one.group_name, posted_at=posted_at, ends_at=found.ends_at,
                    digest=posting_digest(one),
                )  # fmt: skip
            act.feed("notice", str(found.uuid), place=found)
            remember(str(row.uuid))
    except Replayed as earlier:
        return NoticeSheet.objects.get(uuid=earlier.object_code, notice__in=Notice.objects.visible_to(scope))
    return row


def _check_posting(
    notice: Notice, sheet: NoticeSheet, posted_at: datetime, place: str, name: str, moment: datetime
) -> None:
    if notice.status == NoticeStatus.WITHDRAWN:
        raise WrongState("这份公示已经撤回，不用再张贴。", code="notice_withdrawn")
    if sheet.posted_at is not None:
        raise WrongState(f"{sheet.group_name}已经登记过张贴，登记后不能再改。", code="posted_already")
    faults: dict[str, list[str]] = {}
    if posted_at > moment:
        faults["posted_at"] = ["张贴时间不能晚于现在。"]
    elif posted_at < notice.started_at.replace(second=0, microsecond=0):
        faults["posted_at"] = ["张贴时间不能早于公示发起的时间。"]
    elif posted_at < moment - timedelta(days=LATE_DAYS):
        faults["posted_at"] = [f"张贴后 {LATE_DAYS} 天内登记。过了的，请到现场核对仍在张贴，按核对的时间登记。"]
    for field, value, longest in (("posted_place", place, 96), ("posted_name", name, 32)):
        if not value.strip() or len(value.strip()) > longest:
            faults[field] = [f"请填写，最多 {longest} 字。"]
        elif reasons := scan(value):
            faults[field] = list(reasons)
    if faults:
        raise BadInput("张贴没有登记，请改正标出的内容。", fields=faults)


def _open_with_the_last(act: Act, notice: Notice) -> None:
    """ends_at is written once, from the latest posting of all groups; a trigger keeps it (ruling 19)."""
    notice.version += 1
    columns = ["version"]
    if not notice.sheets.filter(posted_at__isnull=True).exists():
        notice.opened_at = max(notice.sheets.values_list("posted_at", flat=True))
        notice.ends_at = notice_end(notice.opened_at, notice.days)
        notice.status = NoticeStatus.OPEN
        columns += ["opened_at", "ends_at", "status"]
    notice.save(update_fields=columns)


def withdraw_notice(*, scope: Scope, notice: str, reason: str, key: str = "", origin: Origin | None = None) -> Notice:
    """撤回: voids without concluding; its cases wait for a new notice with a new full period (trust 76)."""
    moment = clock.now()
    try:
        with acting(scope, "notice.withdraw", origin) as act:
            found = lock(Notice.objects.visible_to(scope), uuid=notice)
            if not scope.may(roles.NOTICE_WITHDRAW, found):
                raise Denied
            remember = once(scope, "notice.withdraw", key, [str(notice), reason])
            _check_withdrawal(found, reason, moment)
            found.status, found.withdrawn_at, found.withdrawn_by_id = NoticeStatus.WITHDRAWN, moment, scope.actor_id
            found.withdrawn_reason, found.version = reason.strip(), found.version + 1
            found.save(update_fields=["status", "withdrawn_at", "withdrawn_by", "withdrawn_reason", "version"])
            act.audit("notice", str(found.uuid), place=found, stage=found.stage, households=found.lines.count())
            act.feed("notice", str(found.uuid), place=found)
            remember(str(found.uuid))
    except Replayed as earlier:
        return Notice.objects.visible_to(scope).get(uuid=earlier.object_code)
    return found


def _check_withdrawal(notice: Notice, reason: str, moment: datetime) -> None:
    if notice.status not in (NoticeStatus.PREPARING, NoticeStatus.OPEN):
        raise WrongState(f"这份公示{notice.get_status_display()}，不能撤回。", code="notice_over")
    if notice.ends_at is not None and notice.ends_at <= moment:
        raise WrongState("公示期已满，不能撤回。个别户有错的，由村里办变更。", code="notice_over")
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise BadInput(
            "公示没有撤回。", fields={"reason": [f"请写明撤回原因，{SHORTEST_REASON} 至 {LONGEST_REASON} 字。"]}
        )
    if reasons := scan(reason):
        raise BadInput("公示没有撤回。", fields={"reason": list(reasons)})
