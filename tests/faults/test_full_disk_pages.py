"""The server's disk is full at each place where an upload or a workbook is written: told in Chinese, nothing half is kept (trust 26)."""

import errno
from io import BytesIO

import pytest
from django.db import OperationalError

from assessment.importing import service, staging
from core import jobs
from core.models import Job
from fupin.housekeeping import tidy
from households.models import Household, ImportProblem, ImportRun, StagedRow
from tests.assessment.roster_book import begin, book, household
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def kept_files() -> list:
    return list(service.imports_dir().iterdir())


@pytest.fixture
def township(client, cast, db, monkeypatch):
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    client.force_login(cast.township, backend="accounts.backends.LoginBackend")
    for path in kept_files():
        path.unlink()
    return client


@pytest.fixture
def roster(tmp_path):
    return book(tmp_path / "名册.xlsx", household(1))


def half_copied(source, target):
    target.write_bytes(source.read_bytes()[:100])
    full()


@pytest.mark.parametrize(("where", "stand_in"), [("assessment.importing.service.shutil.copyfile", half_copied), ("tempfile._TemporaryFileWrapper.__enter__", full)])
def test_an_upload_onto_a_full_disk_is_told_and_leaves_no_file(township, roster, round_, monkeypatch, where, stand_in):
    monkeypatch.setattr(where, stand_in)
    sent = {"round": "2016-SB", "key": "k1"}
    upload = BytesIO(roster.read_bytes())
    upload.name = "名册.xlsx"
    answer = township.post("/imports/new/", sent | {"file": upload})
    assert answer.status_code == 507 and "服务器磁盘已满" in answer.content.decode()
    assert kept_files() == [] and not ImportRun.objects.exists() and not Job.objects.exists()


def test_rows_that_find_no_room_to_wait_in_are_not_kept_and_the_page_says_why(township, cast, roster, round_, monkeypatch):
    run = begin(cast.township, roster, dry_run=True)

    def no_room(*_, **__):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(staging.StagedRow.objects, "bulk_create", no_room)
    job = jobs.run(str(run.job_id))
    assert (job.state, StagedRow.objects.count(), Household.objects.count()) == ("failed", 0, 0)
    page = township.get(f"/imports/{run.uuid}/").content.decode()
    assert "服务器磁盘已满" in page and "腾出空间" in page
    tidy()
    assert kept_files() == [] and not ImportProblem.objects.exists()


def test_a_marked_workbook_that_finds_no_room_is_told(township, cast, tmp_path, round_, monkeypatch):
    rows = household(1)
    rows[0]["民族"] = "甲"
    run = begin(cast.township, book(tmp_path / "b.xlsx", rows))
    monkeypatch.setattr("assessment.importing.marked.mark_upload", full)
    assert jobs.run(str(run.job_id)).state == "failed"
    assert "服务器磁盘已满" in township.get(f"/imports/{run.uuid}/").content.decode()
    assert not list(service.imports_dir().glob("*.marked*"))
