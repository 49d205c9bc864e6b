"""Marks of a household (canary_home.py) and of a list (canary_walk.py) looked for where nobody reads: in log lines, in names of files and
in the bytes of the database (trust A2, C1, L1; ruling 6)."""

import logging
import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from households.models import Household
from households.secrets import reveal
from tests.faults import canary_home as home
from tests.faults.canary_walk import EVERYTHING, TYPED, Story, found, logged, papers, walk

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def log(caplog):
    """Named before `story` in a test, it has caught everything from the first form on."""
    for name in ("", "django.request", "axes"):  # louder than any setting of ours
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.fixture
def story(monkeypatch, settings, tmp_path, scope, cast, round_, make_case) -> Story:
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return walk(scope, cast, round_, make_case)


def test_no_log_line_holds_a_marker(log, story):
    """The whole walk at DEBUG, refused forms and every page of the county included."""
    client = story.enter("township2")
    for addresses in papers(story).values():
        for address in addresses:
            client.get(address)
    story.conclude()
    lines = logged(log)
    assert any("Bad Request: /households/" in line for line in lines), "the walk was not logged, so nothing was proved"
    assert [line[:80] for line in lines if found(line)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's files are the server's")
def test_the_files_of_the_database_hold_no_marker_in_the_clear(story):
    assert TYPED in reveal(story.case.amendments.get(), "reason"), "the marker is not in the database at all"
    path = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        before = path.read_bytes() + Path(f"{path}-wal").read_bytes()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for raw in (before, path.read_bytes()):
        assert "向大山".encode() in raw, "these are not the bytes of the database"
        assert [marker for marker in EVERYTHING if marker.encode() in raw] == []


@pytest.fixture
def canary(monkeypatch, log, cast, round_, tmp_path):
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    return home.bring_in(cast, round_, tmp_path)


def test_no_log_line_file_name_or_address_holds_a_secret(canary, log, login, cast, monkeypatch):
    """Also not when the work breaks down with the numbers in its hands."""
    monkeypatch.setattr("reports.workbooks.listing.guide_sheet", lambda *lines: 1 / 0)
    assert home.exported(cast.cadre, "roster", "422827102200").state == "failed"
    monkeypatch.undo()
    job = home.exported(cast.cadre, "roster", "422827102200")
    assert "failed" in log.text, "nothing was logged, so nothing was proved"
    assert home.found("\n".join(logged(log))) == [] and home.found(log.text) == []
    names = [str(path) for path in settings.FILES_DIR.rglob("*")] + [job.file_name, job.title]
    assert home.found(" ".join(names)) == []
    links = re.findall(
        r'(?:href|action|src)="([^"]*)"', login("cadre").get(f"/households/{home.CODE}/edit/?section=assets").content.decode()
    )
    assert home.found(" ".join(links)) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's files are the server's")
def test_the_files_of_the_database_hold_no_secret_in_the_clear(canary):
    assert Decimal(reveal(Household.objects.get(code=home.CODE), "savings")) == Decimal(home.AMOUNTS[0]), "the marker is not in the database at all"
    path = Path(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        before = path.read_bytes() + Path(f"{path}-wal").read_bytes()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for raw in (before, path.read_bytes()):
        assert "向大山".encode() in raw, "these are not the bytes of the database"
        assert [marker for marker in home.SEALED if marker.encode() in raw] == []
