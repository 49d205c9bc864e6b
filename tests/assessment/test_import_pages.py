"""The import in the browser: upload, problems, confirmation, and doors that stay shut."""

import pytest
from openpyxl import load_workbook

from core import jobs
from core.models import Job
from households.models import Household, ImportRun
from tests.assessment.roster_book import book, household, import_book

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_queue(monkeypatch):
    """The queue is not there; a test runs the job itself."""
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)


def upload(client, path, **data):
    with path.open("rb") as file:
        return client.post("/imports/new/", {"round": "2016-SB", "file": file, "key": "k1", **data})


def test_the_township_uploads_checks_and_confirms(login, round_, tmp_path):
    client = login("township")
    answer = upload(client, book(tmp_path / "名册.xlsx", household(1)), dry_run="on")
    run = ImportRun.objects.get()
    assert answer.url == f"/imports/{run.uuid}/"
    assert "data-poll" in client.get(answer.url).content.decode()
    jobs.run(str(run.job_id))
    page = client.get(answer.url).content.decode()
    assert "确认导入" in page
    assert not Household.objects.exists()
    assert client.post(f"{answer.url}confirm/").status_code == 302
    jobs.run(str(Job.objects.get(kind="import_commit").pk))
    page = client.get(answer.url).content.decode()
    assert "已导入" in page and "确认导入</button>" not in page
    assert Household.objects.count() == 1
    assert "名册.xlsx" in client.get("/imports/").content.decode()


def test_the_township_reads_filters_and_fetches_the_problems(login, cast, round_, tmp_path):
    rows = household(1)
    rows[0]["民族"], rows[1]["自然村"] = "+1+1", "2组"
    run = import_book(cast.township, book(tmp_path / "r.xlsx", rows))
    client = login("township")
    page = client.get(f"/imports/{run.uuid}/?severity=error").content.decode()
    assert "不是“民族”的规定选项" in page and "与户主行" not in page.split("<tbody>")[-1]
    answer = client.get(f"/imports/{run.uuid}/errors.xlsx")
    (tmp_path / "e.xlsx").write_bytes(answer.content)
    cell = load_workbook(tmp_path / "e.xlsx").active["D2"]
    assert (cell.value, cell.data_type) == ("+1+1", "s")


@pytest.mark.parametrize("path", ["", "errors.xlsx"])
@pytest.mark.parametrize("other", ["township2", "township_other", "county"])
def test_an_import_of_somebody_else_does_not_exist(login, cast, round_, tmp_path, other, path):
    run = import_book(cast.township, book(tmp_path / "r.xlsx", household(1)), dry_run=True)
    assert login(other).get(f"/imports/{run.uuid}/{path}").status_code == 404


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_somebody_else_can_neither_confirm_nor_cancel_my_import(login, cast, round_, tmp_path, action):
    run = import_book(cast.township, book(tmp_path / "r.xlsx", household(1)), dry_run=True)
    assert login("township_other").post(f"/imports/{run.uuid}/{action}/").status_code == 404
    run.refresh_from_db()
    assert run.state == "ready"


@pytest.mark.parametrize("user", ["cadre", "viewer", "sysadmin"])
@pytest.mark.parametrize("path", ["/imports/", "/imports/new/"])
def test_those_who_do_not_import_see_no_import_page(login, round_, user, path):
    assert login(user).get(path).status_code == 403


def test_a_cancelled_check_leaves_nothing_to_confirm(login, cast, round_, tmp_path):
    run = import_book(cast.township, book(tmp_path / "r.xlsx", household(1)), dry_run=True)
    client = login("township")
    assert client.post(f"/imports/{run.uuid}/cancel/").status_code == 302
    assert client.post(f"/imports/{run.uuid}/confirm/").status_code == 409


def test_a_round_out_of_the_list_is_refused_by_the_form(login, round_, tmp_path):
    client = login("township")
    answer = upload(client, book(tmp_path / "r.xlsx", household(1)), round="nowhere")
    assert answer.status_code == 400
    assert not ImportRun.objects.exists()
