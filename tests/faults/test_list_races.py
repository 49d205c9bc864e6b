"""Every pair of doors to one list at the same moment: one effect, one answer each, the seals whole, no deadlock (issue 3.9; trust 2, 73, 77).

On SQLite the second waits; on PostgreSQL every statement is slowed at random, so that a wrong order of locks shows as a deadlock.
"""



import json
from collections.abc import Callable
from datetime import date

import pytest

from accounts.actions import set_contact
from assessment import clock
from assessment.actions.cases import end_case
from assessment.actions.scores import rescore
from assessment.actions.sittings import drop_sitting, open_sitting
from assessment.actions.surveys import save_draft, submit_survey
from assessment.importing.service import import_rows
from assessment.importing.sheet import SurveySheetRow
from assessment.models import Case, Sitting, Survey, Verdict
from core.errors import DomainError
from households.actions import register_household
from households.actions.steps import document
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household, HouseholdVersion
from households.secrets import reveal, seal
from reports.actions import roll_up, system_scope
from reports.models import TallyState
from tests.assessment.list_ground import edit
from tests.assessment.meetings import VILLAGE
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
from tests.ground import made_up_id
from villages.models import DirtyMark

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


# --- a meeting that closes -------------------------------------------------------------------------------------


@again_and_again
@pytest.mark.parametrize(("stage", "login"), [("cy", "lead"), ("xh", "township"), ("xd", "county")])
def test_a_change_beside_the_close_of_the_meeting_that_holds_the_household(hall, cases, close, amend, stage, login, seed):
    """Either the list has changed under the one who closes, or the household goes back from the stage after it."""
    hall.up_to(stage)
    results = at_once(close(hall.ready(stage), login), *(amend(case) for case in (cases[3], cases[1])), seed=seed)
    closed, *amended = results
    assert all(isinstance(result, Case) for result in amended)
    assert {where(case) for case in (cases[3], cases[1])} == {("zp", 2, "open")}
    if isinstance(closed, Sitting):
        assert Verdict.objects.filter(stage=stage).count() == HOUSES
        assert {case.amendments.get().from_stage for case in amended} != {stage}
    else:
        assert refusals(results) == ["stale"] and not Verdict.objects.filter(stage=stage).exists()


@again_and_again
@pytest.mark.parametrize("stage", ["zp", "xh"])
def test_an_end_beside_the_close_of_the_meeting_that_holds_the_household(hall, cases, close, scope, stage, seed):
    hall.up_to(stage)
    township, code = scope("township"), cases[2].household.code
    closed, ended = at_once(
        close(hall.ready(stage), {"zp": "cadre", "xh": "township2"}[stage]),
        lambda: end_case(scope=township, household_code=code, reason="died", note="户主去世，户内无人。"),
        seed=seed,
    )
    assert isinstance(ended, Case) and now(ended).state == "ended"
    assert Verdict.objects.filter(case=cases[2], stage=stage).exists() == isinstance(closed, Sitting)
    if isinstance(closed, DomainError):
        assert closed.code == "stale" and not Verdict.objects.filter(stage=stage).exists()


@pytest.fixture
def late_form(scope, make_household, round_):
    """`late_form(9)` → a call that submits the form of a household that is not on the list yet."""

    def make(number: int) -> Callable[[], Survey]:
        home = make_household(number=number, attribute="01")
        home.memberships.update(education="", schooling="", health="", skill="")
        stored = HouseholdVersion(household=home, version=home.version, at=clock.now())
        seal(stored, "facts", json.dumps(document(home), ensure_ascii=False, sort_keys=True, default=str))
        stored.save()
        rubric, caller = round_.rubric.value, scope("lead")
        answers = {item.code: max(item.options, key=lambda option: option.points).code for item in rubric.indicators}
        draft = save_draft(
            scope=caller, household_code=home.code, round_code=ROUND, answers=answers, version=0, surveyed_on=date(2016, 4, 11),
            surveyor_name="测试lead",
        )  # fmt: skip
        return lambda: submit_survey(scope=caller, household_code=home.code, round_code=ROUND, version=draft.version)

    return make


@again_and_again
def test_a_late_form_beside_the_close_of_its_group_is_on_the_list_or_comes_after_it(hall, cases, close, late_form, seed):
    """Never lost and never in between: on the list (then 412 for who closes), or 补充评议 (ruling 14)."""
    closed, *forms = at_once(close(hall.ready("zp"), "cadre"), late_form(8), late_form(9), seed=seed)
    assert all(isinstance(form, Survey) for form in forms)
    late = Case.objects.filter(household__code__in=[f"{VILLAGE}0008", f"{VILLAGE}0009"])
    assert set(late.values_list("stage", "state")) == {("zp", "open")} and late.count() == 2
    if isinstance(closed, Sitting):
        assert set(late.values_list("supplementary", flat=True)) == {True}
        assert closed.verdicts.count() == HOUSES
    else:
        assert closed.code == "stale"
        hall.close(Sitting.objects.get())
        assert Verdict.objects.count() == HOUSES + late.filter(supplementary=False).count()
    again = Case.objects.filter(stage="zp", state="open").count()
    if again:
        assert hall.decide("zp").kind == "supplementary"
    assert not Case.objects.filter(stage="zp").exists()


def sheet_row(case: Case) -> SurveySheetRow:
    """Another form of the household, as a workbook brings it."""
    answers = ("1" if case.survey.answers[0] != "1" else "2") + case.survey.answers[1:]
    return SurveySheetRow(case.household.code, date(2016, 7, 2), "调查员", answers, 2)


@again_and_again
def test_an_import_beside_the_close_of_its_households_meeting(hall, cases, close, scope, cast, round_, seed):
    """What is sealed is the form that stands: the new one if the import came first, else the import is sent back to its check."""
    rows, county = [sheet_row(case) for case in reversed(cases)], scope("county")
    closed, imported = at_once(
        close(hall.ready("zp"), "cadre"), lambda: import_rows(county, cast.county, round_, [], rows), seed=seed
    )
    assert isinstance(closed, Sitting)
    forms = dict(Survey.objects.filter(status="submitted").values_list("household_id", "pk"))
    assert dict(Verdict.objects.values_list("case__household_id", "survey_id")) == forms
    assert Survey.objects.count() == (HOUSES if isinstance(imported, DomainError) else 2 * HOUSES)


@again_and_again
def test_an_import_beside_the_meeting_that_is_dropped(hall, cases, scope, cast, round_, seed):
    sitting, rows = hall.ready("zp"), [sheet_row(case) for case in reversed(cases)]
    lead, county = scope("lead"), scope("county")
    dropped, imported = at_once(
        lambda: drop_sitting(scope=lead, sitting=str(sitting.uuid)),
        lambda: import_rows(county, cast.county, round_, [], rows),
        seed=seed,
    )
    assert not refusals([dropped, imported])
    assert set(Case.objects.values_list("stage", "survey__status")) == {("zp", "submitted")}


@again_and_again
def test_an_edit_beside_the_close_is_sealed_or_refused(hall, cases, close, scope, seed):
    """trust 2: the approval is pinned to what is stored then; after the lock nothing of the household changes."""
    cadre, code = scope("cadre"), cases[4].household.code
    closed, edited = at_once(close(hall.ready("zp"), "lead"), lambda: edit(cadre, code, structure="brick"), seed=seed)
    assert isinstance(closed, Sitting)
    verdict = Verdict.objects.get(case=cases[4])
    sealed, stored = json.loads(reveal(verdict, "body"))["household"], Household.objects.get(code=code)
    assert (sealed["structure"] == "brick") == (stored.structure == "brick") == isinstance(edited, Household)
    assert verdict.household_version == stored.version


@again_and_again
def test_a_roll_up_beside_a_close_counts_before_or_after_it_and_is_stale_then(hall, cases, close, round_, seed):
    """Figures are of one moment: once counted again, the village is clean."""
    scope_ = system_scope(round_)
    roll_up(scope=scope_, round_code=ROUND)
    closed, counted = at_once(
        close(hall.ready("zp"), "cadre"), lambda: roll_up(scope=scope_, round_code=ROUND, full=True), seed=seed
    )
    assert isinstance(closed, Sitting) and not isinstance(counted, DomainError)
    mark = DirtyMark.objects.get(village__code=VILLAGE)
    assert TallyState.objects.get(village__code=VILLAGE).n <= mark.n
    roll_up(scope=scope_, round_code=ROUND)
    assert TallyState.objects.get(village__code=VILLAGE).n == mark.n


@again_and_again
def test_a_rescore_beside_a_close_leaves_the_sealed_scores_alone(hall, cases, close, scope, seed):
    county = scope("county")
    results = at_once(
        close(hall.ready("zp"), "cadre"), lambda: rescore(scope=county, round_code=ROUND), seed=seed
    )
    assert not refusals(results)
    assert {case.score_id for case in Case.objects.all()} == set(Verdict.objects.values_list("score_id", flat=True))


# --- rows that only name one another ---------------------------------------------------------------------------


def newcomer(number: int) -> HouseholdEntry:
    person = MemberEntry(name="向大山", relation="01", identity=made_up_id(4_000_000 + number, "19700305", "M"))
    return HouseholdEntry("", {"attribute": "04", "exit_status": "0", "cause": "02", "appliances": None}, (person,))


@again_and_again
def test_a_registration_beside_meetings_of_its_village(hall, cases, scope, seed):
    """The new meeting names the village whose row the registration has locked; it must not wait for it at COMMIT."""
    cadre, lead, county = scope("cadre"), scope("lead"), scope("county")
    results = at_once(
        lambda: open_sitting(scope=cadre, round_code=ROUND, stage="zp", village_code=VILLAGE, group_code=f"{VILLAGE}01"),
        lambda: register_household(scope=lead, village_code=VILLAGE, entry=newcomer(1)),
        lambda: rescore(scope=county, round_code=ROUND),
        lambda: register_household(scope=lead, village_code=VILLAGE, entry=newcomer(2)),
        seed=seed,
    )
    assert not refusals(results) and Household.objects.count() == HOUSES + 2


@again_and_again
def test_an_account_that_is_changed_while_its_holder_closes(hall, cases, close, scope, seed):
    admin = scope("sysadmin")
    results = at_once(
        close(hall.ready("zp"), "cadre"),
        lambda: set_contact(scope=admin, login="cadre", title="村干部", office_phone="0718-6283000"),
        seed=seed,
    )
    assert not refusals(results) and Sitting.objects.get().closed_by.office_phone == "0718-6283000"
