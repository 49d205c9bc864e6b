"""Every pair of doors to one list at the same moment: one effect, one answer each, the seals whole, no deadlock (issue 3.9; trust 2, 73, 77).

On SQLite the second waits; on PostgreSQL every statement is slowed at random, so that a wrong order of locks shows as a deadlock.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from accounts.actions import set_contact
from assessment import clock
from assessment.actions.cases import amend_case, end_case
from assessment.actions.due import conclude_due
from assessment.actions.notices import start_notice, withdraw_notice
from assessment.actions.objections import confirm_outcome, lodge_objection, propose_outcome, take_objection
from assessment.actions.objections_public import lodge_in_public
from assessment.actions.scores import rescore
from assessment.actions.sittings import close_sitting, drop_sitting, open_sitting
from assessment.actions.surveys import save_draft, submit_survey
from assessment.importing.service import import_rows
from assessment.importing.sheet import SurveySheetRow
from assessment.models import Case, Notice, Objection, Sitting, Survey, Verdict
from assessment.verification import verify_list
from core.actions import Origin
from core.errors import DomainError
from core.models import AuditRow
from households.actions import register_household
from households.actions.steps import document
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household, HouseholdVersion
from households.secrets import reveal, seal
from reports.actions import roll_up, system_scope
from reports.models import TallyState
from tests.assessment.list_ground import edit
from tests.assessment.meetings import VILLAGE, Hall
from tests.conftest import made_up_id
from tests.faults.racing import ATTEMPTS, at_once, refusals
from tests.reports.walked import LODGER, PHONE, SAID, TEXT, notice
from villages.models import DirtyMark

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

ROUND, HOUSES = "2016-SB", 5
again_and_again = pytest.mark.parametrize("seed", range(ATTEMPTS))


@pytest.fixture
def hall(scope, round_):
    return Hall(scope)


@pytest.fixture
def cases(make_case):
    return [make_case(number=number) for number in range(1, HOUSES + 1)]


@pytest.fixture(autouse=True)
def the_list_is_whole(round_, places):
    """After every race each seal of the village holds, and nothing is left in two states."""
    yield
    assert verify_list(round_, places.villages[VILLAGE]) == []
    for case in Case.objects.select_related("household"):
        assert case.household.hold == (case.state in ("open", "held") and case.verdicts.standing().exists()), case


@pytest.fixture
def close(scope):
    """`close(sitting, "lead")` → a call that closes it as it stands now."""

    def make(sitting: Sitting, login: str, **over) -> Callable[[], Sitting]:
        sitting.refresh_from_db()
        values = {"version": sitting.version, "count": HOUSES, "rest_agree": True} | over
        caller = scope(login)
        return lambda: close_sitting(scope=caller, sitting=str(sitting.uuid), **values)

    return make


@pytest.fixture
def amend(scope):
    def make(case: Case) -> Callable[[], Case]:
        caller, code = scope("cadre"), case.household.code
        return lambda: amend_case(scope=caller, household_code=code, subject="members", reason="新生儿入户")

    return make


@pytest.fixture
def shown(hall, cases, scope):
    """The whole list at 公示, posted today."""
    hall.up_to("gs")
    return notice(scope)


@pytest.fixture
def lodge(scope, cases):
    def make(case: Case, who: str = "cadre") -> Callable[[], Objection]:
        values = {"household_code": case.household.code, "lodger": LODGER, "phone": PHONE, "text": SAID}
        caller = scope(who)
        return lambda: lodge_objection(
            scope=caller, round_code=ROUND, village_code=VILLAGE, kind="wrong", channel="village", **values
        )

    return make


def now(row):
    return type(row).objects.get(pk=row.pk)


def where(case: Case) -> tuple[str, int, str]:
    return Case.objects.values_list("stage", "pass_no", "state").get(pk=case.pk)


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
            scope=scope("township2"), code=row.code, proposal=proposal, finding="入户看过，情况属实。", visited_on=clock.now().date(), **more
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
