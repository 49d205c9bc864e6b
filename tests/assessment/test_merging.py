"""撤并村 in the middle of a round: living rows and rights move, frozen ones stay and are finished (trust 91, 75; rulings 2, 3, 24)."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.actions import assign
from accounts.models import ApiToken, Assignment
from accounts.scopes import scope_of_token
from assessment.actions.cases import open_cases
from assessment.actions.due import conclude_due
from assessment.actions.merging import undo_merge
from assessment.actions.notices import post_sheet, start_notice
from assessment.actions.objections import confirm_outcome, lodge_objection, propose_outcome, take_objection
from assessment.importing.service import import_rows
from assessment.models import Case, Survey, SurveyStatus
from assessment.selectors_board import board
from assessment.selectors_merging import plan_of
from assessment.verification import verify_list
from core.actions import acting
from core.errors import BadInput, Denied, StaleVersion, WrongState
from core.models import AuditRow, Change, FormDraft
from households.actions import register_household
from households.actions.family import Answer, Wish, answer_transfer, ask_transfer, move_household, withdraw_transfer
from households.entries import HouseholdEntry, MemberEntry
from households.family import TRANSFER_REASONS, Happening
from households.importing.model import RosterHousehold, RosterMember
from households.models import Household, HouseholdVersion, Membership, Residence
from households.selectors_family import counts_on
from reports.actions import roll_up, stale_villages, system_scope
from reports.checks import check_levels
from reports.tables import build_table
from tests.assessment.meetings import Hall
from tests.assessment.merging_ground import FAR, NEW, OLD, ROUND, SAID, TOWN, again, ground, merged, scope, village  # noqa: F401
from tests.assessment.notice_ground import TEXT
from tests.ground import made_up_id
from tests.households.test_household_conflicts import _opened
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401
from villages.models import RegisteredPopulation, VillagerGroup
from villages.selectors import absorbed

# --- what moves ------------------------------------------------------------------------------------------------


def test_households_go_over_with_members_versions_and_dated_residences(ground, scope):
    before = again(ground.bare).version
    merged(scope)
    home = again(ground.bare)
    assert (home.village.code, home.version, home.code[:12]) == (NEW, before + 1, OLD)
    assert not Household.objects.filter(village__code=OLD).exists()
    assert not Membership.objects.current().exclude(village_id=home.village_id).filter(household__village_id=home.village_id).exists()
    stays = [(row.village.code, row.since, row.until) for row in Residence.objects.filter(household=home).order_by("since")]
    assert stays == [(OLD, date(2016, 1, 1), date(2016, 9, 1)), (NEW, date(2016, 9, 1), None)]
    assert [(row.reason, row.village.code, row.paper_title) for row in home.events.all()] == [("village_merged", NEW, SAID["document_no"])]


def test_groups_keep_their_codes_and_take_a_free_number_and_name(scope):
    merged(scope)
    rows = VillagerGroup.objects.filter(village__code=NEW).order_by("number")
    assert [(row.code, row.number, row.name) for row in rows] == [
        *((f"{NEW}0{n}", n, f"{n}组") for n in (1, 2, 3)), *((f"{OLD}0{n}", n + 3, f"{n}组（原桐子园村）") for n in (1, 2, 3))
    ]  # fmt: skip


def test_posts_and_tokens_of_the_old_village_are_posts_and_tokens_of_the_new_one(ground, scope):
    token = ApiToken.objects.create(prefix="t1", digest="x", name="对接", owner=ground.cast.lead, village=village(OLD), expires_at=timezone.now() + timedelta(days=9))
    merged(scope)
    old, new = village(OLD), village(NEW)
    assert not Assignment.objects.filter(village=old).exists()
    assert {grant.village_id for grant in scope("cadre").rows} == {grant.village_id for grant in scope("cadre2").rows} == {old.pk, new.pk}
    assert {grant.village_id for grant in scope_of_token(again(token)).rows} == {old.pk, new.pk}
    assert AuditRow.objects.filter(action="village.merge", object_kind="assignment", object_code="cadre").count() == 1


def test_the_feed_of_the_old_village_ends_with_tombstones(ground, scope):
    last = Change.objects.order_by("-seq").first().seq
    merged(scope)
    mine = Change.objects.filter(seq__gt=last, kind="household", code=ground.bare.code).order_by("seq")
    assert list(mine.values_list("op", "village_id")) == [("delete", village(OLD).pk), ("upsert", village(NEW).pk)]


def test_who_signs_the_merge_made_nothing_and_may_still_decide(ground, scope):
    merged(scope)
    made = HouseholdVersion.objects.filter(household=ground.bare).latest("version")
    assert (made.by_id, made.place_only) == (None, True)


# --- what stays and is finished --------------------------------------------------------------------------------


def test_a_list_on_show_with_an_objection_goes_on_to_its_end(ground, scope):
    objected = ground.shown[0]
    merged(scope)
    lodged = lodge_objection(
        scope=scope("cadre2"), round_code=ROUND, village_code=OLD, kind="wrong", channel="village", household_code=objected.household.code,
        text="这一户去年买了新房，与公示不符。", lodger="向不平", phone="19012349876",
    )  # fmt: skip
    take_objection(scope=scope("township2"), code=lodged.code)
    propose_outcome(scope=scope("township2"), code=lodged.code, proposal="keep", finding="入户看过，新房不属实。", visited_on=timezone.localdate())
    confirm_outcome(scope=scope("county2"), code=lodged.code, accept=True, answer="经核查，维持原结果，请知悉。")
    conclude_due(again(ground.notice).ends_at + timedelta(seconds=1))
    assert [(again(case).state, again(case).village.code) for case in ground.shown] == [("concluded", OLD)] * 2
    assert verify_list(ground.round, village(OLD)) == []


@pytest.mark.parametrize("who", ["cadre", "cadre2"])
def test_either_village_s_cadre_holds_the_meeting_that_waited(ground, scope, who):
    """The group's saved panel went with it and sits."""
    merged(scope)
    sitting = Hall(scope, OLD).open("zp", by=who, group=2)
    assert (sitting.village.code, sitting.panel_name) == (OLD, "二组评议小组")
    Hall(scope, OLD).close(Hall(scope, OLD).head(sitting, by=who), by=who)
    assert again(ground.waits).stage == "cy" and verify_list(ground.round, village(OLD)) == []


def test_a_list_at_its_first_meeting_goes_through_every_stage(ground, scope):
    merged(scope)
    hall = Hall(scope, OLD)
    hall.up_to("gs", groups=(2, None))
    shown = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=OLD, text=TEXT)
    for sheet in shown.sheets.all():
        post_sheet(scope=scope("cadre2"), notice=str(shown.uuid), sheet=str(sheet.uuid), posted_at=timezone.now(), posted_place="公示栏", posted_name="覃晓燕")
    conclude_due(again(shown).ends_at + timedelta(seconds=1))
    assert [again(case).state for case in (ground.waits, ground.loose)] == ["concluded"] * 2
    assert verify_list(ground.round, village(OLD)) == []


def test_a_form_begun_for_a_new_household_is_found_in_the_new_village(ground, scope):
    draft = {"kind": "household.new", "base_version": 0, "content_enc": "x", "saved_at": timezone.now(), "expires_at": timezone.now() + timedelta(days=9)}
    mine = FormDraft.objects.create(user=ground.cast.cadre, subject=f"new/{OLD}", **draft)
    merged(scope)
    assert again(mine).subject == f"new/{NEW}"


def test_a_form_of_today_opens_its_case_in_the_new_village_and_a_live_case_stays_where_it_is(ground, scope):
    merged(scope)
    form = fresh(ground.waits.survey)
    bare = again(ground.bare)
    place = {"village_id": bare.village_id, "group_id": bare.group_id}
    new = Survey.objects.create(
        round=ground.round, household=bare, county_id=bare.county_id, township_id=bare.township_id, answers=form.answers, status=SurveyStatus.SUBMITTED,
        submitted_at=timezone.now(), saved_at=timezone.now(), revision=1, **place,
    )  # fmt: skip
    with acting(scope("county"), "survey.submit") as act:
        open_cases(act, ground.round, [new, form], timezone.now())
    assert Case.objects.get(household=bare).village.code == NEW
    assert list(Case.objects.filter(household=form.household).values_list("village__code", flat=True)) == [OLD]


def test_the_board_shows_the_old_village_until_its_list_is_done_and_counts_nobody_twice(ground, scope):
    before = board(scope("township"), ground.round, timezone.localdate()).total.progress
    merged(scope)
    shown = board(scope("township"), ground.round, timezone.localdate())
    rows = {row.name: row.progress for row in shown.rows}
    assert (rows["桐子园村（已并入芭蕉溪村）"].due, rows["桐子园村（已并入芭蕉溪村）"].cases) == (4, 4)
    assert rows["芭蕉溪村"].due == 2 and (shown.total.progress.due, shown.total.progress.surveyed) == (before.due, before.surveyed)


# --- figures ---------------------------------------------------------------------------------------------------


def figures(ground, level: str = "township", area: str = TOWN):
    roll_up(scope=system_scope(ground.round), round_code=ROUND)
    return build_table(level, ground.round, area, system_scope(ground.round))


def test_every_total_of_the_township_is_the_same_before_after_and_after_undoing(ground, scope):
    before = figures(ground)
    made = merged(scope)
    after = figures(ground)
    assert after.total.values == before.total.values and check_levels(ground.round) == []
    sums = {row.area: row.values for row in before.rows}
    assert {row.area for row in after.rows} == {NEW}
    for code in ("households", "listed", "surveyed", "registered_population", "stage.zp", "stage.xd"):
        assert after.rows[0].values[code] == sums[OLD][code] + sums[NEW][code], code
    assert after.rows[0].values["coverage"] == after.total.values["coverage"]
    undo_merge(scope=scope("county"), uuid=str(made.uuid), reason="批文撤回，恢复原村。")
    assert figures(ground).digest == before.digest


def test_the_registered_population_of_every_year_follows_its_group(ground, scope):
    group = ground.places.groups[f"{OLD}01"]
    RegisteredPopulation.objects.create(county_id=group.county_id, township_id=group.township_id, village_id=group.village_id, group=group, year=2015, households=48, persons=190)
    plan = plan_of(village(OLD), village(NEW))
    merged(scope)
    for one in plan.years:
        rows = RegisteredPopulation.objects.filter(village__code=NEW, year=one.year)
        assert (sum(row.households for row in rows), sum(row.persons for row in rows)) == one.together


def test_counts_of_a_day_before_the_merge_are_those_of_the_old_village(ground, scope):
    def persons(day: date, code: str) -> int:
        return sum(one.persons for one in counts_on(scope("county"), day, [village(code).pk]))

    before = persons(date(2016, 8, 31), OLD)
    merged(scope)
    assert (persons(date(2016, 8, 31), OLD), persons(date(2016, 9, 1), OLD)) == (before, 0)


def test_a_meeting_of_the_old_list_makes_the_new_village_s_table_stale(ground, scope):
    merged(scope)
    before, new = figures(ground).rows[0].values["stage.zp"], village(NEW).pk
    Hall(scope, OLD).decide("zp", group=2, by="cadre2")
    assert stale_villages(ground.round, [new]) == [new]
    after = figures(ground)
    assert (after.rows[0].values["stage.zp"], after.stale_villages) == (before + 1, ())


# --- what stands in the way ------------------------------------------------------------------------------------


def test_what_was_confirmed_must_be_what_was_read(ground, scope):
    digest = plan_of(village(OLD), village(NEW)).digest
    ground.make_household(OLD, 6)
    with pytest.raises(StaleVersion):
        merged(scope, digest=digest)
    assert again(ground.bare).village.code == OLD


def test_villages_of_two_townships_do_not_merge(scope):
    with pytest.raises(WrongState) as refusal:
        merged(scope, target=FAR)
    assert "不在同一个乡镇" in refusal.value.reasons[0]


def test_a_transfer_between_the_two_villages_is_answered_first_and_any_other_goes_along(ground, scope):
    say = {"code": ground.bare.code, "version": 1, "happening": Happening(date(2016, 8, 1), "搬走", "户口本")}
    asked = ask_transfer(scope=scope("cadre"), wish=Wish(reason=next(iter(TRANSFER_REASONS)), village_code=NEW), **say)
    with pytest.raises(WrongState) as refusal:
        merged(scope)
    assert "这两个村之间有 1 份" in refusal.value.reasons[0]
    withdraw_transfer(scope=scope("cadre"), uuid=str(asked.uuid), version=1)
    asked = ask_transfer(scope=scope("cadre"), wish=Wish(reason=next(iter(TRANSFER_REASONS)), village_code=FAR), **say)
    merged(scope)
    answer_transfer(scope=scope("cadre_other"), uuid=str(asked.uuid), version=1, answer=Answer(True))
    assert (again(asked).village.code, again(ground.bare).village.code) == (NEW, FAR)


@pytest.mark.parametrize(("over", "field"), [({"reason": "并"}, "reason"), ({"document_no": ""}, "document_no"), ({"effective_on": date(2099, 1, 1)}, "effective_on")])
def test_reason_document_and_day_are_asked(scope, over, field):
    with pytest.raises(BadInput) as refusal:
        merged(scope, **over)
    assert list(refusal.value.fields) == [field]


def test_a_township_does_not_merge_villages(scope):
    with pytest.raises(Denied):
        merged(scope, who="township")


def test_nobody_registers_in_a_village_that_is_gone(ground, scope):
    merged(scope)
    head = MemberEntry(name="向新户", relation="01", identity=made_up_id(4_000_001))
    with pytest.raises(WrongState, match="已并入芭蕉溪村（422827102201）"):
        register_household(scope=scope("cadre"), village_code=OLD, entry=HouseholdEntry("", {}, (head,)))


def test_a_roster_that_still_names_the_village_goes_to_the_one_it_lives_on_in(ground, scope):
    home = Household.objects.filter(village__code=OLD, closed_on=None).order_by("pk").first()
    group_id = home.group_id
    merged(scope)
    head = RosterMember(f"{OLD}009901", "向新户", made_up_id(4_000_002), date(1970, 1, 1), "M", "01")
    counts = import_rows(scope("township"), ground.cast.township, ground.round, [RosterHousehold(f"{OLD}0099", OLD, "", (head,))])
    made = Household.objects.get(code=f"{OLD}0099")
    assert (counts["households"]["new"], made.village.code) == (1, NEW)
    assert Household.objects.get(pk=home.pk).group_id == group_id


def test_nobody_is_given_a_post_in_the_village_that_is_gone(scope):
    merged(scope)
    with pytest.raises(BadInput, match="已并入芭蕉溪村"):
        assign(scope=scope("secadmin"), login="nobody", role="cadre", area_code=OLD, since=date(2016, 9, 2))


# --- undoing ---------------------------------------------------------------------------------------------------


def test_undoing_brings_back_what_still_sits_there_and_names_what_does_not(ground, scope):
    made = merged(scope)
    gone_on = again(ground.bare)
    move_household(scope=scope("cadre2"), code=gone_on.code, version=gone_on.version, group_code=f"{NEW}03", happening=Happening(date(2016, 9, 5), "搬家", "证明"))
    undo_merge(scope=scope("county"), uuid=str(made.uuid), reason="批文撤回，恢复原村。")
    assert again(made).stayed == [gone_on.code]
    assert (again(gone_on).village.code, again(ground.waits.household).village.code) == (NEW, OLD)
    assert [row.name for row in VillagerGroup.objects.filter(village__code=OLD).order_by("number")] == ["1组", "2组", "3组"]
    assert {grant.village_id for grant in scope("cadre").rows} == {village(OLD).pk}
    assert village(OLD).valid_to is None and absorbed([village(NEW).pk]) == {}
    assert verify_list(ground.round, village(OLD)) == []


def test_a_list_begun_in_the_new_village_keeps_the_merge_from_being_undone(ground, scope):
    made = merged(scope)
    home = again(ground.bare)
    place = {name: getattr(home, name) for name in ("county_id", "township_id", "village_id", "group_id")}
    Case.objects.create(round=ground.round, household=home, stage="zp", opened_at=timezone.now(), stage_since=timezone.now(), **place)
    with pytest.raises(WrongState) as refusal:
        undo_merge(scope=scope("county"), uuid=str(made.uuid), reason="批文撤回，恢复原村。")
    assert "已列入芭蕉溪村的名单" in refusal.value.reasons[0]


def test_every_invariant_holds_after_a_merge_and_after_its_undoing(ground, scope):
    made = merged(scope)
    for step in (lambda: None, lambda: undo_merge(scope=scope("county"), uuid=str(made.uuid), reason="批文撤回，恢复原村。")):
        step()
        figures(ground)
        err = StringIO()
        try:
            call_command("check_invariants", stdout=StringIO(), stderr=err)
        except SystemExit:
            pytest.fail(err.getvalue())


# --- the pages -------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(ground, db, client):
    def enter(login: str):
        client.force_login(getattr(ground.cast, login), backend="accounts.backends.LoginBackend")
        return client

    return enter


def test_the_county_reads_the_dry_run_and_confirms_it(ground, browser):
    county, pair = browser("county"), f"?source={OLD}&target={NEW}"
    shown = county.get("/villages/merges/new/" + pair)
    body = {"source": OLD, "target": NEW, "digest": shown.context["plan"].digest, "effective_on": "20160901", "key": "k1"}
    body |= {"document_no": SAID["document_no"], "reason": SAID["reason"]}
    assert "1组（原桐子园村）" in shown.content.decode()
    done = county.post("/villages/merges/new/", body)
    again_sent = county.post("/villages/merges/new/", body)
    assert done.status_code == again_sent.status_code == 302 and done.url == again_sent.url
    assert "桐子园村并入芭蕉溪村" in county.get("/villages/merges/").content.decode()
    assert county.post(done.url, {"reason": "批文撤回，恢复原村。", "key": "k2"}).status_code == 302
    assert village(OLD).valid_to is None


def test_a_plan_that_has_changed_is_shown_anew_with_what_was_typed(ground, browser):
    body = {"source": OLD, "target": NEW, "digest": "old", "effective_on": "20160901", "document_no": "来政发9号", "reason": "县政府批准两村合并。"}
    shown = browser("county").post("/villages/merges/new/", body)
    assert shown.status_code == 412 and "来政发9号" in shown.content.decode() and village(OLD).valid_to is None


def test_a_page_opened_before_the_merge_is_told_of_it_and_loses_nothing(ground, scope, browser):
    """Registering in the old village, and saving a section of a household that has gone over meanwhile (trust 75)."""
    cadre, home = browser("cadre"), again(ground.bare)
    body = _opened(cadre, f"/households/{home.code}/edit/", "house") | {"structure": "brick_wood"}
    merged(scope)
    rows = {"members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0", "members-MIN_NUM_FORMS": "0", "members-MAX_NUM_FORMS": "99"}
    head = {"members-0-name": "向新户", "members-0-relation": "01", "members-0-identity": made_up_id(4_000_002), "group": ""}
    told = cadre.post("/households/new/", rows | head | {"village": OLD, "key": "k3"})
    assert told.status_code == 400 and "已并入芭蕉溪村" in told.content.decode() and "向新户" in told.content.decode()
    saved = cadre.post(f"/households/{home.code}/edit/", body)
    assert saved.status_code == 412 and again(ground.bare).structure == home.structure
    assert "桐子园村已并入芭蕉溪村" in saved.content.decode()
    assert cadre.post(f"/households/{home.code}/edit/", body | {"version": home.version + 1}).status_code == 302


@pytest.mark.parametrize("url", ["/", f"/households/?village={NEW}", f"/rounds/{ROUND}/villages/{OLD}/", f"/rounds/{ROUND}/villages/{NEW}/", "/coverage/", "/papers/", "/notices/", "/sittings/", "/panels/", "/doubts/"])
def test_every_page_of_the_new_village_opens_for_the_old_one_s_cadre(ground, scope, browser, url):
    merged(scope)
    assert browser("cadre").get(url).status_code == 200


def test_a_household_s_page_and_the_lists_say_where_it_has_come_from(ground, scope, browser):
    merged(scope)
    cadre = browser("cadre2")
    assert "原桐子园村" in cadre.get(f"/households/{ground.bare.code}/").content.decode()
    assert ground.bare.code in cadre.get(f"/households/?village={NEW}").content.decode()
    assert "桐子园村（已并入芭蕉溪村）名单" in cadre.get(f"/rounds/{ROUND}/villages/{OLD}/").content.decode()
