"""A hypothesis state machine over the list: five households of a village, every role, returns, 变更, ends, edits, notices, the clock.

Whatever is done in whatever order, the sentences of `list_invariants` hold after each step. Refusals are part of the game: a step that
a rule forbids leaves no trace but its audit row.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import invariant, run_state_machine_as_test

from tests.assessment.list_invariants import EVERY_STEP, NOW_AND_THEN, Seen
from tests.assessment.people_at_work import VILLAGE, PeopleAtWork

pytestmark = pytest.mark.once

FOUND = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # a walk costs seconds: shrinking is for whoever looks into a failure
SMALL = settings(
    max_examples=8,
    stateful_step_count=50,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=FOUND,
    print_blob=True,
)
LARGE = settings(SMALL, max_examples=60, stateful_step_count=80, derandomize=False)
LEAST, EACH = 200, 16
"""Steps that one test walks at the least; steps from one reading of everything, seals and trail among it, to the next."""


class TheList(PeopleAtWork):
    """The rules, with what holds after each of them."""

    @invariant()
    def what_always_holds(self):
        seen = Seen.now()
        self.world.steps += 1
        self.steps += 1
        for check in (*EVERY_STEP, *(NOW_AND_THEN if self.steps % EACH == 0 else ())):
            check(self, seen)

    def teardown(self) -> None:
        try:
            seen = Seen.now()
            for check in NOW_AND_THEN:
                check(self, seen)
        finally:
            super().teardown()


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
        steps=0,
    )


@pytest.mark.parametrize("ahead, reached", [(0, "open"), (3, "stage xh"), (5, "stage xd"), (6, "stage gs")])
def test_whatever_the_roles_do_the_list_stays_whole(world, ahead, reached):
    """Trust 72-76, 79, 80; N4, N5. Begun with nothing decided, before the county, with an open notice, and with its days run out."""
    run_state_machine_as_test(type("Bound", (TheList,), {"world": world, "ahead": ahead}), settings=SMALL)
    assert world.reached[reached] and world.steps > LEAST, "the machine proves too little"


@pytest.mark.long
@pytest.mark.parametrize("ahead", range(7))
def test_whatever_the_roles_do_for_longer_the_list_stays_whole(world, ahead):
    run_state_machine_as_test(type("Bound", (TheList,), {"world": world, "ahead": ahead}), settings=LARGE)
    assert world.reached["stage gs"], world.reached
