"""What people do to a list, as rules of a hypothesis state machine: every role, returns, 变更, ends, notices, objections, the clock."""

from datetime import timedelta
from decimal import Decimal

import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from accounts import roles
from accounts.actions_delegations import Wish, give_delegation
from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.actions.cases import amend_case, end_case
from assessment.actions.due import conclude_due
from assessment.actions.notices import NoticeText, post_sheet, start_notice, withdraw_notice
from assessment.actions.objections import lodge_objection, propose_outcome, take_objection
from assessment.actions.objections_outcome import confirm_outcome
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.models import Case, CaseState, Notice, NoticeStatus, Objection, Verdict
from assessment.verification import verify_list
from core.errors import DomainError
from households.actions.income import save_income
from households.actions.papers import set_aside_paper
from households.models import Household, Paper
from tests.assessment.list_ground import tamper
from tests.assessment.papers_given import give_papers

VILLAGE = "422827102200"
ENTERED = ("zp", "cy", "xh", "xd")
TAMPERING = (
    "UPDATE assessment_verdict SET category = 'XXX' WHERE id = {verdict}",
    "UPDATE assessment_verdict SET votes_for = 99 WHERE id = {verdict}",
    "UPDATE assessment_verdict SET leaf = 'x' WHERE id = {verdict}",
    "UPDATE assessment_case SET stage = 'gs', pass_no = 9 WHERE id = {case}",
    "UPDATE households_household SET head_name = '李四' WHERE id = {household}",
)
DECIDERS = {
    "zp": ("cadre", "lead"), "cy": ("lead", "lead", "cadre"), "xh": ("township", "township2", "township_other"), "xd": ("county", "county2"),
}  # fmt: skip
"""`cadre` decides for the village, and `township_other` for this township, only as somebody's stand-in."""
STAND_INS = (("lead", roles.VILLAGE_LEAD, VILLAGE, "cadre"), ("township", roles.TOWNSHIP, VILLAGE[:9], "township_other"), ("cadre", roles.VILLAGE_LEAD, VILLAGE, "cadre2"))


class PeopleAtWork(RuleBasedStateMachine):
    """`world` is bound by the test: cast, scope, round, cases."""

    world = None
    ahead = 0

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # the actions' own blocks are durable
        self.block.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=True)
        self.traveller = self.clock.start()
        self.cases = self.world.make_cases()
        self.standing_of: dict[int, str] = {}
        self.pass_of: dict[int, int] = {}
        self.ended: dict[int, tuple[str, int]] = {}
        self.ends_of: dict[int, object] = {}
        self.steps = 0

    def teardown(self) -> None:
        self.world.reached.update(Case.objects.values_list("state", flat=True))
        self.world.reached.update(f"stage {stage}" for stage in Verdict.objects.values_list("stage", flat=True))
        self.clock.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def attempt(self, action, **arguments):
        """The action, or its refusal: a refusal changes no case."""
        before = self._shape()
        try:
            return action(**arguments)
        except DomainError:
            assert self._shape() == before, f"a refused {action.__name__} left a trace"
            return None

    @staticmethod
    def _shape():
        return (
            list(Case.objects.order_by("pk").values_list("stage", "pass_no", "state", "category", "version")),
            Verdict.objects.count(),
            Notice.objects.count(),
        )

    def scope(self, login: str):
        return self.world.scope(login)

    # --- what people do

    @initialize()
    def begin_somewhere(self):
        """A walk may begin with a list that has come some way, so that few steps see late stages too."""
        for _ in range(min(self.ahead, len(ENTERED))):
            self.walk_everything_one_stage_on()
        if self.ahead > len(ENTERED):
            self.start_a_notice()
        if self.ahead > len(ENTERED) + 1:
            self.days_go_by(9)

    @rule(who=st.integers(0, 2), data=st.data())
    def hold_the_next_sitting(self, who, data):
        """Where something waits: most walks must get to the end, or the invariants see nothing but beginnings."""
        waiting = (
            Case.objects.filter(state=CaseState.OPEN, stage__in=ENTERED)
            .order_by("pk")
            .values_list("stage", "group__number")
        )
        if waiting:
            stage, group = data.draw(st.sampled_from(sorted(set(waiting))))
            self.hold_a_sitting(stage, group, who, data.draw(st.sampled_from([True, True, True, False])), data)

    @rule()
    def walk_everything_one_stage_on(self):
        """The ordinary course: every list that waits is decided by the first account of its level, each to its next stage."""
        waiting = Case.objects.filter(state=CaseState.OPEN, stage__in=ENTERED).values_list("stage", "group__number")
        stages = {stage for stage, _ in waiting}
        for stage, group in sorted(
            {(stage, group if stage == "zp" else 1) for stage, group in waiting if stage in stages}, reverse=True
        ):
            self.hold_a_sitting(stage, group, 0, True, None)
        give_papers(Case.objects.filter(stage="gs"))

    @rule(pick=st.integers(0, 20))
    def a_household_signs_its_papers(self, pick):
        if pick < len(self.cases):
            give_papers([self.cases[pick]])

    @precondition(lambda self: Paper.objects.filter(set_aside__isnull=True).exists())
    @rule(dice=st.integers(0, 3))
    def a_paper_is_set_aside(self, dice):
        if not dice:
            paper = Paper.objects.filter(set_aside__isnull=True).order_by("pk").first()
            self.attempt(set_aside_paper, scope=self.scope("cadre"), paper=str(paper.uuid), reason="传成了别家的")

    @rule(
        stage=st.sampled_from(ENTERED),
        group=st.sampled_from([1, 2]),
        who=st.integers(0, 2),
        rest=st.booleans(),
        data=st.data(),
    )
    def hold_a_sitting_out_of_turn(self, stage, group, who, rest, data):
        self.hold_a_sitting(stage, group, who, rest, data)

    def hold_a_sitting(self, stage, group, who, rest, data):
        login = DECIDERS[stage][who % len(DECIDERS[stage])]
        code = f"{VILLAGE}{group:02d}" if stage == "zp" else ""
        scope = self.scope(login)
        sitting = self.attempt(
            open_sitting, scope=scope, round_code=self.world.round.code, stage=stage, village_code=VILLAGE, group_code=code,
            missing_reason="2组外出务工，择日补开",
        )  # fmt: skip
        if sitting is None:
            return
        sitting = self.attempt(
            save_head, scope=scope, sitting=str(sitting.uuid), version=sitting.version, head=head_of(stage)
        )
        if sitting is None:
            return
        waiting = self.waiting(sitting)
        for case in data.draw(st.lists(st.sampled_from(waiting), unique=True, max_size=2)) if waiting and data else []:
            entry = data.draw(entries(stage))
            self.attempt(
                save_ballot, scope=scope, sitting=str(sitting.uuid), case=str(case.uuid), version=0, entry=entry
            )
        sitting.refresh_from_db()
        self.attempt(
            close_sitting,
            scope=scope,
            sitting=str(sitting.uuid),
            version=sitting.version,
            rest_agree=rest,
            count=len(waiting),
        )

    @staticmethod
    def waiting(sitting) -> list[Case]:
        rows = Case.objects.filter(village=sitting.village, stage=sitting.stage, state=CaseState.OPEN)
        return list(rows.filter(group=sitting.group) if sitting.group_id else rows)

    @rule(pick=st.integers(0, 20))
    def change_a_locked_household(self, pick):
        if pick >= len(self.cases):
            return
        code = self.cases[pick].household.code
        self.attempt(
            amend_case,
            scope=self.scope("cadre"),
            household_code=code,
            subject="members",
            reason="新添一口人，改家庭成员",
        )

    @rule(who=st.sampled_from(STAND_INS), days=st.integers(0, 8), dice=st.integers(0, 1))
    def somebody_names_a_stand_in(self, who, days, dice):
        """The last of them has no such post: refused."""
        giver, role, area, login = who
        today = timezone.localdate()
        if dice:
            wish = Wish(role, area, login, today, today + timedelta(days=days), "meeting")
            assert (self.attempt(give_delegation, scope=self.scope(giver), wish=wish) is None) or giver != "cadre"

    @rule(pick=st.integers(0, 4), wage=st.sampled_from([1000, 9000]))
    def a_cadre_types_an_income(self, pick, wage):
        """Open households change; a locked one is refused: what was sealed stays what it was."""
        household = Household.objects.get(pk=self.cases[pick].household_id)
        was_locked, version = household.hold, household.version
        self.attempt(save_income, scope=self.scope("cadre"), code=household.code, year=2016, version=version, parts={"wage": Decimal(wage)}, rest_zero=True)
        household.refresh_from_db()
        assert household.version == version + (not was_locked)

    @precondition(lambda self: Verdict.objects.exists())
    @rule(pick=st.integers(0, 60), what=st.sampled_from(TAMPERING))
    def somebody_writes_past_the_actions(self, pick, what):
        """Seal valid ⇒ untouched: whatever is written past the actions is named, and nothing is left of it here."""
        verdict = Verdict.objects.order_by("pk")[pick % Verdict.objects.count()]
        block = transaction.atomic()
        with block:
            tamper(what.format(verdict=verdict.pk, case=verdict.case_id, household=verdict.case.household_id, sitting=verdict.sitting_id or 0))
            found = verify_list(self.world.round, self.world.village)
            transaction.set_rollback(True)
        assert found, what

    @rule(pick=st.integers(0, 20), reason=st.sampled_from(["given_up", "moved"]))
    def end_a_case(self, pick, reason):
        if pick >= len(self.cases):
            return
        code = self.cases[pick].household.code
        self.attempt(end_case, scope=self.scope("lead"), household_code=code, reason=reason, note="本人签字声明在案")

    @precondition(lambda self: Case.objects.filter(state=CaseState.OPEN, stage="gs").exists())
    @rule()
    def start_a_notice(self):
        text = NoticeText(
            document_no="",
            hotline="12317",
            office="大河镇扶贫办",
            office_place="镇政府一楼",
            signed_by="大河镇人民政府",
        )
        self.attempt(
            start_notice,
            scope=self.scope("township"),
            round_code=self.world.round.code,
            stage="gs",
            village_code=VILLAGE,
            text=text,
        )
        self.post_sheets()

    def post_sheets(self):
        for notice in Notice.objects.filter(status=NoticeStatus.PREPARING):
            for sheet in notice.sheets.filter(posted_at__isnull=True):
                self.attempt(
                    post_sheet, scope=self.scope("cadre"), notice=str(notice.uuid), sheet=str(sheet.uuid),
                    posted_at=timezone.now(), posted_place="村委会公示栏", posted_name="覃晓燕",
                )  # fmt: skip

    @precondition(lambda self: Notice.objects.filter(status__in=(NoticeStatus.PREPARING, NoticeStatus.OPEN)).exists())
    @rule(dice=st.integers(0, 4))
    def withdraw_a_notice(self, dice):
        if dice:
            return
        notice = Notice.objects.filter(status__in=(NoticeStatus.PREPARING, NoticeStatus.OPEN)).first()
        if notice:
            self.attempt(
                withdraw_notice, scope=self.scope("township"), notice=str(notice.uuid), reason="名单有误，重新公示"
            )

    @rule(days=st.sampled_from([1, 7, 8, 9]))
    def days_go_by(self, days):
        self.traveller.shift(timedelta(days=days))
        self.attempt(conclude_due, now=timezone.now())  # the database server cannot travel

    @precondition(lambda self: Notice.objects.on_show(timezone.now()).exists())
    @rule(pick=st.integers(0, 4), who=st.sampled_from(["cadre", "township2"]))
    def somebody_objects(self, pick, who):
        self.attempt(
            lodge_objection, scope=self.scope(who), round_code=self.world.round.code, village_code=VILLAGE, kind="wrong",
            channel="village" if who == "cadre" else "township", text="他家盖了新房，在外务工", anonymous=True,
            household_code=self.cases[pick].household.code,
        )  # fmt: skip

    @precondition(lambda self: Objection.objects.open().exists())
    @rule(
        outcome=st.sampled_from(["keep", "keep", "return", "remove", "change"]),
        handler=st.sampled_from(["township", "township2"]),
        head=st.sampled_from(["county", "county2"]),
    )
    def the_objection_is_settled(self, outcome, handler, head):
        objection = Objection.objects.open().order_by("pk").first()
        category = "YIBAN" if outcome == "change" else ""
        self.attempt(take_objection, scope=self.scope(handler), code=objection.code)
        self.attempt(
            propose_outcome, scope=self.scope(handler), code=objection.code, proposal=outcome, category=category,
            finding="入户核查，邻居证实房屋为其弟所有", visited_on=timezone.localdate(),
        )  # fmt: skip
        self.attempt(
            confirm_outcome, scope=self.scope(head), code=objection.code, accept=True, outcome=outcome, category=category,
            answer="经核查，按核查意见办理",
        )  # fmt: skip


def head_of(stage: str) -> SittingHead:
    panel = [{"name": f"成员{n}", "post": "村民代表", "present": True} for n in range(5)]
    checks = {"omitted": False, "policy": True, "clan": False, "favour": False} if stage == "xh" else {}
    return SittingHead(
        held_on=timezone.localdate(), held_at="村委会", chair="张永富", recorder="覃晓燕", panel=panel, panel_name="评议小组",
        expected=5, present=5, document_no="来扶发〔2016〕3号" if stage == "xd" else "", checks=checks,
        minutes="会议逐户评议。", missing_reason="2组外出务工，择日补开",
    )  # fmt: skip


def entries(stage: str):
    back = list(ENTERED[: ENTERED.index(stage)]) or [""]
    votes = {"votes_for": 5, "votes_against": 0} if stage in ("zp", "cy") else {}
    return st.sampled_from(["agree", "return", "reject"]).flatmap(
        lambda opinion: st.builds(
            BallotEntry, opinion=st.just(opinion), category=st.sampled_from(["", "DIBAO", "YIBAN"]),
            return_to=st.sampled_from(back) if opinion == "return" else st.just(""), note=st.sampled_from(["", "缺签字，补齐再议"]),
            **{name: st.just(value) for name, value in votes.items()},
        )
    )  # fmt: skip
