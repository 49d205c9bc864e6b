"""The first stage: differences item by item, and suspicions that a person must decide before anything is written."""

import io
from datetime import date

import pytest
from django.core.management import call_command

from accounts.scopes import scope_of
from assessment.importing import verdicts
from assessment.importing.service import confirm_import
from core import jobs
from core.errors import NotFound, WrongState
from core.models import AuditRow
from households.models import Household, ImportRun, Membership, Person, Suspicion
from tests.assessment.national_book import home, national
from tests.assessment.roster_book import VILLAGE, begin, book, household, import_book, person
from tests.ground import made_up_id
from tests.standing import *  # noqa: F403

ONE = f"{VILLAGE}0001"


@pytest.fixture
def office(login):
    return login("township")


@pytest.fixture
def first(cast, round_, tmp_path):
    """One household of two, in the register."""
    import_book(cast.township, book(tmp_path / "first.xlsx", household(1)))


def changed(tmp_path, name="b.xlsx"):
    rows = [*household(1, 人均纯收入=2500), person(1, 3, "之女", sex="F")]
    rows[0] |= {"人数": 3, "联系电话": "19000000077"}
    rows[1]["健康状况"] = "残疾"
    return book(tmp_path / name, rows + household(2))


def test_the_township_sees_what_changes_item_by_item_before_it_confirms(cast, first, office, tmp_path):
    run = import_book(cast.township, changed(tmp_path), dry_run=True)
    page = office.get(f"/imports/{run.uuid}/?show=changed").content.decode()
    assert "<del>2,100 元</del> → <b>2,500 元</b>" in page and "<del>健康</del> → <b>残疾</b>" in page
    assert "联系电话：<b>已变更</b>" in page and "19000000077" not in page
    assert "增加成员：<b>张13（之女）</b>" in page
    page = office.get(f"/imports/{run.uuid}/?show=new").content.decode()
    assert f"{VILLAGE}0002" in page and ONE not in page


def test_values_of_a_field_class_that_the_reader_may_not_see_stay_closed(cast, first, office, tmp_path, monkeypatch):
    run = import_book(cast.township, national(tmp_path / "h.xlsx", [home(1)]), dry_run=True)
    assert "6,000 元" in office.get(f"/imports/{run.uuid}/?show=changed").content.decode()
    from core.scope import Scope

    monkeypatch.setattr(Scope, "may_see", lambda self, one, place=None: one.value != "finance")
    page = office.get(f"/imports/{run.uuid}/?show=changed").content.decode()
    assert "6,000 元" not in page and "工资性收入：<b>已变更</b>" in page and "6228480000000000018" not in page


@pytest.mark.parametrize("many", [1, 12])
def test_the_differences_cost_the_same_for_1_household_and_12(cast, round_, office, tmp_path, many, django_assert_max_num_queries):
    run = import_book(cast.township, book(tmp_path / "r.xlsx", [row for n in range(many) for row in household(n + 1)]), dry_run=True)
    office.get(f"/imports/{run.uuid}/")
    with django_assert_max_num_queries(12):
        office.get(f"/imports/{run.uuid}/?show=new")


# --- suspicions ------------------------------------------------------------------------------------------------


@pytest.fixture
def child(first):
    """A daughter entered by hand, without a number yet."""
    row = Household.objects.get(code=ONE)
    made = Person.objects.create(county=row.county, name="张小花", birth=date(2010, 5, 1), sex="F")
    Membership.objects.create(person=made, household=row, county=row.county, township=row.township, village=row.village, since="2016-05-01", relation="04")
    Household.objects.filter(pk=row.pk).update(persons=3)
    return made


def numbered(tmp_path, name="n.xlsx"):
    """A roster that brings a girl of that name and birth, in a household of its own in the same village."""
    girl = person(2, 3, "之女", sex="F", 姓名="张小花", 证件号码=made_up_id(77, sex="F", birth="20100501"))
    rows = household(2)
    rows[0]["人数"] = 3
    return book(tmp_path / name, [*rows, girl])


def test_nothing_is_written_while_somebody_may_be_there_already(cast, child, office, tmp_path):
    run = begin(cast.township, numbered(tmp_path))
    jobs.run(str(run.job_id))
    run = ImportRun.objects.get(pk=run.pk)
    assert (run.state, Household.objects.count()) == ("ready", 1)
    page = office.get(f"/imports/{run.uuid}/").content.decode()
    assert "系统中还没有证件号码" in page and "确认导入</button>" not in page
    with pytest.raises(WrongState, match="疑似重复"):
        confirm_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid, nudge=False)
    one = Suspicion.objects.get()
    assert office.post(f"/imports/{run.uuid}/suspicions/{one.uuid}/", {"verdict": "other"}).status_code == 302
    assert AuditRow.objects.filter(action="import.verdict").exists()
    jobs.run(str(confirm_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid, nudge=False).job_id))
    assert Household.objects.count() == 2


def test_a_verdict_is_remembered_for_the_next_file(cast, child, tmp_path):
    run = import_book(cast.township, numbered(tmp_path), dry_run=True)
    decide(cast, run, "other")
    assert import_book(cast.township, numbered(tmp_path, "again.xlsx")).state == "committed"


def test_a_household_whose_member_is_known_is_left_out_and_the_rest_is_written(cast, child, tmp_path):
    path = numbered(tmp_path)
    run = import_book(cast.township, path, dry_run=True)
    decide(cast, run, "same")
    jobs.run(str(confirm_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid, nudge=False).job_id))
    assert ImportRun.objects.get(pk=run.pk).state == "committed"
    assert list(Household.objects.values_list("code", flat=True)) == [ONE]


def decide(cast, run, verdict):
    one = Suspicion.objects.get(run=run)
    verdicts.decide(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid, suspicion_uuid=one.uuid, verdict=verdict)


def test_a_colleague_decides_nothing_in_my_import(cast, child, tmp_path):
    run = import_book(cast.township, numbered(tmp_path), dry_run=True)
    one = Suspicion.objects.get(run=run)
    with pytest.raises(NotFound):
        verdicts.decide(scope=scope_of(cast.township2), user=cast.township2, run_uuid=run.uuid, suspicion_uuid=one.uuid, verdict="same")


def test_the_same_family_under_another_code_waits_for_a_verdict(cast, first, tmp_path):
    rows = household(5)
    for order, row in enumerate(rows, start=1):
        row["姓名"] = f"张1{order}"
    run = import_book(cast.township, book(tmp_path / "f.xlsx", rows), dry_run=True)
    assert Suspicion.objects.filter(run=run, kind="household", code=f"{VILLAGE}0005").count() == 1


def test_people_of_one_name_and_birth_with_numbers_of_their_own_do_not_hold_up_an_import(cast, first, tmp_path):
    rows = household(3)
    old = Person.objects.get(name="张11")
    rows[0] |= {"姓名": "张11", "证件号码": made_up_id(500, birth=f"{old.birth:%Y%m%d}")}
    run = import_book(cast.township, book(tmp_path / "c.xlsx", rows))
    assert run.state == "committed" and not Suspicion.objects.exists()


def test_an_unattended_import_says_who_may_be_there_already_and_ends_with_a_status_that_is_not_0(cast, child, tmp_path):
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit):
        call_command("import_roster", str(numbered(tmp_path)), "--round", "2016-SB", "--as", "township", stdout=out, stderr=err)
    assert "疑似同一人：文件中 张小花" in out.getvalue() and "有 1 处疑似重复待认定，没有写入" in err.getvalue()
    assert Household.objects.count() == 1
