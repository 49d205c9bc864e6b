"""委托代办: who may give what to whom, when it holds, and that a stand-in is no way round three different persons."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actions import end_assignment, set_active
from accounts.actions_delegations import Wish, end_delegation, give_delegation
from accounts.delegating import dates_faults, may_stand_in
from accounts.models import Assignment, Delegation
from accounts.scopes import scope_of
from assessment.models import Case, Sitting, Verdict
from assessment.verification import verify_list
from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from households.models import Household
from tests.assessment.meetings import VILLAGE, Hall
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401
from villages.models import Village

TODAY = date(2016, 7, 4)
OTHER = "422827102201"


@pytest.fixture
def scope(standing, db):
    return lambda login: standing.scope(login)


@pytest.fixture
def give(scope):
    """`give("lead", "lead2")` → from today for a week."""

    def make(giver: str, to: str, role: str = "village_lead", area: str = VILLAGE, days: int = 7, **over) -> Delegation:
        today = timezone.localdate()
        values = {"since": today, "until": today + timedelta(days=days - 1), "reason": "meeting"} | over
        return give_delegation(scope=scope(giver), wish=Wish(role, area, to, **values))

    return make


@pytest.fixture
def stand_in(scope):
    return lambda login: scope(login).standing_in()


@pytest.fixture
def hall(stand_in):
    return Hall(stand_in)


@pytest.fixture
def make_case(standing, db):
    return standing.make_case


@pytest.fixture
def at_village(hall, make_case, db):
    """Two households that wait at 村议."""
    cases = [make_case(number=number) for number in (1, 2)]
    hall.decide("zp")
    return cases


# --- rules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("since", "until", "faulty"), [
    (0, 0, set()), (0, 29, set()), (30, 30, set()), (-1, 3, {"since"}), (0, 30, {"until"}), (3, 2, {"until"}), (31, 32, {"since"}),
    (None, 1, {"since"}), (None, None, {"since", "until"}),
])  # fmt: skip
def test_days_are_whole_bounded_and_never_in_the_past(since, until, faulty):
    day = lambda number: None if number is None else TODAY + timedelta(days=number)  # noqa: E731
    assert set(dates_faults(day(since), day(until), TODAY, 30)) == faulty


@pytest.mark.parametrize(("held", "role", "may"), [
    (["cadre"], "village_lead", True), (["village_lead"], "village_lead", True), (["township"], "village_lead", False),
    (["cadre", "village_lead"], "township", False), (["township"], "township", True), (["viewer"], "county", True),
    (["township"], "county", False), (["county", "auditor"], "county", False), ([], "county", False), (["cadre"], "cadre", False),
])  # fmt: skip
def test_nobody_of_a_lower_level_and_no_administrator_stands_in(held, role, may):
    assert may_stand_in(held, role) is may


# --- giving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("giver", "to", "role", "area", "field"), [
    ("lead", "lead", "village_lead", VILLAGE, "login"), ("lead", "nobody", "village_lead", VILLAGE, "login"),
    ("lead", "secadmin", "village_lead", VILLAGE, "login"), ("township", "township2", "township", "422827102", "login"),
    ("township", "lead", "township", "422827102", "login"), ("county", "township", "county", "422827", "login"),
    ("lead", "missing", "village_lead", VILLAGE, "login"),
])  # fmt: skip
def test_a_delegate_who_will_not_do_is_refused_with_a_reason(give, giver, to, role, area, field):
    with pytest.raises(BadInput) as refused:
        give(giver, to, role, area)
    assert list(refused.value.fields) == [field]
    assert refused.value.fields[field][0].endswith("。")


@pytest.mark.parametrize(("giver", "role", "area"), [
    ("lead", "village_lead", OTHER), ("lead", "township", "422827102"), ("cadre", "village_lead", VILLAGE), ("viewer", "county", "422827"),
])  # fmt: skip
def test_only_ones_own_post_in_ones_own_area_can_be_given(give, giver, role, area):
    with pytest.raises(Denied):
        give(giver, "lead2", role, area)


def test_what_is_held_in_somebodys_place_goes_no_further(give):
    give("lead", "lead2")
    with pytest.raises(Denied, match="不能再委托"):
        give("lead2", "cadre2")


def test_a_second_stand_in_for_the_same_days_is_refused_until_the_first_is_taken_back(give, scope):
    first = give("lead", "lead2")
    with pytest.raises(BadInput, match="没有委托"):
        give("lead", "cadre2")
    end_delegation(scope=scope("lead"), delegation=str(first.uuid))
    assert give("lead", "cadre2").delegate.login == "cadre2"


def test_giving_and_ending_are_on_the_trail_with_their_dates(give, scope):
    row = give("lead", "lead2")
    end_delegation(scope=scope("lead2"), delegation=str(row.uuid))
    given, ended = AuditRow.objects.filter(action__startswith="delegation.").order_by("seq")
    assert (given.actor_login, given.detail["delegate"], given.detail["until"]) == ("lead", "lead2", row.until.isoformat())
    assert (ended.action, ended.actor_login) == ("delegation.end", "lead2")


def test_only_the_two_of_them_can_end_it_and_only_once(give, scope):
    row = give("lead", "lead2")
    with pytest.raises(NotFound):
        end_delegation(scope=scope("county"), delegation=str(row.uuid))
    end_delegation(scope=scope("lead"), delegation=str(row.uuid))
    with pytest.raises(WrongState):
        end_delegation(scope=scope("lead"), delegation=str(row.uuid))


def test_what_was_given_is_not_rewritten(give):
    row = give("lead", "lead2")
    for change in ({"until": row.until + timedelta(days=90)}, {"delegate_id": row.principal_id}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delegation.objects.filter(pk=row.pk).update(**change)


# --- when it holds ----------------------------------------------------------------------------------------------


def test_it_opens_the_meetings_of_that_village_and_nothing_else(give, scope, standing):
    household = standing.make_household(VILLAGE, 9)
    far = standing.make_household("422827103200", 8)
    give("lead", "lead2")
    plain, standing_in = scope("lead2"), scope("lead2").standing_in()
    assert not Household.objects.visible_to(plain).filter(pk=household.pk).exists()
    assert standing_in.may("sitting.village", household) and standing_in.behalf("sitting.village", household).name == "测试lead"
    assert not standing_in.may("sitting.village", far) and not standing_in.sees(far)
    for right in ("sitting.group", "household.edit", "case.end", "export.roster", "paper.sign", "notice.start_village"):
        assert not standing_in.may(right, household), right


def test_it_is_over_the_day_after_without_any_job(give):
    row = give("lead", "lead2")
    assert Delegation.objects.in_force(row.until).exists()
    assert not Delegation.objects.in_force(row.until + timedelta(days=1)).exists()
    assert not Delegation.objects.in_force(row.since - timedelta(days=1)).exists()


@pytest.mark.parametrize("what", ["taken back", "principal disabled", "principal out of office", "principal moved", "delegate out of office", "delegate an auditor"])
def test_it_is_gone_at_the_next_request(give, scope, cast, what):
    row = give("lead", "lead2")
    assert scope("lead2").stand_ins
    _undo(what, row, scope, cast)
    assert scope_of(type(cast.lead2).objects.get(pk=cast.lead2.pk)).stand_ins == ()


def _undo(what, row, scope, cast):
    if what == "taken back":
        end_delegation(scope=scope("lead"), delegation=str(row.uuid))
    elif what == "principal disabled":
        set_active(scope=scope("sysadmin"), login="lead", active=False)
    elif what == "principal moved":
        cast.lead.assignments.update(village=Village.objects.get(code=OTHER))
    elif what == "delegate an auditor":
        Assignment.objects.create(user=cast.lead2, role="auditor", since=date(2016, 1, 1))
    else:
        whose = cast.lead if what.startswith("principal") else cast.lead2
        end_assignment(scope=scope("secadmin"), assignment_id=whose.assignments.get().pk)


def test_whoever_may_decide_anyway_decides_in_the_own_name(give, scope, cast, hall, at_village):
    give("lead", "lead2")
    Assignment.objects.create(user=cast.lead2, role="village_lead", village=at_village[0].village, since=date(2016, 1, 1))
    sitting = hall.decide("cy", by="lead2")
    assert (sitting.closed_by, sitting.delegation) == (cast.lead2, None)


def test_a_page_outside_the_meetings_looks_nothing_up(give, cast, db):
    give("lead", "lead2")
    client = Client()
    client.force_login(cast.lead2, backend="accounts.backends.LoginBackend")
    with CaptureQueriesContext(connection) as seen:
        client.get("/households/")
    assert not [row for row in seen if '"accounts_delegation"."id"' in row["sql"]]


# --- deciding ---------------------------------------------------------------------------------------------------


def test_a_meeting_closed_in_somebodys_place_says_so_under_its_seal(give, hall, at_village, cast, round_):
    row = give("lead", "lead2")
    sitting = hall.decide("cy", by="lead2")
    assert (sitting.closed_by, sitting.delegation, sitting.counts["agree"]) == (cast.lead2, row, 2)
    closing = AuditRow.objects.get(action="sitting.close", object_code=str(sitting.uuid))
    assert (closing.actor_login, closing.detail["on_behalf_of"]) == ("lead2", "lead")
    assert Verdict.objects.filter(sitting=sitting).first().decider == "测试lead2代测试lead"
    assert verify_list(round_, at_village[0].village) == []


def test_the_seal_breaks_when_the_stand_in_is_wiped_away(give, hall, at_village, round_):
    from tests.assessment.list_ground import tamper

    give("lead", "lead2")
    sitting = hall.decide("cy", by="lead2")
    tamper("UPDATE assessment_sitting SET delegation_id = NULL WHERE id = %s", sitting.pk)
    assert verify_list(round_, at_village[0].village)


@pytest.mark.parametrize("who", ["lead", "lead2"])
def test_a_household_that_either_of_them_made_stays_for_another(give, hall, make_case, cast, who):
    made = make_case(number=1, surveyor=getattr(cast, who))
    make_case(number=2)
    hall.decide("zp")
    give("lead", "lead2")
    sitting = hall.decide("cy", by="lead2")
    assert (sitting.counts["agree"], sitting.counts["blocked"]) == (1, 1)
    assert Case.objects.get(pk=made.pk).blocked_stage == "cy"


def test_a_ballot_for_the_principals_own_household_is_refused_with_the_reason(give, hall, make_case, cast):
    made = make_case(number=1, surveyor=cast.lead)
    hall.decide("zp")
    give("lead", "lead2")
    sitting = hall.ready("cy", by="lead2")
    with pytest.raises(WrongState, match="您代办的委托人不能决定这一户"):
        hall.ballot(sitting, made, by="lead2")


def test_who_had_it_decided_in_his_name_does_not_decide_it_again_at_the_township(give, hall, at_village, cast, scope):
    give("lead", "lead2")
    hall.decide("cy", by="lead2")
    for person in (cast.lead, cast.lead2):
        Assignment.objects.create(user=person, role="township", township=at_village[0].township, since=date(2016, 1, 1))
    for login in ("lead", "lead2"):
        with pytest.raises(WrongState, match="都不能决定"):
            hall.close(hall.ready("xh", by=login), by=login)
    assert hall.decide("xh").counts["agree"] == 2


def test_after_it_is_taken_back_the_open_meeting_is_closed_to_the_stand_in(give, hall, scope, at_village):
    row = give("lead", "lead2")
    sitting = hall.ready("cy", by="lead2")
    end_delegation(scope=scope("lead"), delegation=str(row.uuid))
    with pytest.raises(NotFound):
        hall.close(sitting, by="lead2")
    assert hall.close(sitting).delegation is None


# --- pages ------------------------------------------------------------------------------------------------------


def _page(user, address, data=None) -> tuple[int, str]:
    client = Client()
    client.force_login(user, backend="accounts.backends.LoginBackend")
    answer = client.get(address) if data is None else client.post(address, data)
    return answer.status_code, answer.content.decode()


def test_the_page_gives_keeps_what_was_typed_and_shows_it_to_the_county(cast, db):
    today = timezone.localdate()
    wish = {"post": f"village_lead:{VILLAGE}", "login": "lead2", "since": today, "until": today + timedelta(days=90), "reason": "leave"}
    status, refused = _page(cast.lead, "/delegations/new/", wish)
    assert status == 400 and "一次最多委托 30 天" in refused and f'value="{wish["until"]:%Y-%m-%d}"' in refused
    assert _page(cast.lead, "/delegations/new/", wish | {"until": today})[0] == 302
    for login in ("lead", "lead2", "county", "township"):
        assert "测试lead2" in _page(getattr(cast, login), "/delegations/")[1], login
    assert "休假" not in _page(cast.township_other, "/delegations/")[1]


def test_the_stand_in_finds_the_list_on_the_home_page_and_reads_for_whom(give, cast, hall, at_village):
    give("lead", "lead2")
    assert "您代 测试lead 办理：1 份名单等着" in _page(cast.lead2, "/")[1]
    assert "代 测试lead" in _page(cast.lead2, "/sittings/")[1]
    sitting = hall.open("cy", by="lead2")
    status, desk = _page(cast.lead2, f"/sittings/{sitting.uuid}/")
    assert status == 200 and "您在这里代 <b>测试lead</b> 办理" in desk and "打开一户一档" not in desk
    hall.decide("cy", by="lead2")
    assert "测试lead2代 测试lead 办理" in _page(cast.county, f"/sittings/{Sitting.objects.latest('pk').uuid}/")[1]


def test_a_stand_in_may_not_be_the_principal_in_the_database_either(give, cast, db):
    row = give("lead", "lead2")
    copy = Delegation(principal=cast.lead, delegate=cast.lead, role=row.role, county=row.county, since=row.since, until=row.until, reason="duty", given_at=row.given_at)
    with pytest.raises(ValidationError, match="不能委托给自己"):
        copy.full_clean()
