"""The import in the browser: upload, problems, confirmation, and doors that stay shut."""

from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from assessment import selectors_imports as states
from assessment.importing import staging
from core import jobs
from core.models import Job
from households.importing.model import Fault
from households.models import Household, ImportRun
from tests.assessment.roster_book import book, household, import_book

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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
    (tmp_path / "e.xlsx").write_bytes(answer.getvalue())
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


# --- the list and its filters ----------------------------------------------------------------------------------


@pytest.fixture
def runs(cast, round_):
    """120 imports of the county's office, six states in turn, every other of two townships."""
    begun, states = timezone.now(), ("checking", "refused", "ready", "committed", "cancelled", "undone")
    ImportRun.objects.bulk_create(
        ImportRun(
            county=round_.county, round_code=round_.code, file_name=f"名册{n}.xlsx", file_digest="x", requested_by=cast.county, state=states[n % 6],
            created_at=begun - timedelta(hours=n), counts={"townships": {"422827102": 3} | ({"422827103": 1} if n % 2 else {})},
        ) for n in range(120)
    )  # fmt: skip


def shown(page):
    return [row["run"].file_name for row in page.context["rows"]]


def test_a_long_list_of_imports_goes_on_by_keyset_and_says_how_many(runs, login):
    client, seen, address = login("county"), [], "/imports/"
    assert "120 次" in client.get(address).content.decode()
    while address:
        page = client.get(address)
        seen += shown(page)
        address = page.context["next"] and "/imports/" + page.context["next"]
    assert seen == [f"名册{n}.xlsx" for n in range(120)]


@pytest.mark.parametrize(("state", "label"), states.STATES)
def test_what_a_state_finds_says_that_state(runs, login, state, label):
    labels = {row["state"]["label"] for row in login("county").get(f"/imports/?state={state}").context["rows"]}
    assert labels == (set() if state == states.STOPPED else {label})


def test_a_check_that_stopped_half_way_is_found_as_such(cast, runs, login):
    run = ImportRun.objects.filter(state="checking").first()
    run.job = Job.objects.create(kind="import", title="x", requested_by=cast.county, state="failed", created_at=timezone.now())
    run.save()
    client = login("county")
    assert shown(client.get("/imports/?state=stopped")) == [run.file_name]
    assert run.file_name not in shown(client.get("/imports/?state=checking"))


def test_a_county_finds_the_imports_of_a_township(runs, login):
    page = login("county").get("/imports/?township=422827103")
    assert shown(page)[:2] == ["名册1.xlsx", "名册3.xlsx"] and "大河镇等 2 个乡镇" in page.content.decode()


def test_an_import_remembers_the_townships_that_its_file_names(cast, round_, tmp_path, login):
    run = import_book(cast.township, book(tmp_path / "r.xlsx", household(1)), dry_run=True)
    assert run.counts["townships"] == {"422827102": 1}
    assert "大河镇</td>" in login("township").get("/imports/").content.decode()


def test_a_township_is_not_asked_which_township(cast, runs, login):
    assert 'name="township"' not in login("township").get("/imports/").content.decode()


def test_an_empty_list_says_how_to_begin_and_a_narrowed_one_how_to_go_on(runs, login):
    assert "还没有导入过" in login("township").get("/imports/").content.decode()
    assert "没有符合条件的导入" in login("county").get("/imports/?state=stopped").content.decode()


@pytest.mark.parametrize("left", [3, 120])
def test_the_list_costs_the_same_for_3_imports_and_120(runs, login, left, django_assert_max_num_queries):
    ImportRun.objects.filter(pk__in=list(ImportRun.objects.values_list("pk", flat=True)[left:])).delete()
    client = login("county")
    client.get("/imports/")
    with django_assert_max_num_queries(8):
        client.get("/imports/")


def test_the_problems_of_a_file_go_on_by_keyset(runs, login):
    run = ImportRun.objects.filter(state="refused").first()
    staging.list_faults(run, [Fault("error", "花名册", row, "民族", "x", "不对", "改正") for row in range(250, 0, -1)])
    client, seen, address = login("county"), [], ""
    while address is not None:
        page = client.get(f"/imports/{run.uuid}/{address}")
        seen += [problem.row for problem in page.context["problems"].rows]
        address = page.context["next"] or None
    assert seen == list(range(1, 251))
