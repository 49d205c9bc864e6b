"""What always holds of a list, whatever people do to it: one look at the rows, then one check a sentence (issue 5.8)."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils import timezone

from assessment.models import Case, CaseState, Notice, NoticeStatus, Objection, Opinion, Sitting, SittingStatus, Verdict
from assessment.procedures import Mode, Procedure, procedure_of
from assessment.verification import verify_list
from core.crypto import check_seal_mac
from core.models import AuditRow
from core.verification import audit_faults
from households.models import Household, HouseholdVersion, Paper
from households.secrets import reveal

CASE = (
    "state", "stage", "pass_no", "category", "village", "household__hold", "household__standing", "household__village", "round__procedure",
)  # fmt: skip
VERDICT = ("case", "stage", "pass_no", "opinion", "category", "return_to", "by", "at", "voiding__by_verdict")
NOTICE = ("notice__opened_at",)
SITTING = ("sitting__delegation__principal", "sitting__delegation__delegate", "sitting__delegation__since", "sitting__delegation__until")
"""What the checks of every step read: a body is opened now and then."""
LIVE = (CaseState.OPEN, CaseState.HELD)


@dataclass(slots=True)
class Seen:
    """The village's rows at this moment, in four queries."""

    procedure: Procedure
    cases: list[Case]
    verdicts: dict[int, list[Verdict]] = field(default_factory=lambda: defaultdict(list))
    sittings: list[Sitting] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @classmethod
    def now(cls) -> "Seen":
        cases = list(Case.objects.select_related("household", "round").only(*CASE).order_by("pk"))
        seen = cls(procedure_of(cases[0].round.procedure), cases)
        rows = Verdict.objects.select_related("voiding", "notice", "sitting__delegation").only(*VERDICT, *NOTICE, *SITTING)
        for verdict in rows.order_by("pk"):
            seen.verdicts[verdict.case_id].append(verdict)
        seen.sittings = list(Sitting.objects.only("status", "counts"))
        seen.notices = list(Notice.objects.only("status", "ends_at"))
        return seen

    @property
    def all_verdicts(self) -> list[Verdict]:
        return [row for rows in self.verdicts.values() for row in rows]

    def agreed(self, case: Case) -> list[str]:
        """Stages with a standing agreement, in order."""
        rows = (row for row in self.verdicts[case.pk] if row.opinion == Opinion.AGREE and not hasattr(row, "voiding"))
        return sorted((row.stage for row in rows), key=self.procedure.index)


# --- after every step ------------------------------------------------------------------------------------------


def every_household_is_somewhere(walk, seen: Seen) -> None:
    """1: no case is lost or doubled; the states add up to the households."""
    assert len(seen.cases) == len(walk.cases)
    assert sum(Counter(case.state for case in seen.cases).values()) == len({case.household_id for case in seen.cases})


def no_stage_is_skipped(walk, seen: Seen) -> None:
    """2: the standing agreements are the stages before the one where the case stands, each of them once (trust 72)."""
    stages = [stage.code for stage in seen.procedure.stages]
    for case in seen.cases:
        passed = stages if case.state == CaseState.CONCLUDED else stages[: stages.index(case.stage)]
        assert seen.agreed(case) == passed, (case.stage, case.state)


def nothing_is_decided_twice(walk, seen: Seen) -> None:
    """3: one verdict a case, stage and pass (trust 73)."""
    keys = Counter((row.case_id, row.stage, row.pass_no) for row in seen.all_verdicts)
    assert not keys or max(keys.values()) == 1


def three_persons_decide_and_no_maker(walk, seen: Seen) -> None:
    """4: ruling 16, trust 74; whoever decides in somebody's place counts as both, and that somebody too."""
    makers = set(HouseholdVersion.objects.filter(by__isnull=False).values_list("household_id", "by_id"))
    for case in seen.cases:
        rows = [row for row in seen.verdicts[case.pk] if row.by_id and seen.procedure.by_code[row.stage].separated]
        hands = {(row.stage, person) for row in rows for person in (row.by_id, _principal(row)) if person}
        persons = Counter(person for _, person in hands)
        assert not persons or max(persons.values()) == 1
        assert not {(case.household_id, person) for person in persons} & makers


def _principal(row: Verdict) -> int | None:
    return row.sitting.delegation.principal_id if row.sitting_id and row.sitting.delegation_id else None


def locked_means_sealed_and_alive(walk, seen: Seen) -> None:
    """5: hold ⇔ a live case with a standing agreement."""
    for case in seen.cases:
        assert case.household.hold is (case.state in LIVE and bool(seen.agreed(case)))


def a_standing_is_written_once_and_only_by_a_conclusion(walk, seen: Seen) -> None:
    """6: standing ⇔ concluded, and it never changes."""
    for case in seen.cases:
        household = case.household
        assert bool(household.standing) is (case.state == CaseState.CONCLUDED)
        if household.standing:
            assert household.standing == case.category == walk.standing_of.setdefault(household.pk, household.standing)


def nobody_concludes_before_seven_whole_days(walk, seen: Seen) -> None:
    """7: ruling 19, trust 77: the last posting's day is not counted, day 7 runs to midnight."""
    for verdict in seen.all_verdicts:
        if verdict.notice_id:
            assert (timezone.localdate(verdict.at) - timezone.localdate(verdict.notice.opened_at)).days >= 8


def an_open_objection_holds_its_household_and_no_other(walk, seen: Seen) -> None:
    """8: N5. Of two objections to one household the first may have struck it off; the second then only waits to be written down."""
    objected = set(Objection.objects.open().filter(case__isnull=False).values_list("case_id", flat=True))
    assert {case.pk for case in seen.cases if case.state == CaseState.HELD} == {case.pk for case in seen.cases if case.state in LIVE} & objected


def a_closed_sitting_decided_what_it_counts(walk, seen: Seen) -> None:
    """9: counts of a closed sitting are its verdicts."""
    made: dict[int, Counter] = defaultdict(Counter)
    for verdict in seen.all_verdicts:
        made[verdict.sitting_id][verdict.opinion] += 1
    for sitting in seen.sittings:
        if sitting.status == SittingStatus.CLOSED:
            assert made[sitting.pk] == {key: n for key, n in sitting.counts.items() if key in Opinion.values and n}
        else:
            assert not made[sitting.pk]


def what_was_voided_lies_at_or_after_the_stage_returned_to(walk, seen: Seen) -> None:
    """10: a return voids by reference, and nothing earlier than where it returns to (ruling 15)."""
    by_pk = {row.pk: row for row in seen.all_verdicts}
    for row in seen.all_verdicts:
        cause = by_pk.get(row.voiding.by_verdict_id) if hasattr(row, "voiding") else None
        if cause is not None and cause.return_to:
            assert seen.procedure.index(row.stage) >= seen.procedure.index(cause.return_to)


def a_notice_stage_is_passed_by_the_clock_alone(walk, seen: Seen) -> None:
    """11: no person's verdict at a notice stage, and no other verdict by the clock: nothing is approved by it."""
    for verdict in seen.all_verdicts:
        notice = seen.procedure.by_code[verdict.stage].mode is Mode.NOTICE
        assert notice is (verdict.notice_id is not None) is (verdict.by_id is None)


def nobody_is_found_poor_without_having_asked(walk, seen: Seen) -> None:
    """12: 申请书 and 意愿书 were there when a poor household was concluded (A8-01, A8-13)."""
    for case in seen.cases:
        for verdict in seen.verdicts[case.pk]:
            if verdict.notice_id and verdict.category != "TUOPIN":
                papers = Paper.objects.filter(household=case.household_id, at__lte=verdict.at).exclude(set_aside__at__lte=verdict.at)
                assert {"application", "wish"} <= set(papers.values_list("kind", flat=True))


def a_household_stays_in_its_village(walk, seen: Seen) -> None:
    """13: nobody leaves the list's place by being decided."""
    assert {case.village_id for case in seen.cases} == {walk.world.village.pk}
    assert {case.household.village_id for case in seen.cases} == {walk.world.village.pk}


def a_pass_counts_its_returns(walk, seen: Seen) -> None:
    """14: each journey after the first began with a return, a 变更 or an objection's result; a pass is never used up twice."""
    for case in seen.cases:
        passes = [row.pass_no for row in seen.verdicts[case.pk]]
        assert passes == sorted(passes) and case.pass_no >= max(passes, default=1)
        assert case.pass_no >= walk.pass_of.setdefault(case.pk, 1)
        walk.pass_of[case.pk] = case.pass_no


def an_ended_case_is_never_decided_again(walk, seen: Seen) -> None:
    """15: 已终止, 不予列入 and 已认定 are ends (only an objection's result opens a rejected one again)."""
    for case in seen.cases:
        before = walk.ended.get(case.pk)
        if before and case.state == before[0]:
            assert len(seen.verdicts[case.pk]) == before[1]
        if case.state not in LIVE:
            walk.ended[case.pk] = (case.state, len(seen.verdicts[case.pk]))
        else:
            walk.ended.pop(case.pk, None)


def a_notice_s_period_never_moves(walk, seen: Seen) -> None:
    """16: once it hangs, its end stays; none is open before every sheet hangs (N4)."""
    for notice in seen.notices:
        if notice.ends_at:
            assert notice.ends_at == walk.ends_of.setdefault(notice.pk, notice.ends_at)
        assert (notice.status in (NoticeStatus.OPEN, NoticeStatus.ENDED)) <= bool(notice.ends_at)


def nobody_stands_in_outside_the_days_given(walk, seen: Seen) -> None:
    """17: a decision in somebody's place lies within the days, and is the stand-in's own act (ruling 13)."""
    for row in seen.all_verdicts:
        if _principal(row):
            given = row.sitting.delegation
            assert given.since <= timezone.localdate(row.at) <= given.until and row.by_id == given.delegate_id


EVERY_STEP: tuple[Callable, ...] = (
    every_household_is_somewhere, no_stage_is_skipped, nothing_is_decided_twice, three_persons_decide_and_no_maker, locked_means_sealed_and_alive,
    a_standing_is_written_once_and_only_by_a_conclusion, nobody_concludes_before_seven_whole_days, an_open_objection_holds_its_household_and_no_other,
    a_closed_sitting_decided_what_it_counts, what_was_voided_lies_at_or_after_the_stage_returned_to, a_notice_stage_is_passed_by_the_clock_alone,
    nobody_is_found_poor_without_having_asked, a_household_stays_in_its_village, a_pass_counts_its_returns, an_ended_case_is_never_decided_again,
    a_notice_s_period_never_moves, nobody_stands_in_outside_the_days_given,
)  # fmt: skip


# --- now and then, and at the end of every walk: they read and open everything -----------------------------------


def every_seal_opens_and_is_chained(walk, seen: Seen) -> None:
    """18: ruling 21."""
    last: dict[int, str] = {}
    for verdict in Verdict.objects.order_by("pk"):
        assert check_seal_mac(verdict.leaf, reveal(verdict, "body").encode())
        assert verdict.previous == last.get(verdict.case_id, "")
        last[verdict.case_id] = verdict.leaf


def the_village_verifies(walk, seen: Seen) -> None:
    """19: seal valid ⇐ untouched: `verify_list` finds nothing after honest work."""
    assert verify_list(walk.world.round, walk.world.village) == []


def the_trail_is_whole_and_tells_no_ground(walk, seen: Seen) -> None:
    """20: the audit chain holds; what people wrote is not on it."""
    assert list(audit_faults()) == []
    assert not any("外出务工" in str(row.detail) or "添一口人" in str(row.detail) for row in AuditRow.objects.all())


def households_are_counted_at_one_place(walk, seen: Seen) -> None:
    """21: the households of the list are those of the village."""
    here = set(Household.objects.filter(village=walk.world.village).values_list("pk", flat=True))
    assert {case.household_id for case in seen.cases} <= here


NOW_AND_THEN: tuple[Callable, ...] = (
    every_seal_opens_and_is_chained, the_village_verifies, the_trail_is_whole_and_tells_no_ground, households_are_counted_at_one_place,
)  # fmt: skip
