"""Marked secrets followed through every page, route, file and table (trust A2, C1, C5, L1; ruling 6).

Each test looks for the marks of `canary_home` in one channel; what is left in logs and files: test_canary_traces.py.
"""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse

from core.models import Job
from households.models import Household, ImportProblem, ImportRun
from tests.api.conftest import api, make_token  # noqa: F401  # the client program of the API tests
from tests.faults import canary_day as day
from tests.faults.canary_home import (
    AMOUNTS,
    CODE,
    EVERYTHING,
    FAULTY,
    IDENTITIES,
    IMPORTED,
    IMPORTED_PHONE,
    LISTED_ILLNESS,
    NUMBER,
    PHONE,
    SEALED,
    SPOUSE,
    bring_in,
    cells,
    exported,
    found,
)
from tests.pdf_reading import text_of
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module
from tests.test_route_walk import WALK
from tests.walk.rows import GET

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def brought(standing, tmp_path_factory):
    return bring_in(standing.cast, standing.round, tmp_path_factory.mktemp("books"))


@pytest.fixture
def canary(brought, db):
    return fresh(brought)


def _addresses(user, household: Household) -> list[str]:
    """Every declared page that the role gets (whom it refuses is tests/test_route_walk.py), those of the household's day, and the user's own
    jobs and imports."""
    pages = [row.url for row in WALK if row.method == GET and (row.public or user.login in row.may)] + list(household.pages.values())
    own = Job.objects.filter(requested_by=user)
    pages += [reverse(name, args=[job.pk]) for job in own for name in ("job", "job_status")]
    for run in ImportRun.objects.filter(requested_by=user):
        pages += [reverse("import_detail", args=[run.uuid]), reverse("import_errors", args=[run.uuid])]
    return [*pages, f"/households/?q={CODE[:12]}", "/households/?q=向大山", "/manage/audit/?action=household.reveal"]


def _pages(client, user, household: Household):
    """(address, text) of each page the user gets; workbooks as the text of their cells."""
    for address in _addresses(user, household):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if "sheet" in answer.headers.get("Content-Type", ""):
            yield address, cells(content)
        elif "pdf" in answer.headers.get("Content-Type", "") and content.startswith(b"%PDF") and "/papers/" in address:
            yield address, text_of(content)
        else:
            yield address, content.decode(errors="replace")
        yield f"headers of {address}", str(answer.headers) + answer.headers.get("Location", "")


HIDDEN_FROM = {
    "viewer": (*EVERYTHING, LISTED_ILLNESS),
    "auditor": (*EVERYTHING, LISTED_ILLNESS),
    "sysadmin": (*EVERYTHING, LISTED_ILLNESS),
    "secadmin": (*EVERYTHING, LISTED_ILLNESS),
    "cadre2": (*EVERYTHING, LISTED_ILLNESS),
    "township_other": (*EVERYTHING, LISTED_ILLNESS),
    "county": (*IDENTITIES, *day.MASKED),
    "township": (NUMBER, SPOUSE, IMPORTED, FAULTY, day.DISABILITY, day.DRAFTED),
}
"""What a role meets on no page without asking: county offices read amounts and illness, nobody a number unasked."""


@pytest.mark.parametrize("who", HIDDEN_FROM)
def test_no_page_shows_a_role_what_it_may_not_see(canary, login, cast, who):
    hidden = [marker for marker in HIDDEN_FROM[who] if marker != LISTED_ILLNESS]
    shown = {address: found(text, hidden) for address, text in _pages(login(who), getattr(cast, who), canary)}
    if who == "township":  # the printed 花名册 is asked for, is on the trail, and shows numbers to whom the field class lets see them
        assert set(shown.pop(canary.pages["roster"])) == {NUMBER, SPOUSE, IMPORTED}
        returned = {marker for address in list(shown) if address.endswith("/errors.xlsx") for marker in shown.pop(address)}
        assert returned == {FAULTY, NUMBER}  # what the uploader typed, in the file that comes back to nobody else
    assert {address: markers for address, markers in shown.items() if markers} == {}


@pytest.mark.parametrize("who", [who for who, markers in HIDDEN_FROM.items() if LISTED_ILLNESS in markers])
def test_no_page_of_the_household_names_its_illness_to_a_role_without_the_field(canary, login, who):
    client = login(who)
    for address in (f"/households/{CODE}/", f"/households/{CODE}/survey/print/", "/households/"):
        if (answer := client.get(address)).status_code == 200 and address != "/households/":
            assert LISTED_ILLNESS not in answer.content.decode()


def test_the_cadre_does_see_amounts_and_illness_so_that_the_search_can_fail(canary, login):
    client = login("cadre")
    pages = (f"/households/{CODE}/", f"/households/{CODE}/edit/", f"/households/{CODE}/edit/?section=assets")
    text = "".join(client.get(page).content.decode() for page in pages)
    assert set(AMOUNTS) <= set(found(text)) and LISTED_ILLNESS in text


@pytest.mark.parametrize("area", ["422827", "422827102", "422827102200"])
def test_no_api_route_gives_a_token_what_it_may_not_see(canary, api, area):
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


def test_a_roster_masks_numbers_for_everybody_and_phones_for_the_county(canary, cast):
    county, cadre = exported(cast.county, "roster", "422827"), exported(cast.cadre, "roster", "422827102200")
    assert found(cells(Path(county.file_path))) == []
    assert set(found(cells(Path(cadre.file_path)))) == {PHONE, IMPORTED_PHONE, day.MEMBER_PHONE}


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
            assert found(str(row), SEALED) == [], model._meta.label
    assert ImportProblem.objects.filter(column="证件号码").exists()


def test_no_session_holds_a_secret(canary, login):
    login("cadre").get(f"/households/{CODE}/edit/?section=assets")
    sessions = [str(session.get_decoded()) for session in Session.objects.all()]
    assert sessions and found(" ".join(sessions)) == []


def test_no_upload_is_left_in_the_clear(canary):
    folders = [settings.FILES_DIR / "imports", settings.FILE_UPLOAD_TEMP_DIR]
    ours = {str(run.uuid) for run in ImportRun.objects.all()}
    assert [path for folder in folders for path in folder.glob("*") if path.stem in ours] == []
