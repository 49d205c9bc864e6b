"""Undoing an import: exact, whole, and only while nothing depends on it (fault 56)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.scopes import scope_of
from assessment.importing.undo import may_undo, plan_undo, undo_import
from assessment.models import Case, Survey
from core import jobs
from core.errors import WrongState
from core.models import AuditRow, Change, Job
from fupin.invariants import CHECKS
from households.models import Household, HouseholdEvent, ImportRun, IncomeYear, Membership, UndoPart
from households.selectors_ledger import ledger_document
from tests.assessment.national_book import home, national
from tests.assessment.roster_book import ANSWERS, VILLAGE, book, household, import_book, person, survey
from tests.standing import *  # noqa: F403

ONE, TWO = f"{VILLAGE}0001", f"{VILLAGE}0002"


@pytest.fixture
def first(cast, round_, tmp_path):
    """Two households, the first with a form."""
    return import_book(cast.township, book(tmp_path / "first.xlsx", household(1) + household(2), [survey(1)]))


def undo(cast, run) -> ImportRun:
    begun = undo_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid, nudge=False)
    job = jobs.run(str(begun.job_id))
    assert job.state == "done", job.error
    return ImportRun.objects.get(pk=run.pk)


def test_new_households_count_on_no_date_and_the_same_file_brings_them_back(cast, first, tmp_path):
    assert undo(cast, first).state == "undone"
    rows = Household.objects.order_by("code")
    assert [(row.closed_on, row.persons) for row in rows] == [(row.registered_on, 0) for row in rows]
    assert not Membership.objects.current().exists() and not Case.objects.exists()
    assert list(Survey.objects.values_list("status", flat=True)) == ["superseded"]
    assert all(not list(check()) for _, check in CHECKS)
    assert AuditRow.objects.filter(action="import.undone").exists() and Change.objects.filter(code=ONE).count() == 2
    again = import_book(cast.township, tmp_path / "first.xlsx")
    assert again.state == "committed", list(again.problems.values_list("reason", flat=True))
    assert Household.objects.registered().count() == 2 and Membership.objects.current().count() == 4
    assert Survey.objects.get(status="submitted").revision == 2 and Case.objects.count() == 1
    assert all(not list(check()) for _, check in CHECKS)


def test_a_changed_household_has_its_own_values_again_to_the_letter(cast, first, tmp_path):
    before = {code: ledger_document(Household.objects.get(code=code), 1) for code in (ONE, TWO)}
    wife = person(1, 2, "配偶", sex="F")
    rows = [person(1, 1, 人数=1, 人均纯收入=2500, 联系电话="19000000055", 自然村="2组"), *household(2)]
    rows[1]["人数"] = 3
    rows.append(person(2, 3, "之女", sex="F") | {"证件号码": wife["证件号码"], "姓名": wife["姓名"]})
    run = import_book(cast.township, book(tmp_path / "b.xlsx", rows, [survey(1, "3" + ANSWERS[1:])]))
    assert run.counts["households"]["changed"] == 2, list(run.problems.values_list("reason", flat=True))
    undo(cast, run)
    for code in (ONE, TWO):
        row = Household.objects.get(code=code)
        after = ledger_document(row, row.version)
        assert row.version == 3
        moving = ("id", "version", "created_at", "updated_at", "updated_by_id")
        facts = [{name: value for name, value in one["household"].items() if name not in moving} for one in (after, before[code])]
        assert facts[0] == facts[1]
        assert [(one["identity"], one["relation"], one["until"]) for one in after["members"]] == [
            (one["identity"], one["relation"], one["until"]) for one in before[code]["members"]
        ]
    assert [(row.answers, row.status) for row in Survey.objects.order_by("revision")] == [(ANSWERS, "submitted"), ("3" + ANSWERS[1:], "superseded")]
    assert Case.objects.get().survey.revision == 1
    assert all(not list(check()) for _, check in CHECKS)


def test_an_income_year_that_the_import_brought_goes_with_it(cast, first, tmp_path):
    run = import_book(cast.township, national(tmp_path / "h.xlsx", [home(1)]))
    undo(cast, run)
    row = Household.objects.get(code=ONE)
    assert not IncomeYear.objects.exists() and (row.net_income_per_head, row.bank_card_enc, row.fuel) == (2100, "", "")


def test_one_household_in_the_way_is_named_and_nothing_is_undone(cast, first, login):
    Household.objects.filter(code=TWO).update(version=2)
    plan = plan_undo(scope_of(cast.township), first)
    assert plan.obstacles == [(TWO, "张21", "导入以后又改过，或已办变动")]
    assert "导入以后又改过" in login("township").get(f"/imports/{first.uuid}/undo/").content.decode()
    assert login("township").post(f"/imports/{first.uuid}/undo/").status_code == 409
    assert not Job.objects.filter(kind="import_undo").exists()


@pytest.mark.parametrize(("change", "reason"), [
    (lambda: Household.objects.filter(code=ONE).update(hold=True, hold_reason="村评议"), "已锁定（村评议）"),
    (lambda: Case.objects.update(stage="cy"), "名单已往下办理"),
    (lambda: Case.objects.update(pass_no=2), "名单已往下办理"),
], ids=["held", "stage", "pass"])  # fmt: skip
def test_a_household_on_its_way_is_not_undone(cast, first, change, reason):
    change()
    assert [row[2] for row in plan_undo(scope_of(cast.township), first).obstacles] == [reason]


def test_what_came_in_between_is_seen_again_under_the_locks(cast, first):
    begun = undo_import(scope=scope_of(cast.township), user=cast.township, run_uuid=first.uuid, nudge=False)
    Household.objects.filter(code=ONE).update(version=2)
    job = jobs.run(str(begun.job_id))
    assert job.state == "failed" and "不能撤销" in job.error
    assert Household.objects.registered().count() == 2 and ImportRun.objects.get(pk=first.pk).state == "committed"


def test_the_page_explains_undoes_once_and_stops_offering_it(cast, first, login):
    office = login("township")
    assert "撤销导入" in office.get(f"/imports/{first.uuid}/").content.decode()
    assert "<b>2</b> 户按没有登记过处理" in office.get(f"/imports/{first.uuid}/undo/").content.decode()
    for _ in range(2):
        assert office.post(f"/imports/{first.uuid}/undo/").status_code == 302
    jobs.run(str(Job.objects.get(kind="import_undo").pk))
    page = office.get(f"/imports/{first.uuid}/").content.decode()
    assert "已撤销" in page and f"/imports/{first.uuid}/undo/" not in page
    assert HouseholdEvent.objects.filter(kind="closed", reason="undone").count() == 2


def test_after_a_week_the_values_before_are_gone_and_nothing_can_be_undone(cast, first):
    ImportRun.objects.update(committed_at=timezone.now() - timedelta(days=8))
    run = ImportRun.objects.get()
    assert not may_undo(run)
    with pytest.raises(WrongState, match="7天以内"):
        undo_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid)
    from assessment.importing.service import purge_expired

    purge_expired()
    assert not UndoPart.objects.exists()
