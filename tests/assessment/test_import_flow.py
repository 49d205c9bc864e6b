"""An import from upload to commit: who may, what changes, cancelling, confirming, being killed (rulings 8-11, 16)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.scopes import scope_of
from assessment.importing import checking, staging
from assessment.importing.service import cancel_import, confirm_import, my_run, purge_expired, start_import
from assessment.models import Round, Survey
from core import jobs
from core.errors import Denied, NotFound, WrongState
from core.models import Job
from households.importing import stored
from households.models import Doubt, Household, HouseholdVersion, ImportRun, Membership, Person, StagedRow
from households.secrets import reveal
from tests.assessment.roster_book import (
    ANSWERS,
    HEADERS,
    VILLAGE,
    begin,
    book,
    household,
    import_book,
    person,
    survey,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(tmp_path):
    """Two households, one with a form."""
    return book(tmp_path / "名册.xlsx", household(1) + household(2), [survey(1)])


def again(run_: ImportRun) -> ImportRun:
    return ImportRun.objects.select_related("job").get(pk=run_.pk)


# --- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("login", ["cadre", "lead", "viewer", "sysadmin", "auditor", "nobody"])
def test_those_who_do_not_import_are_denied(cast, round_, two, login):
    with pytest.raises(Denied):
        begin(getattr(cast, login), two)
    assert not ImportRun.objects.exists()


def test_the_other_township_cannot_import_these_households(cast, round_, two):
    ended = import_book(cast.township_other, two)
    assert ended.state == "refused"
    assert ended.problems.filter(reason__contains="不在您负责的范围", row=2).exists()
    assert not Household.objects.exists()


def test_the_county_imports_for_every_township(cast, round_, two):
    assert import_book(cast.county, two).state == "committed"


def test_a_closed_round_takes_no_import(cast, round_, two):
    Round.objects.update(status="closed")
    with pytest.raises(WrongState):
        begin(cast.township, two)


def test_a_round_of_another_county_is_not_found(cast, round_, two):
    with pytest.raises(NotFound):
        start_import(
            scope=scope_of(cast.township), user=cast.township, round_code="X", path=two, file_name="x", dry_run=True
        )


def test_a_colleague_does_not_find_my_import(cast, round_, two):
    mine = import_book(cast.township, two)
    with pytest.raises(NotFound):
        my_run(scope_of(cast.township2), cast.township2, mine.uuid)


# --- what is written ------------------------------------------------------------------------------------------


def test_the_stored_household_says_what_the_file_says(cast, round_, two):
    import_book(cast.township, two)
    row = Household.objects.get(code=f"{VILLAGE}0001")
    assert (row.head_name, row.persons, row.attribute, row.cause, row.net_income_per_head) == (
        "张11",
        2,
        "01",
        "07",
        2100,
    )
    assert (row.water_safe, row.dangerous_house, row.group.name, row.version) == (True, False, "1组", 1)
    assert reveal(row, "phone") == "19000000001"
    members = list(Membership.objects.filter(household=row).select_related("person").order_by("code"))
    assert [m.relation for m in members] == ["01", "02"]
    assert [m.person.sex for m in members] == ["M", "F"]
    assert str(members[0].since) == "2016-01-01"
    assert reveal(members[0].person, "id").startswith("522399")


def test_a_changed_file_bumps_only_the_changed_household(cast, round_, two, tmp_path):
    import_book(cast.township, two)
    changed = import_book(cast.township, book(tmp_path / "b.xlsx", household(1, 人均纯收入=2500) + household(2)))
    assert changed.counts["households"] == {"new": 0, "changed": 1, "same": 1}
    assert dict(Household.objects.values_list("code", "version")) == {f"{VILLAGE}0001": 2, f"{VILLAGE}0002": 1}
    assert HouseholdVersion.objects.filter(household__code=f"{VILLAGE}0001").count() == 2


def test_a_person_may_move_between_two_households_of_the_file(cast, round_, two, tmp_path):
    import_book(cast.township, two)
    wife = person(1, 2, "配偶", sex="F")
    rows = [
        person(1, 1, 人数=1),
        *household(2),
        person(2, 3, "之女", sex="F") | {"证件号码": wife["证件号码"], "姓名": wife["姓名"]},
    ]
    rows[1]["人数"] = 3
    moved = import_book(cast.township, book(tmp_path / "b.xlsx", rows))
    assert moved.state == "committed", list(moved.problems.values_list("reason", flat=True))
    assert Person.objects.count() == 4
    homes = Membership.objects.current().filter(person__name=wife["姓名"]).values_list("household__code", flat=True)
    assert list(homes) == [f"{VILLAGE}0002"]
    assert moved.counts["persons"]["left"] == 1


def test_a_person_may_move_to_a_household_that_is_written_in_an_earlier_batch(cast, round_, two, tmp_path, monkeypatch):
    monkeypatch.setattr(checking, "batches", lambda items: stored.batches(items, 1))
    import_book(cast.township, two)
    wife = person(1, 2, "配偶", sex="F")
    rows = [*household(2), person(2, 3, "之女", sex="F") | {"证件号码": wife["证件号码"], "姓名": wife["姓名"]}, person(1, 1, 人数=1)]
    rows[0]["人数"] = 3
    moved = import_book(cast.township, book(tmp_path / "b.xlsx", rows))
    assert moved.counts["households"] == {"new": 0, "changed": 2, "same": 0} and moved.counts["persons"]["left"] == 1
    homes = Membership.objects.current().filter(person__name=wife["姓名"]).values_list("household__code", flat=True)
    assert list(homes) == [f"{VILLAGE}0002"]


def test_headship_passes_from_one_member_to_another(cast, round_, two, tmp_path):
    import_book(cast.township, two)
    rows = household(1)
    rows[0] |= {"与户主关系": "配偶"}
    rows[1] |= {"与户主关系": "户主", "人数": 2, "自然村": "1组"}
    assert import_book(cast.township, book(tmp_path / "b.xlsx", rows)).state == "committed"
    assert Household.objects.get(code=f"{VILLAGE}0001").head_name == "张12"


def test_a_changed_form_supersedes_and_the_same_form_does_not(cast, round_, two, tmp_path):
    import_book(cast.township, two)
    rows = household(1) + household(2)
    import_book(cast.township, two)
    assert Survey.objects.count() == 1
    import_book(cast.township, book(tmp_path / "b.xlsx", rows, [survey(1, "3" + ANSWERS[1:])]))
    found = list(Survey.objects.order_by("revision").values_list("revision", "status", "score__points"))
    assert [row[:2] for row in found] == [(1, "superseded"), (2, "submitted")]
    assert found[1][2] == found[0][2] + 1


def test_a_form_alone_goes_to_a_stored_household(cast, round_, two, tmp_path):
    import_book(cast.township, two)
    path = book(tmp_path / "b.xlsx", household(1), [survey(1), survey(2)])
    assert import_book(cast.township, path).counts["surveys"]["new"] == 1
    assert Survey.objects.get(household__code=f"{VILLAGE}0002").persons == 2


def test_a_file_with_only_the_survey_sheet_is_enough(cast, round_, two, tmp_path):
    import_book(cast.township, book(tmp_path / "a.xlsx", household(1)))
    path = book(tmp_path / "b.xlsx", [], [survey(1)])
    workbook = load_workbook(path)
    del workbook["花名册"]
    workbook.save(path)
    assert import_book(cast.township, path).counts["surveys"]["new"] == 1
    assert Survey.objects.get().persons == 2


def test_a_roster_as_csv_in_gbk_is_read(cast, round_, tmp_path):
    path = tmp_path / "r.csv"
    rows = [HEADERS, *([str(row.get(name) or "") for name in HEADERS] for row in household(1))]
    path.write_text("\n".join(",".join(f'"{cell}"' for cell in row) for row in rows), "gb18030")
    done = import_book(cast.township, path)
    assert done.state == "committed", list(done.problems.values_list("reason", flat=True))
    assert done.counts["file"]["encoding"] == "gb18030"


def test_a_member_without_a_number_stays_when_the_roster_comes_again(cast, round_, two):
    import_book(cast.township, two)
    row = Household.objects.get(code=f"{VILLAGE}0001")
    child = Person.objects.create(county=row.county, name="张小")
    Membership.objects.create(
        person=child,
        household=row,
        county=row.county,
        township=row.township,
        village=row.village,
        since="2016-05-01",
        relation="03",
    )
    Household.objects.filter(pk=row.pk).update(persons=3)
    assert import_book(cast.township, two).counts["households"]["changed"] == 0
    assert Membership.objects.current().filter(person=child).exists()


def test_what_contradicts_the_household_becomes_an_open_doubt_and_the_answer_stays(cast, round_, two):
    import_book(cast.township, two)
    jobs.run(str(Job.objects.get(kind="quality").pk))
    assert Survey.objects.get().answers == ANSWERS
    assert Doubt.objects.filter(household__surveys=Survey.objects.get(), state="open", rule="LK-E1", message__contains="二分之一及以上").exists()


def test_the_named_surveyor_is_linked_only_when_one_account_of_the_village_has_that_name(cast, round_, two, tmp_path):
    User.objects.filter(pk=cast.cadre.pk).update(name="王凤")
    import_book(cast.township, two)
    assert Survey.objects.get().surveyor == cast.cadre
    User.objects.filter(pk=cast.lead.pk).update(name="王凤")
    import_book(cast.township, book(tmp_path / "b.xlsx", household(1), [survey(1, 调查日期="2016-04-01")]))
    assert Survey.objects.get(revision=2).surveyor is None


# --- dry run, confirm, cancel, key ------------------------------------------------------------------------------


def test_a_dry_run_waits_for_its_confirmation_and_then_writes_once(cast, round_, two):
    checked = import_book(cast.township, two, dry_run=True)
    assert (checked.state, Household.objects.count()) == ("ready", 0)
    scope = scope_of(cast.township)
    first = confirm_import(scope=scope, user=cast.township, run_uuid=checked.uuid, nudge=False)
    second = confirm_import(scope=scope, user=cast.township, run_uuid=checked.uuid, nudge=False)
    assert first.job_id == second.job_id
    jobs.run(str(first.job_id))
    jobs.run(str(first.job_id))
    assert again(checked).state == "committed"
    assert Household.objects.count() == 2


def test_a_save_between_check_and_confirmation_is_not_overwritten(cast, round_, two, tmp_path):
    import_book(cast.township, two)
    checked = import_book(cast.township, book(tmp_path / "b.xlsx", household(1, 人均纯收入=1)), dry_run=True)
    Household.objects.filter(code=f"{VILLAGE}0001").update(version=2, net_income_per_head=5000)
    confirmed = confirm_import(scope=scope_of(cast.township), user=cast.township, run_uuid=checked.uuid, nudge=False)
    job = jobs.run(str(confirmed.job_id))
    assert job.state == "failed"
    assert "请重新核对" in job.error
    assert Household.objects.get(code=f"{VILLAGE}0001").net_income_per_head == 5000
    assert again(checked).state == "refused"


def test_an_expired_check_cannot_be_confirmed_and_is_thrown_away(cast, round_, two):
    checked = import_book(cast.township, two, dry_run=True)
    ImportRun.objects.update(created_at=timezone.now() - timedelta(days=4))
    with pytest.raises(WrongState):
        confirm_import(scope=scope_of(cast.township), user=cast.township, run_uuid=checked.uuid, nudge=False)
    assert purge_expired() == 1
    assert not StagedRow.objects.exists()


def test_cancelling_a_waiting_import_leaves_nothing(cast, round_, two):
    waiting = begin(cast.township, two)
    kept = Path(waiting.file_path)
    assert kept.exists()
    cancel_import(scope=scope_of(cast.township), user=cast.township, run_uuid=waiting.uuid)
    jobs.run(str(waiting.job_id))
    assert again(waiting).state == "cancelled"
    assert not kept.exists()
    assert not Household.objects.exists()


def test_cancelling_while_it_checks_leaves_nothing(cast, round_, two, monkeypatch):
    started = begin(cast.township, two)
    real = staging.Stager.households

    def stage(stager, part):
        Job.objects.update(cancel_requested=True)
        real(stager, part)

    monkeypatch.setattr(staging.Stager, "households", stage)
    job = jobs.run(str(started.job_id))
    assert job.state == "cancelled"
    assert again(started).state == "cancelled"
    assert not StagedRow.objects.exists()
    assert not Household.objects.exists()


def test_the_same_submission_twice_starts_one_import(cast, round_, two):
    assert begin(cast.township, two, key="k1").pk == begin(cast.township, two, key="k1").pk
    assert ImportRun.objects.count() == Job.objects.count() == 1


def test_the_uploaded_file_is_gone_when_its_rows_are_staged(cast, round_, two):
    started = begin(cast.township, two, dry_run=True)
    jobs.run(str(started.job_id))
    assert not Path(started.file_path).exists()
