"""What people do to a list, as rules of a hypothesis state machine: every role, returns, 变更, ends, notices, objections, the clock."""

from datetime import timedelta

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

from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.actions.cases import amend_case, end_case
from assessment.actions.due import conclude_due
from assessment.actions.notices import NoticeText, post_sheet, start_notice, withdraw_notice
from assessment.actions.objections import lodge_objection, propose_outcome, take_objection
from assessment.actions.objections_outcome import confirm_outcome
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.models import Case, CaseState, Notice, NoticeStatus, Objection, Verdict
from core.errors import DomainError

VILLAGE = "422827102200"
ENTERED = ("zp", "cy", "xh", "xd")
DECIDERS = {"zp": ("cadre", "lead"), "cy": ("lead",), "xh": ("township", "township2"), "xd": ("county", "county2")}


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

    @rule(who=st.integers(0, 1), data=st.data())
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

    @rule(
        stage=st.sampled_from(ENTERED),
        group=st.sampled_from([1, 2]),
        who=st.integers(0, 1),
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
