"""Whole numbers leave the system for a purpose and by a second person's leave, or not at all (trust P6)."""

from datetime import timedelta

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from core import jobs
from core.downloads import check_file
from core.errors import BadInput, Denied, NotFound, WrongState
from core.ids import mask_id
from core.models import AuditRow, Job
from households.secrets import reveal
from reports.actions_exports import ask_full_export, decide_export, withdraw_export
from reports.exporting import export_to_file
from reports.homes.reminders import export_reminders
from reports.models import ExportRequest, RequestState
from reports.selectors_exports import to_approve
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401

VILLAGE = "422827102200"
WHY = "报县里核对名册"


@pytest.fixture(scope="module")
def home(standing):
    return standing.make_household(number=1, members=2)


@pytest.fixture
def ask(standing, home, db):
    def make(who="cadre", table="roster", area=VILLAGE, purpose=WHY):
        return ask_full_export(scope=standing.scope(who), table=table, round_code=standing.round.code, area=area, purpose=purpose)

    return make


@pytest.fixture
def approved(ask, standing):
    return decide_export(scope=standing.scope("lead"), uuid=ask().uuid, approve=True)


def numbers(path):
    return {row[8].value for row in openpyxl.load_workbook(path)["花名册"].iter_rows(min_row=2)}


def test_every_role_gets_masked_numbers_without_an_approval(standing, home, db, tmp_path):
    for who in ("cadre", "township", "county"):
        export_to_file(scope=standing.scope(who), table="roster", round_code=standing.round.code, area=VILLAGE, path=tmp_path / "a.xlsx")
        assert numbers(tmp_path / "a.xlsx") == {mask_id("x")}, who


def test_an_approved_job_holds_the_whole_numbers_and_says_why_and_by_whom(approved, home):
    job = jobs.run(str(approved.job_id))
    book = openpyxl.load_workbook(job.file_path)
    wanted = {reveal(row.person, "id") for row in home.memberships.all()}
    told = {row[0].value: row[1].value for row in book["口径说明"].iter_rows()}
    assert numbers(job.file_path) == wanted and WHY in told["号码"] and "测试lead" in told["号码"]
    assert job.result["serial"] in book["花名册"].oddFooter.left.text and job.requested_by.login == "cadre"


def test_the_auditor_finds_a_file_by_the_serial_that_is_printed_on_it(approved):
    serial = jobs.run(str(approved.job_id)).result["serial"]
    row = AuditRow.objects.get(object_code=serial)
    assert row.actor_login == "cadre" and row.detail["approved_by"] == "lead" and row.detail["numbers"] is True


def test_the_asker_may_not_answer_the_own_request(ask, standing):
    with pytest.raises(Denied):
        decide_export(scope=standing.scope("cadre"), uuid=ask().uuid, approve=True)


@pytest.mark.parametrize("who", ["cadre2", "township_other"])
def test_another_area_does_not_see_the_request(ask, standing, who):
    with pytest.raises(NotFound):
        decide_export(scope=standing.scope(who), uuid=ask().uuid, approve=True)


def test_a_village_does_not_approve_for_the_whole_township(ask, standing):
    with pytest.raises(NotFound):
        decide_export(scope=standing.scope("cadre"), uuid=ask("township", area="422827102").uuid, approve=True)


def test_a_refusal_needs_its_reason_and_makes_no_file(ask, standing):
    uuid = ask().uuid
    with pytest.raises(BadInput):
        decide_export(scope=standing.scope("lead"), uuid=uuid, approve=False)
    assert decide_export(scope=standing.scope("lead"), uuid=uuid, approve=False, reason="先在系统里核对").job_id is None


def test_a_request_is_answered_once(approved, standing):
    with pytest.raises(WrongState):
        decide_export(scope=standing.scope("township"), uuid=approved.uuid, approve=False, reason="已经有了")


def test_a_request_that_ran_out_can_neither_be_approved_nor_stand_in_the_way(ask, standing):
    old = ask()
    ExportRequest.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(WrongState):
        decide_export(scope=standing.scope("lead"), uuid=old.uuid, approve=True)
    assert ask().is_waiting and ExportRequest.objects.get(pk=old.pk).state == RequestState.EXPIRED


def test_the_same_request_twice_waits_once(ask):
    ask()
    with pytest.raises(WrongState):
        ask()


@pytest.mark.parametrize("purpose", ["", "核对", "给522399195612021289核对"])
def test_a_purpose_is_said_in_words_without_numbers(ask, purpose):
    with pytest.raises(BadInput):
        ask(purpose=purpose)


def test_who_may_not_see_numbers_may_not_ask_for_them(ask):
    with pytest.raises(Denied):
        ask("county", area="422827")


def test_a_list_without_numbers_needs_no_request(ask):
    with pytest.raises(BadInput):
        ask(table="list")


def test_a_person_asks_only_so_often_a_day(ask, standing, settings):
    settings.EXPORT_FULL_PER_DAY = 1
    ask()
    with pytest.raises(WrongState):
        ask(table="persons")
    decide_export(scope=standing.scope("lead"), uuid=ExportRequest.objects.get().uuid, approve=False, reason="用途不清")
    assert ask(table="persons").is_waiting  # what was refused does not count


def test_the_file_is_shut_once_the_approval_is_taken_back(approved, standing):
    job = jobs.run(str(approved.job_id))
    check_file(job, standing.scope("cadre"))
    withdraw_export(scope=standing.scope("township"), uuid=approved.uuid, reason="发现用途不符")
    with pytest.raises(NotFound):
        check_file(job, standing.scope("cadre"))


def test_a_job_whose_approval_was_taken_back_before_it_ran_makes_no_file(approved, standing):
    withdraw_export(scope=standing.scope("township"), uuid=approved.uuid, reason="发现用途不符")
    assert jobs.run(str(approved.job_id)).file_path == ""


def test_the_file_is_shut_for_who_may_no_longer_see_what_is_open_in_it(standing, home, db, cast):
    job = Job(kind="export", params={"table": "roster", "round": standing.round.code, "area": VILLAGE}, result={"seen": ["identity"]})
    check_file(job, standing.scope("cadre"))
    with pytest.raises(NotFound):
        check_file(job, standing.scope("county"))


def test_the_home_page_tells_who_can_approve_and_not_the_asker(ask, standing):
    ask()
    assert [len(export_reminders(standing.scope(who))) for who in ("lead", "township", "county", "cadre", "cadre2")] == [1, 1, 1, 0, 0]
    assert to_approve(standing.scope("viewer")).count() == 0


def test_the_page_shows_what_waits_and_takes_the_answer(ask, standing, login, cast):
    made, client = ask(), login("lead")
    assert WHY in client.get(reverse("exports")).content.decode()
    client.post(reverse("export_decide", args=[made.uuid]), {"answer": "approve"})
    assert ExportRequest.objects.get(pk=made.pk).decided_by.login == "lead"


def test_the_page_says_what_is_wrong_with_a_purpose_and_keeps_it(standing, home, login, cast):
    body = {"table": "roster", "round": standing.round.code, "area": VILLAGE, "full": "on", "purpose": "核"}
    answer = login("cadre").post(reverse("exports"), body)
    assert answer.status_code == 400 and 'value="核"' in answer.content.decode()


def test_the_command_asks_for_purpose_and_a_second_person(standing, home, db, tmp_path):
    said = ["export", "roster", "--round", standing.round.code, "--area", VILLAGE, "--as", "cadre", "--out", str(tmp_path / "a.xlsx"), "--full-ids"]
    with pytest.raises(CommandError, match="另一人批准"):
        call_command(*said)
    with pytest.raises(CommandError):
        call_command(*said, "--purpose", WHY, "--approved-by", "cadre")
    assert not (tmp_path / "a.xlsx").exists()
    call_command(*said, "--purpose", WHY, "--approved-by", "lead")
    assert mask_id("x") not in numbers(tmp_path / "a.xlsx")
