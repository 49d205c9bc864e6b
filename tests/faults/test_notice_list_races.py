"""The same for what hangs and what is objected to: notices, the clock, objections (issue 3.9; trust 73, 77)."""



import io
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from assessment import clock
from assessment.actions.due import conclude_due
from assessment.actions.notices import start_notice, withdraw_notice
from assessment.actions.objections import confirm_outcome, propose_outcome, take_objection
from assessment.actions.objections_public import lodge_in_public
from assessment.models import Case, Notice, Objection, Sitting, Verdict
from core.actions import Origin
from core.models import AuditRow
from households.actions.papers import add_paper, set_aside_paper
from households.consent import PaperEntry
from households.models import Household, Paper
from tests.assessment.meetings import VILLAGE
from tests.core.scan_files import pdf
from tests.faults.race_ground import (  # noqa: F401
    HOUSES,
    ROUND,
    again_and_again,
    amend,
    cases,
    close,
    hall,
    lodge,
    now,
    shown,
    the_list_is_whole,
    where,
)
from tests.faults.racing import at_once, refusals
from tests.reports.walked import SAID, TEXT

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


# --- a notice --------------------------------------------------------------------------------------------------


@pytest.fixture
def start(scope):
    def make(login: str = "township") -> Callable[[], Notice]:
        caller = scope(login)
        return lambda: start_notice(scope=caller, round_code=ROUND, stage="gs", village_code=VILLAGE, text=TEXT)

    return make


@again_and_again
def test_two_notices_started_at_once_are_one(hall, cases, start, seed):
    hall.up_to("gs")
    results = at_once(start(), start("township2"), seed=seed)
    assert len(refusals(results)) == 1 and refusals(results)[0] in ("notice_in_preparation", "nothing_waits")
    assert Notice.objects.get().lines.count() == HOUSES


@again_and_again
def test_a_notice_started_beside_changes_of_its_households(hall, cases, start, amend, seed):
    hall.up_to("gs")
    results = at_once(start(), amend(cases[4]), amend(cases[0]), seed=seed)
    assert not refusals(results)
    on_it = results[0].lines.filter(case__in=[cases[0], cases[4]]).count()
    assert results[0].lines.count() == HOUSES - 2 + on_it
    assert {where(case) for case in (cases[0], cases[4])} == {("zp", 2, "open")}


@again_and_again
def test_the_last_two_sheets_at_once_start_the_clock_from_the_later_one(hall, make_case, scope, seed):
    for number, group in ((1, 1), (2, 2)):
        make_case(number=number, group=group)
    hall.up_to("gs", groups=(1, 2))
    from assessment.actions.notices import post_sheet
    from core.periods import notice_end

    made = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=VILLAGE, text=TEXT)
    moments = [clock.now(), clock.now() + timedelta(microseconds=1)]
    callers = [scope("cadre"), scope("lead")]

    def posting(number: int):
        sheet = made.sheets.order_by("pk")[number]
        words = {"posted_at": moments[number], "posted_place": "村委会公示栏", "posted_name": "覃晓燕"}
        return lambda: post_sheet(scope=callers[number], notice=str(made.uuid), sheet=str(sheet.uuid), **words)

    assert not refusals(at_once(posting(0), posting(1), seed=seed))
    made.refresh_from_db()
    assert (made.status, made.opened_at) == ("open", moments[1]) and made.ends_at == notice_end(moments[1], made.days)


def over(shown: Notice):
    return shown.ends_at + timedelta(seconds=1)


@again_and_again
def test_a_withdrawal_beside_the_clock_is_one_of_the_two(shown, scope, seed):
    caller = scope("township")
    results = at_once(
        lambda: withdraw_notice(scope=caller, notice=str(shown.uuid), reason="名单有误，重新公示"),
        lambda: conclude_due(over(shown)),
        seed=seed,
    )
    states = set(Case.objects.values_list("state", flat=True))
    if refusals(results):
        assert (now(shown).status, states, results[1]["cases"]) == ("ended", {"concluded"}, HOUSES)
    else:
        assert (now(shown).status, states, results[1]["cases"]) == ("withdrawn", {"open"}, 0)


@again_and_again
def test_two_clocks_beside_a_change_conclude_each_household_once(shown, cases, amend, seed):
    results = at_once(
        lambda: conclude_due(over(shown)), amend(cases[1]), lambda: conclude_due(over(shown)), amend(cases[3]), seed=seed
    )
    changed = [case for case in results if isinstance(case, Case)]
    assert results[0]["cases"] + results[2]["cases"] == HOUSES - len(changed)
    assert Verdict.objects.filter(notice=shown).count() == HOUSES - len(changed)
    assert Case.objects.filter(state="concluded").count() == HOUSES - len(changed)
    assert Household.objects.exclude(standing="").count() == HOUSES - len(changed)


@again_and_again
def test_the_last_paper_beside_the_clock_concludes_the_household_now_or_next_time(shown, cases, scope, seed):
    """The household's own wish was set aside; it is signed anew in the minute the notice runs out (A8-01)."""
    wish = Paper.objects.get(household=cases[0].household, kind="wish")
    set_aside_paper(scope=scope("lead"), paper=str(wish.uuid), reason="签错了人")
    head = cases[0].household.memberships.get(relation="01")
    entry, cadre = PaperEntry("wish", timezone.localdate(), signer=str(head.uuid), surveyor_name="覃晓燕", face_to_face=True), scope("cadre")
    results = at_once(
        lambda: add_paper(scope=cadre, household=cases[0].household.code, entry=entry, file=io.BytesIO(pdf())),
        lambda: conclude_due(over(shown)),
        seed=seed,
    )
    assert refusals(results) == [] and results[1]["cases"] in (HOUSES - 1, HOUSES)
    again = conclude_due(over(shown))["cases"]
    assert results[1]["cases"] + again == HOUSES
    assert Verdict.objects.filter(notice=shown).count() == HOUSES and set(Case.objects.values_list("state", flat=True)) == {"concluded"}


# --- objections ------------------------------------------------------------------------------------------------


@again_and_again
@pytest.mark.parametrize("door", ["village", "public"])
def test_an_objection_of_the_last_minute_and_the_clock(shown, cases, lodge, door, seed):
    """Held or concluded, never both, never neither (trust 77)."""
    at_the_door = {
        "village": lodge(cases[2]),
        "public": lambda: lodge_in_public(
            notice=shown.token, kind="wrong", text=SAID, position=3, origin=Origin(ip="203.0.113.7")
        ),
    }[door]
    results = at_once(at_the_door, lambda: conclude_due(over(shown)), seed=seed)
    held = not refusals(results)
    assert now(cases[2]).state == ("held" if held else "concluded") and Objection.objects.count() == held
    assert Verdict.objects.filter(notice=shown).count() == HOUSES - held
    assert now(shown).status == "ended"


@again_and_again
def test_an_objection_beside_a_change_of_the_same_household(shown, cases, lodge, amend, seed):
    """Whoever comes second is told: 有异议正在核查, or 公示结果已经改变."""
    results = at_once(lodge(cases[2]), amend(cases[2]), seed=seed)
    assert refusals(results) in (["case_held"], ["not_posted"])
    assert where(cases[2]) == (("gs", 1, "held") if isinstance(results[0], Objection) else ("zp", 2, "open"))


@again_and_again
def test_two_objections_to_one_household_are_both_taken_down(shown, cases, lodge, seed):
    results = at_once(lodge(cases[2]), lodge(cases[2], "lead"), lodge(cases[2], "township"), seed=seed)
    assert not refusals(results) and len({row.code for row in results}) == 3
    assert where(cases[2]) == ("gs", 1, "held")


@pytest.fixture
def proposed(shown, cases, lodge, scope):
    """`proposed("change")` → looked into by township2, the county's word is still to come."""

    def make(proposal: str = "change", **more) -> SimpleNamespace:
        row = lodge(cases[2])()
        take_objection(scope=scope("township2"), code=row.code)
        more = more or ({"category": "YIBAN"} if proposal == "change" else {})
        propose_outcome(
            scope=scope("township2"), code=row.code, proposal=proposal, finding="入户看过，情况属实。", visited_on=timezone.localdate(), **more
        )

        def word(login: str) -> Callable[[], Objection]:
            caller = scope(login)
            return lambda: confirm_outcome(scope=caller, code=row.code, accept=True, answer="经核查，答复如下。")

        return SimpleNamespace(row=row, word=word)

    return make


@again_and_again
@pytest.mark.parametrize("proposal", ["change", "keep"])
def test_two_who_confirm_one_objection_have_one_effect(shown, cases, proposed, proposal, seed):
    ground = proposed(proposal)
    results = at_once(ground.word("county"), ground.word("county2"), seed=seed)
    assert refusals(results) == ["not_proposed"]
    assert Sitting.objects.filter(kind="review").count() == (proposal == "change")
    assert AuditRow.objects.filter(action="objection.confirm", result="ok").count() == 1
    assert where(cases[2]) == ("gs", 2 if proposal == "change" else 1, "open")


@again_and_again
def test_the_countys_word_and_the_clock(shown, cases, proposed, seed):
    """The clock leaves the held household, the word frees it; then the next run concludes it, once."""
    ground = proposed("keep")
    results = at_once(ground.word("county"), lambda: conclude_due(over(shown)), seed=seed)
    assert not refusals(results) and now(ground.row).status == "closed"
    conclude_due(over(shown))
    assert set(Case.objects.values_list("state", flat=True)) == {"concluded"}
    assert Verdict.objects.filter(notice=shown).count() == HOUSES
