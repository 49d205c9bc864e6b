"""A hypothesis state machine over the list: five households of a village, every role, returns, 变更, ends, notices, the clock.

Whatever is done in whatever order, what the invariants below say holds after each step. Refusals are part of the game: a step that
a rule forbids leaves no trace but its audit row.
"""

from collections import Counter

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    invariant,
    run_state_machine_as_test,
)

from assessment.models import Case, CaseState, Objection, Opinion, Sitting, SittingStatus, Verdict
from assessment.procedures import Mode, procedure_of
from assessment.verification import verify_list
from core.crypto import check_seal_mac
from core.models import AuditRow
from core.verification import audit_faults
from households.models import Household, HouseholdVersion
from households.secrets import reveal
from tests.assessment.people_at_work import VILLAGE, PeopleAtWork

FOUND = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # a walk costs seconds: shrinking is for whoever looks into a failure
SMALL = settings(
    max_examples=6,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=FOUND,
    print_blob=True,
)
LARGE = settings(SMALL, max_examples=40, stateful_step_count=50, derandomize=False)


class TheList(PeopleAtWork):
    """The rules, with what holds after each of them."""

    # --- what always holds

    @invariant()
    def every_household_is_somewhere(self):
        """1: no case is lost or doubled."""
        assert Case.objects.count() == len(self.cases)
        assert Case.objects.live().values("household").distinct().count() == Case.objects.live().count()

    @invariant()
    def no_stage_is_skipped(self):
        """2: the standing agreements are the stages before the one where the case stands, each of them once (trust 72)."""
        for case in Case.objects.all():
            stages = [stage.code for stage in procedure_of(case.round.procedure).stages]
            agreed = sorted(
                case.verdicts.standing().filter(opinion=Opinion.AGREE).values_list("stage", flat=True), key=stages.index
            )
            passed = stages if case.state == CaseState.CONCLUDED else stages[: stages.index(case.stage)]
            assert agreed == passed, (case.stage, case.state, agreed)

    @invariant()
    def nothing_is_decided_twice(self):
        """3: one verdict a case, stage and pass (trust 73)."""
        keys = Counter(Verdict.objects.values_list("case_id", "stage", "pass_no"))
        assert not keys or max(keys.values()) == 1

    @invariant()
    def three_persons_decide_and_no_maker(self):
        """4: ruling 16, trust 74."""
        for case in Case.objects.all():
            procedure = procedure_of(case.round.procedure)
            rows = case.verdicts.filter(by__isnull=False)
            by_stage = {(row.stage, row.by_id) for row in rows if procedure.by_code[row.stage].separated}
            persons = Counter(person for _, person in by_stage)
            assert not persons or max(persons.values()) == 1
            makers = set(
                HouseholdVersion.objects.filter(household=case.household, by__isnull=False).values_list(
                    "by_id", flat=True
                )
            )
            assert not makers & set(persons)

    @invariant()
    def locked_means_sealed_and_alive(self):
        """5: hold ⇔ a live case with a standing agreement."""
        for case in Case.objects.select_related("household"):
            sealed = case.verdicts.standing().filter(opinion=Opinion.AGREE).exists()
            live = case.state in (CaseState.OPEN, CaseState.HELD)
            assert case.household.hold is (live and sealed)

    @invariant()
    def a_standing_is_written_once_and_only_by_a_conclusion(self):
        """6: standing ⇔ concluded, and it never changes."""
        for case in Case.objects.select_related("household"):
            household = case.household
            assert bool(household.standing) is (case.state == CaseState.CONCLUDED)
            if household.standing:
                assert (
                    household.standing == case.category == self.standing_of.setdefault(household.pk, household.standing)
                )

    @invariant()
    def nobody_concludes_before_seven_whole_days(self):
        """7: ruling 19, trust 77: the last posting's day is not counted, day 7 runs to midnight."""
        for verdict in Verdict.objects.filter(notice__isnull=False).select_related("notice"):
            last = max(verdict.notice.sheets.values_list("posted_at", flat=True))
            assert (timezone.localdate(verdict.at) - timezone.localdate(last)).days >= 8

    @invariant()
    def an_open_objection_holds_its_household_and_no_other(self):
        """8: N5."""
        objected = set(Objection.objects.open().filter(case__isnull=False).values_list("case_id", flat=True))
        assert set(Case.objects.filter(state=CaseState.HELD).values_list("pk", flat=True)) == objected

    @invariant()
    def every_seal_opens_and_is_chained(self):
        """9: ruling 21."""
        last: dict[int, str] = {}
        for verdict in Verdict.objects.order_by("pk"):
            assert check_seal_mac(verdict.leaf, reveal(verdict, "body").encode())
            assert verdict.previous == last.get(verdict.case_id, "")
            last[verdict.case_id] = verdict.leaf

    @invariant()
    def the_village_verifies(self):
        """10: `verify_list` finds nothing after honest work."""
        assert verify_list(self.world.round, self.world.village) == []

    @invariant()
    def a_closed_sitting_decided_what_it_counts(self):
        """11: counts of a closed sitting are its verdicts."""
        for sitting in Sitting.objects.filter(status=SittingStatus.CLOSED):
            made = Counter(sitting.verdicts.values_list("opinion", flat=True))
            assert made == {key: n for key, n in sitting.counts.items() if key in Opinion.values and n}

    @invariant()
    def what_was_voided_lies_at_or_after_the_stage_returned_to(self):
        """12: a return voids by reference, and nothing earlier than where it returns to (ruling 15)."""
        for verdict in Verdict.objects.filter(opinion=Opinion.RETURN).prefetch_related("voided__verdict"):
            procedure = procedure_of(verdict.case.round.procedure)
            assert all(
                procedure.index(row.verdict.stage) >= procedure.index(verdict.return_to) for row in verdict.voided.all()
            )

    @invariant()
    def the_trail_is_whole_and_tells_no_ground(self):
        """13: the audit chain holds; what people wrote is not on it."""
        assert list(audit_faults()) == []
        assert not any("外出务工" in str(row.detail) or "添一口人" in str(row.detail) for row in AuditRow.objects.all())

    @invariant()
    def a_notice_stage_is_passed_by_the_clock_alone(self):
        """14: no person's verdict at a notice stage."""
        for verdict in Verdict.objects.select_related("case__round"):
            notice = procedure_of(verdict.case.round.procedure).by_code[verdict.stage].mode is Mode.NOTICE
            assert notice is (verdict.notice_id is not None) is (verdict.by_id is None)

    @invariant()
    def households_are_counted_at_one_place(self):
        """15: the households of the list are those of the village."""
        assert set(Case.objects.values_list("household_id", flat=True)) <= set(
            Household.objects.filter(village__code=VILLAGE).values_list("pk", flat=True)
        )


@pytest.fixture
def world(cast, scope, round_, places, make_case):
    from types import SimpleNamespace

    def make_cases():
        return [make_case(number=n, points=40 + 10 * n, group=1 if n < 4 else 2) for n in range(1, 6)]

    return SimpleNamespace(
        cast=cast,
        scope=scope,
        round=round_,
        village=places.villages[VILLAGE],
        make_cases=make_cases,
        reached=Counter(),
    )


@pytest.mark.parametrize("ahead, reached", [(0, "open"), (3, "stage xh"), (5, "stage xd"), (6, "stage gs")])
def test_whatever_the_roles_do_the_list_stays_whole(world, ahead, reached):
    """Trust 72-76, 79, 80; N4, N5. Begun with nothing decided, before the county, with an open notice, and with its days run out."""
    run_state_machine_as_test(type("Bound", (TheList,), {"world": world, "ahead": ahead}), settings=SMALL)
    assert world.reached[reached], "the machine proves too little"


@pytest.mark.long
@pytest.mark.parametrize("ahead", range(7))
def test_whatever_the_roles_do_for_longer_the_list_stays_whole(world, ahead):
    run_state_machine_as_test(type("Bound", (TheList,), {"world": world, "ahead": ahead}), settings=LARGE)
    assert world.reached["stage gs"], world.reached
