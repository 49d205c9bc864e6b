"""A hall for tests: opens, fills and closes meetings through the actions, as the pages do."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from assessment.actions.ballots import BallotEntry, save_ballot
from assessment.actions.sitting_steps import waiting
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.models import Ballot, Case, Sitting
from assessment.procedures.identify import QXN, XINJIANG
from tests.assessment.papers_given import give_papers
from tests.assessment.queues import rank_by_score

VILLAGE = "422827102200"
WHO = {"zp": "cadre", "cy": "lead", "xh": "township", "xd": "county"}
WHO |= {"sq": "cadre", "fy": "lead", "qc": "township", "yj": "lead", "sh": "township", "ba": "county"}
STAGES = {stage.code: stage for procedure in (QXN, XINJIANG) for stage in procedure.stages}
BEFORE_OTHERS = "其余村分批评议，本村先定"
GOOD_CHECKS = {"omitted": False, "policy": True, "clan": False, "favour": False}


def persons(count: int, present: bool = True) -> list[dict[str, Any]]:
    return [{"name": f"代表{number}", "post": "", "present": present} for number in range(1, count + 1)]


def good_head(stage: str, **over: Any) -> SittingHead:
    """A head with which the stage of `qxn` may close: 5 persons, all there."""
    values = {
        "held_on": timezone.localdate(), "held_at": "村委会", "chair": "向主持", "recorder": "田记录", "panel": persons(5),
        "minutes": "逐户评议，没有异议。",
    }  # fmt: skip
    rule = STAGES[stage]
    if rule.checks:
        values["checks"] = GOOD_CHECKS
    if rule.needs_document:
        values["document_no"] = "来扶办〔2016〕8号"
    if rule.panel is None:
        values["panel"] = []
    return SittingHead(**(values | over))


@dataclass
class Hall:
    """`hall.decide("zp", group=1)` holds the whole meeting as the one whose stage it is; the single steps are there too."""

    scope: Any
    village: str = VILLAGE

    def open(self, stage: str, *, by: str = "", group: int | None = 1, **more: Any) -> Sitting:
        area: dict[str, Any] = {}
        if stage in STAGES and STAGES[stage].per_group:
            area = {"group_code": f"{self.village}{group:02d}"} if group else {"ungrouped": True}
        if stage in STAGES and STAGES[stage].level == "county":  # other villages of the township may have a list of their own below
            area["missing_reason"] = BEFORE_OTHERS
        return open_sitting(
            scope=self.scope(by or WHO[stage]),
            round_code="2016-SB",
            stage=stage,
            village_code=self.village,
            **(area | more),
        )

    def head(self, sitting: Sitting, *, by: str = "", **over: Any) -> Sitting:
        sitting.refresh_from_db()
        over = {"missing_reason": sitting.missing_reason} | over if sitting.missing_reason == BEFORE_OTHERS else over
        return save_head(
            scope=self.scope(by or WHO[sitting.stage]), sitting=str(sitting.uuid), version=sitting.version,
            head=good_head(sitting.stage, **over),
        )  # fmt: skip

    def ballot(
        self,
        sitting: Sitting,
        case: Case,
        opinion: str = "agree",
        *,
        by: str = "",
        version: int | None = None,
        **over: Any,
    ) -> Ballot:
        known = sitting.ballots.filter(case=case).first()
        values = {"note": "按会议意见"} | over
        if opinion == "return" and "return_to" not in values:
            values["return_to"] = STAGES[sitting.stage].returns_to[0]
        return save_ballot(
            scope=self.scope(by or WHO[sitting.stage]), sitting=str(sitting.uuid), case=str(case.uuid),
            version=(known.version if known else 0) if version is None else version, entry=BallotEntry(opinion, **values),
        )  # fmt: skip

    def close(self, sitting: Sitting, *, by: str = "", rest_agree: bool = True, **over: Any) -> Sitting:
        sitting.refresh_from_db()
        listed = list(waiting(sitting))
        if sitting.stage == "sq":  # where this procedure asks the households for their papers
            give_papers(listed)
        if sitting.stage in STAGES and STAGES[sitting.stage].ranked:
            rank_by_score(self.scope(by or WHO[sitting.stage]), sitting)
            sitting.refresh_from_db()
        values = {"version": sitting.version, "count": len(listed), "rest_agree": rest_agree} | over
        closed = close_sitting(scope=self.scope(by or WHO[sitting.stage]), sitting=str(sitting.uuid), **values)
        if sitting.stage == "xd":  # the default procedure asks for them after 县定
            give_papers(listed)
        return closed

    def ready(self, stage: str, *, by: str = "", group: int | None = 1, **more: Any) -> Sitting:
        """Open, with a good head."""
        return self.head(self.open(stage, by=by, group=group, **more), by=by)

    def decide(self, stage: str, *, by: str = "", group: int | None = 1, **more: Any) -> Sitting:
        return self.close(self.ready(stage, by=by, group=group, **more), by=by)

    def up_to(self, stage: str, *, groups: tuple[int | None, ...] = (1,)) -> None:
        """Everything agreed before `stage`, each stage by its own person."""
        for earlier in QXN.before(stage):
            for group in groups if earlier.per_group else (None,):
                self.decide(earlier.code, group=group)
