"""The demo's lists: villages of 大河镇 at every stage, walked by the project's own actions on earlier days (issue 3.10).

The villages of `cadre`, `lead`, `cadre2` and `lead2` stay at the first stage: they are for whoever tries the demo.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.utils import timezone

from accounts.models import User
from accounts.scopes import scope_of
from assessment import clock
from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.actions.due import conclude_due
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.actions.objections import lodge_objection, take_objection
from assessment.actions.panels import PanelEntry, save_panel
from assessment.actions.samples import RecheckEntry, draw_sample, record_recheck
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.models import Case, CaseState, Notice, NoticeSheet, Panel, Sitting
from core.errors import BadInput
from core.scope import Scope
from fupin.demo.scans import signed_page
from households.actions.papers import add_paper
from households.consent import PaperEntry
from villages.models import Village

DECIDERS = {"cy": "", "xh": "township", "xd": "county"}
LEADS = {
    "422827102212": "lead_12", "422827102208": "lead_08", "422827102205": "lead_05", "422827102203": "lead_03",
    "422827102209": "lead_09", "422827102206": "lead_06", "422827102213": "lead_13", "422827102207": "lead_07",
}  # fmt: skip
NAMES = ("向家友", "覃世华", "田永兰", "张德明", "彭桂英", "黄长青", "滕玉梅", "杨正兴", "姚秀珍", "龙生富", "吴兴国", "谭凤英")
POSTS = ("村民代表", "党员", "组长", "老教师", "村民代表", "妇女代表")
INSPECTORS = (("田维珍", "扶贫办主任"), ("罗明", "民政办"), ("余兰", "财政所"), ("舒国强", "派出所"), ("冉红", "驻村队长"))
TEXT = NoticeText(
    document_no="大河扶公〔2016〕4号", hotline="12317", office="大河镇扶贫办", office_place="大河镇人民政府一楼 103 室",
    signed_by="大河镇人民政府",
)  # fmt: skip
PANEL_NAMES = {"zp": "评议小组", "cy": "村民代表", "xh": "大河镇清查组"}
GOOD_GATES = {"omitted": False, "policy": True, "clan": False, "favour": False}

STILL_BELOW = "其余村分批评议，本村先定，分批公示。"

RUN_OUT = "422827102213"


@dataclass(frozen=True)
class Walk:
    """A village and how many days ago each of its steps was taken; a step that is missing has not been taken."""

    village: str
    days_ago: dict[str, int]


WALKS = (
    Walk("422827102208", {"zp": 6}),
    Walk("422827102205", {"zp": 12, "cy": 8}),
    Walk("422827102203", {"zp": 20, "cy": 16, "xh": 5}),
    Walk("422827102209", {"zp": 25, "cy": 20, "xh": 12, "xd": 2}),
    Walk("422827102206", {"zp": 30, "cy": 26, "xh": 20, "xd": 9, "gs": 3}),
    Walk("422827102213", {"zp": 40, "cy": 35, "xh": 28, "xd": 18, "gs": 9}),
    Walk("422827102207", {"zp": 50, "cy": 45, "xh": 38, "xd": 28, "gs": 20, "end": 11}),
)
FIRST_GROUP_ONLY, HALF_DECIDED, RETURNED = "422827102212", "422827102205", "422827102203"
OTHERWISE = (
    BallotEntry("agree", category="YIBAN", reasons=("better_off",)), BallotEntry("agree"),
    BallotEntry("agree", category="DOUDI", reasons=("sudden_harm",)),
)  # fmt: skip
"""What one village decided otherwise than scored."""
OBJECTED = {"422827102206": 1, "422827102213": 4}
"""Village → days ago. The second one's days have run out since: its other households are concluded, this one is held."""
UNSIGNED = {"422827102206": 30, "422827102213": 2}
"""Village → how many households have not signed yet: they wait when the notice has run out."""


def walk_lists(round_code: str) -> None:
    """All of it; villages that have a closed sitting already are left alone, so a killed start goes on."""
    _save_panels()
    done = set(Sitting.objects.filter(round__code=round_code).values_list("village__code", flat=True))
    now = timezone.now()
    if FIRST_GROUP_ONLY not in done:
        with clock.stepped_to(now - timedelta(days=4)):
            _group_meetings(round_code, FIRST_GROUP_ONLY, only=1)
    for walk in WALKS:
        if walk.village not in done:
            _walk(round_code, walk, now)
    if HALF_DECIDED not in done:
        _decide_half(round_code)
        _visit_again(round_code)


def _walk(round_code: str, walk: Walk, now: datetime) -> None:
    for step, days in walk.days_ago.items():
        with clock.stepped_to(now - timedelta(days=days)):
            STEPS.get(step, _office_meeting)(round_code, walk.village, step)
    if walk.village in OBJECTED:
        with clock.stepped_to(now - timedelta(days=OBJECTED[walk.village])):
            _object(round_code, walk.village)


def _as(login: str) -> Scope:
    return scope_of(User.objects.get(login=login))


def _save_panels() -> None:
    """评议小组 of the demo accounts' groups and the 清查组 of the township: whoever tries the demo need not type them."""
    if Panel.objects.exists():
        return
    members = [{"name": name, "post": post} for name, post in INSPECTORS]
    save_panel(scope=_as("township"), entry=PanelEntry("inspection", "大河镇清查组", members, township_code="422827102"))
    for login, code in (("lead", "422827102200"), ("lead2", "422827102201")):
        village = Village.objects.get(code=code)
        save_panel(scope=_as(login), entry=PanelEntry("village", "村民代表", _people(12), village_code=code))
        for number, group in enumerate(village.groups.all()):
            entry = PanelEntry("group", f"{group.name}评议小组", _people(5, number), village_code=code, group_code=group.code)
            save_panel(scope=_as(login), entry=entry)


def _people(count: int, start: int = 0) -> list[dict[str, str]]:
    return [
        {"name": NAMES[(start + n) % len(NAMES)] + ("" if start + n < len(NAMES) else "二"), "post": POSTS[n % len(POSTS)]}
        for n in range(count)
    ]


def _group_meetings(round_code: str, village: str, step: str = "zp", only: int = 0) -> None:
    """组评 of every group (or the first `only`), one household with another category, with its reason."""
    cadre = _as("cadre3")
    groups = Case.objects.filter(village__code=village, round__code=round_code, state=CaseState.OPEN, stage="zp")
    codes = sorted(set(groups.values_list("group__code", flat=True)), key=lambda code: code or "~")
    for number, code in enumerate(codes[: only or len(codes)]):
        sitting = open_sitting(
            scope=cadre, round_code=round_code, stage="zp", village_code=village, group_code=code or "", ungrouped=not code
        )
        entries = [BallotEntry("agree", category="YIBAN", note="儿子已稳定务工，评议一致")] if number == 0 else []
        _hold(cadre, sitting, _people(5, number), "村委会活动室", entries)


def _village_meeting(round_code: str, village: str, step: str) -> None:
    lead = _as(LEADS[village])
    sitting = open_sitting(scope=lead, round_code=round_code, stage="cy", village_code=village)
    _hold(lead, sitting, _people(12), "村委会会议室", list(OTHERWISE) if village == HALF_DECIDED else [])


def _office_meeting(round_code: str, village: str, step: str) -> None:
    """乡核 or 县定; 县定 of one village sends a household back."""
    office = _as(DECIDERS[step])
    without = STILL_BELOW if step == "xd" else ""
    sitting = open_sitting(scope=office, round_code=round_code, stage=step, village_code=village, missing_reason=without)
    panel = [{"name": name, "post": post} for name, post in INSPECTORS] if step == "xh" else []
    back = [BallotEntry("return", return_to="zp", reasons=("no_proof",), note="请补务工单位的工资证明")]
    _hold(office, sitting, panel, "镇政府会议室" if step == "xh" else "县扶贫办会议室", back if village == RETURNED else [])


def _hold(scope: Scope, sitting: Sitting, panel: list[dict[str, str]], place: str, entries: list[BallotEntry]) -> None:
    """Head, the given entries for the first households, 其余全部同意, close."""
    head = SittingHead(
        held_on=timezone.localdate(clock.now()), held_at=place, chair=scope.actor_label, recorder="覃晓燕",
        panel=[{**member, "present": True} for member in panel], panel_name=PANEL_NAMES.get(sitting.stage, ""),
        expected=len(panel) or None, present=len(panel) or None, checks=GOOD_GATES if sitting.stage == "xh" else {},
        document_no="来扶发〔2016〕12号" if sitting.stage == "xd" else "", minutes="逐户介绍情况，逐户评议，结果当场宣布。",
        missing_reason=sitting.missing_reason,
    )  # fmt: skip
    sitting = save_head(scope=scope, sitting=str(sitting.uuid), version=sitting.version, head=head)
    cases = list(_waiting(sitting))
    for case, entry in zip(cases, entries, strict=False):
        save_ballot(scope=scope, sitting=str(sitting.uuid), case=str(case.uuid), version=0, entry=entry)
    sitting.refresh_from_db()
    close_sitting(scope=scope, sitting=str(sitting.uuid), version=sitting.version, rest_agree=True, count=len(cases))


def _waiting(sitting: Sitting):
    rows = Case.objects.filter(
        round=sitting.round, village=sitting.village, stage=sitting.stage, state=CaseState.OPEN
    ).order_by("household__code")
    return rows.filter(group=sitting.group) if sitting.group_id or sitting.ungrouped else rows


def _decide_half(round_code: str) -> None:
    """乡核 in the middle of its work: half the households have an entry."""
    office = _as("township")
    sitting = open_sitting(scope=office, round_code=round_code, stage="xh", village_code=HALF_DECIDED)
    cases = list(_waiting(sitting))
    for number, case in enumerate(cases[: len(cases) // 2]):
        back = BallotEntry("return", return_to="cy", reasons=("no_signature",), note="请补签字")
        entry = back if number % 9 == 4 else BallotEntry("agree")
        with suppress(BadInput):  # a household with an exclusion condition cannot be agreed: it is left, as an officer would
            save_ballot(scope=office, sitting=str(sitting.uuid), case=str(case.uuid), version=0, entry=entry)


def _visit_again(round_code: str) -> None:
    """A sample of that list: one household is better off than its form says, one has not been visited yet."""
    office, sitting = _as("township"), Sitting.objects.get(round__code=round_code, stage="xh", village__code=HALF_DECIDED)
    lines = list(draw_sample(scope=office, sitting=str(sitting.uuid)).lines.select_related("case__survey__score__rubric"))
    for number, line in enumerate(lines[:-1]):
        case = line.case
        better = _better_house(case) if number == 0 else {}
        entry = RecheckEntry(
            "differs" if better else "same", timezone.localdate(clock.now()), ("罗明", "余兰"), better, note="新修的砖混房，去年底完工" if better else ""
        )
        with suppress(BadInput):  # a namesake in the household: left for another pair
            record_recheck(scope=office, sitting=str(sitting.uuid), case=str(case.uuid), seen=0, entry=entry)


def _better_house(case: Case) -> dict[str, str]:
    """The first look with its best answers, where the form says less."""
    look = case.survey.score.rubric.value.looks[0]
    best = {item.code: max(item.options, key=lambda option: option.points) for item in look.indicators}
    return {code: option.code for number, (code, option) in enumerate(best.items()) if case.survey.answers[number] != str(option.ordinal)}


def _post_notice(round_code: str, village: str, step: str) -> None:
    _sign_papers(round_code, village)
    notice = start_notice(scope=_as("township"), round_code=round_code, stage="gs", village_code=village, text=TEXT)
    for sheet in NoticeSheet.objects.filter(notice=notice):
        post_sheet(
            scope=_as("cadre3"), notice=str(notice.uuid), sheet=str(sheet.uuid), posted_at=clock.now(),
            posted_place=f"{sheet.group_name}公示栏", posted_name="向志成",
        )  # fmt: skip


def _sign_papers(round_code: str, village: str) -> None:
    """申请书 and 意愿书 of the households at 公示, all but those that the demo leaves waiting."""
    cadre, scans = _as("cadre3"), {kind: signed_page(kind) for kind in ("application", "wish")}
    cases = Case.objects.filter(round__code=round_code, village__code=village, stage="gs", state=CaseState.OPEN)
    cases = list(cases.exclude(category="TUOPIN").select_related("household").order_by("household__code"))
    for case in cases[: len(cases) - UNSIGNED.get(village, 0)]:
        for kind, scan in scans.items():
            entry = PaperEntry(kind, timezone.localdate(clock.now()), signer=_signer(case), face_to_face=True)
            add_paper(scope=cadre, household=case.household.code, entry=entry, file=BytesIO(scan), now=clock.now())


def _signer(case: Case) -> str:
    """The head, or the eldest of a household whose head is still to be found."""
    members = case.household.memberships.current().order_by("relation", "person__birth")
    return str(members.values_list("uuid", flat=True).first())


def _conclude(round_code: str, village: str, step: str) -> None:
    conclude_due(clock.now())


def _object(round_code: str, village: str) -> None:
    notice = Notice.objects.get(round__code=round_code, village__code=village)
    line = notice.lines.select_related("household").order_by("position").first()
    objection = lodge_objection(
        scope=_as("cadre3"), round_code=round_code, village_code=village, kind="wrong", channel="village",
        text="他家今年新建了两层楼房，邻居都知道。", household_code=line.household.code, anonymous=True,
    )  # fmt: skip
    if village == RUN_OUT:
        take_objection(scope=_as("township2"), code=objection.code)


STEPS: dict[str, Callable[[str, str, str], None]] = {
    "zp": _group_meetings,
    "cy": _village_meeting,
    "gs": _post_notice,
    "end": _conclude,
}
