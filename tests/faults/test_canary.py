"""Marked secrets followed through every page, route, file, log and table (trust A2, C1, C5, L1; ruling 6).

One household carries a number, phones, amounts and words of illness that occur nowhere else; each test looks for them in one channel.
"""

import io
import logging
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from accounts.scopes import scope_of
from assessment.actions.surveys import save_draft, submit_survey
from core import jobs
from core.models import Job
from households.models import Household, ImportProblem, ImportRun
from households.secrets import reveal
from reports.actions import roll_up, system_scope
from reports.exporting import request_export
from tests.api.conftest import api, make_token  # noqa: F401  # the client program of the API tests
from tests.assessment.roster_book import book, import_book, person
from tests.conftest import made_up_id
from tests.faults.canary_walk import logged
from tests.test_route_walk import WALK
from tests.walk.rows import GET

pytestmark = pytest.mark.django_db(transaction=True)

CODE = "4228271022000001"
NUMBER, SPOUSE, IMPORTED = (made_up_id(4_200_000 + n) for n in range(3))
FAULTY = IMPORTED[:-1] + ("0" if IMPORTED[-1] != "0" else "1")
PHONE, IMPORTED_PHONE = "19012349876", "19023459871"
AMOUNTS = ("7654321", "8765432", "6543217")
ILLNESS = "尿毒症每周透析三次"
PURPOSE = "核对户口本"
IDENTITIES = (NUMBER, SPOUSE, IMPORTED, FAULTY, PHONE, IMPORTED_PHONE)
EVERYTHING = (*IDENTITIES, *AMOUNTS, ILLNESS)
LISTED_ILLNESS = "患有大病"

FORM = {
    "village": "422827102200", "key": "canary", "group": "42282710220001", "attribute": "01", "exit_status": "0", "cause": "01",
    "phone": PHONE, "savings": AMOUNTS[0], "debt": AMOUNTS[1], "education_debt": AMOUNTS[2],
    "members-TOTAL_FORMS": "2", "members-INITIAL_FORMS": "0",
    "members-0-name": "向大山", "members-0-relation": "01", "members-0-identity": NUMBER, "members-0-health": ["03"],
    "members-1-name": "田小水", "members-1-relation": "99", "members-1-identity": SPOUSE,
}  # fmt: skip


def found(text: str, markers=EVERYTHING) -> list[str]:
    """Markers in the text, however their digits are grouped."""
    plain = re.sub(r"(?<=\d)[,， \u00a0](?=\d)", "", text)
    return [marker for marker in markers if marker in text or marker in plain]


def cells(content: bytes | Path) -> str:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    return "\n".join(str(c.value) for sheet in openpyxl.load_workbook(source) for row in sheet.iter_rows() for c in row)


@pytest.fixture
def log(caplog):
    """Everything that is logged, SQL apart, from the first request on."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def canary(monkeypatch, log, login, cast, round_, tmp_path):
    """The marked household comes in by every door: form, refused form, stale form, survey, opened numbers, import, refused import."""
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    cadre = login("cadre")
    assert cadre.post("/households/new/", FORM).status_code == 302
    assert cadre.post("/households/new/", FORM | {"key": "again"}).status_code == 400
    household = Household.objects.get(code=CODE)
    head = household.memberships.get(relation="01")
    stale = FORM | {"version": "0", "members-TOTAL_FORMS": "1", "members-0-uuid": str(head.uuid)}
    assert cadre.post(f"/households/{CODE}/edit/", stale).status_code == 412
    _survey(scope_of(cast.cadre), round_)
    opened = cadre.post(f"/households/{CODE}/reveal/", {"purpose": PURPOSE})
    assert NUMBER in opened.content.decode(), "the marker is not where it should be"
    rows = [person(21, 1, 证件号码=IMPORTED, 联系电话=IMPORTED_PHONE, 健康状况=LISTED_ILLNESS)]
    assert import_book(cast.township, book(tmp_path / "r.xlsx", rows)).state == "committed"
    rows = [person(22, 1, 证件号码=FAULTY, 联系电话=IMPORTED_PHONE + "1"), person(23, 1, 证件号码=NUMBER)]
    assert import_book(cast.township, book(tmp_path / "s.xlsx", rows)).state == "refused"
    roll_up(scope=system_scope(round_), round_code=round_.code)
    return household


def _survey(scope, round_) -> None:
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = dict.fromkeys(answers, ILLNESS)
    draft = save_draft(
        scope=scope, household_code=CODE, round_code=round_.code, answers=answers, notes=notes, remarks={"F": ILLNESS},
        surveyed_on=date(2016, 7, 1), surveyor_name="覃晓燕",
    )  # fmt: skip
    submit_survey(scope=scope, household_code=CODE, round_code=round_.code, version=draft.version)


def exported(user, table: str, area: str) -> Job:
    job = request_export(scope=scope_of(user), table=table, round_code="2016-SB", area=area)
    return jobs.run(str(job.pk))


def _addresses(user) -> list[str]:
    """Every declared page and the user's own jobs and imports."""
    pages = [row.url for row in WALK if row.method == GET]
    own = Job.objects.filter(requested_by=user)
    pages += [reverse(name, args=[job.pk]) for job in own for name in ("job", "job_status")]
    for run in ImportRun.objects.filter(requested_by=user):
        pages += [reverse("import_detail", args=[run.uuid]), reverse("import_errors", args=[run.uuid])]
    return [*pages, f"/households/?q={CODE[:12]}", "/households/?q=向大山", "/audit/?action=household.reveal"]


def _pages(client, user):
    """(address, text) of each page the user gets; workbooks as the text of their cells."""
    for address in _addresses(user):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if "sheet" in answer.headers.get("Content-Type", ""):
            yield address, cells(content)
        else:
            yield address, content.decode()
        yield f"headers of {address}", str(answer.headers) + answer.headers.get("Location", "")


HIDDEN_FROM = {
    "viewer": (*EVERYTHING, LISTED_ILLNESS),
    "auditor": (*EVERYTHING, LISTED_ILLNESS),
    "sysadmin": (*EVERYTHING, LISTED_ILLNESS),
    "secadmin": (*EVERYTHING, LISTED_ILLNESS),
    "cadre2": (*EVERYTHING, LISTED_ILLNESS),
    "township_other": (*EVERYTHING, LISTED_ILLNESS),
    "county": IDENTITIES,
    "township": (NUMBER, SPOUSE, IMPORTED, FAULTY),
}
"""What a role meets on no page without asking: county offices read amounts and illness, nobody a number unasked."""


@pytest.mark.parametrize("who", HIDDEN_FROM)
def test_no_page_shows_a_role_what_it_may_not_see(canary, login, cast, who):
    hidden = [marker for marker in HIDDEN_FROM[who] if marker != LISTED_ILLNESS]
    shown = {address: found(text, hidden) for address, text in _pages(login(who), getattr(cast, who))}
    assert {address: markers for address, markers in shown.items() if markers} == {}


@pytest.mark.parametrize("who", [who for who, markers in HIDDEN_FROM.items() if LISTED_ILLNESS in markers])
def test_no_page_of_the_household_names_its_illness_to_a_role_without_the_field(canary, login, who):
    client = login(who)
    for address in (f"/households/{CODE}/", f"/households/{CODE}/survey/print/", "/households/"):
        if (answer := client.get(address)).status_code == 200 and address != "/households/":
            assert LISTED_ILLNESS not in answer.content.decode()


def test_the_cadre_does_see_amounts_and_illness_so_that_the_search_can_fail(canary, login):
    client = login("cadre")
    text = (
        client.get(f"/households/{CODE}/").content.decode() + client.get(f"/households/{CODE}/edit/").content.decode()
    )
    assert set(AMOUNTS) <= set(found(text)) and LISTED_ILLNESS in text


@pytest.mark.parametrize("area", ["422827", "422827102", "422827102200"])
def test_no_api_route_gives_a_token_what_it_may_not_see(canary, api, area):  # noqa: F811
    client = api(area)
    table = {"round": "2016-SB", "area": "422827102"}
    routes = [
        ("divisions/", {}), ("households/", {}), (f"households/{CODE}/", {}), ("members/", {}), ("rubrics/", {}), ("rounds/", {}),
        ("rubrics/LKF-DEFAULT-1/", {}), ("surveys/", {}), ("jobs/", {}), ("tables/township/", table), ("changes/", {}),
        ("tables/cell/", table | {"level": "township", "column": "households"}), ("households/", {"q": "向大山"}),
    ]  # fmt: skip
    for job in Job.objects.all():
        routes.append((f"jobs/{job.pk}/", {}))
    for route, query in routes:
        answer = client.get(route, **query)
        text = answer.content.decode() + str(answer.headers)
        assert found(text) == [] and LISTED_ILLNESS not in text, route
        assert "members" not in route or '"health"' not in text, route


def test_a_roster_masks_numbers_and_phones_for_the_county_and_not_for_the_cadre(canary, cast):
    county, cadre = exported(cast.county, "roster", "422827"), exported(cast.cadre, "roster", "422827102200")
    assert found(cells(Path(county.file_path))) == []
    assert set(found(cells(Path(cadre.file_path)))) == {NUMBER, SPOUSE, IMPORTED, PHONE, IMPORTED_PHONE}


@pytest.mark.parametrize(
    ("who", "table", "area"),
    [("viewer", "county", "422827"), ("township", "township", "422827102"), ("cadre", "village", "422827102200")],
)
def test_no_official_table_holds_a_secret(canary, cast, who, table, area):
    assert found(cells(Path(exported(getattr(cast, who), table, area).file_path))) == []


def test_no_row_of_any_table_holds_a_secret_in_the_clear(canary, cast):
    """Trail, feed, jobs with their arguments and results, problems of imports, keys, staged rows: all of them."""
    exported(cast.county, "roster", "422827")
    for model in apps.get_models():
        for row in model._base_manager.values():
            assert found(str(row)) == [], model._meta.label
    assert ImportProblem.objects.filter(column="证件号码").exists()


def test_no_session_holds_a_secret(canary, login):
    login("cadre").get(f"/households/{CODE}/edit/")
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    assert sessions and found(" ".join(sessions)) == []


def test_no_log_line_file_name_or_address_holds_a_secret(canary, log, login, cast, monkeypatch):
    """Also not when the work breaks down with the numbers in its hands."""
    monkeypatch.setattr("reports.workbooks.roster.guide_sheet", lambda lines: 1 / 0)
    assert exported(cast.cadre, "roster", "422827102200").state == "failed"
    monkeypatch.undo()
    job = exported(cast.cadre, "roster", "422827102200")
    assert "failed" in log.text, "nothing was logged, so nothing was proved"
    assert found("\n".join(logged(log))) == [] and found(log.text) == []
    names = [str(path) for path in settings.FILES_DIR.rglob("*")] + [job.file_name, job.title]
    assert found(" ".join(names)) == []
    links = re.findall(
        r'(?:href|action|src)="([^"]*)"', login("cadre").get(f"/households/{CODE}/edit/").content.decode()
    )
    assert found(" ".join(links)) == []


def test_no_upload_is_left_in_the_clear(canary):
    folders = [settings.FILES_DIR / "imports", settings.FILE_UPLOAD_TEMP_DIR]
    ours = {str(run.uuid) for run in ImportRun.objects.all()}
    assert [path for folder in folders for path in folder.glob("*") if path.stem in ours] == []


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's files are the server's")
def test_the_files_of_the_database_hold_no_secret_in_the_clear(canary):
    assert reveal(canary, "savings") == AMOUNTS[0], "the marker is not in the database at all"
    path = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        before = path.read_bytes() + Path(f"{path}-wal").read_bytes()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for raw in (before, path.read_bytes()):
        assert "向大山".encode() in raw, "these are not the bytes of the database"
        assert [marker for marker in EVERYTHING if marker.encode() in raw] == []
