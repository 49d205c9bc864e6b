"""A full disk: no business write without its audit row, no half file behind an export (trust L2, L6)."""

import errno
import gc
import io
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError

from accounts.scopes import scope_of
from assessment.actions.surveys import save_draft, submit_survey
from core import actions, jobs
from core.models import AuditRow, Change, JobState
from households.actions import register_household, reveal_household, update_household
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household, HouseholdVersion, ImportRun, Membership, Person
from reports.exporting import request_export
from reports.models import Tally
from tests.assessment.roster_book import begin, book, household
from tests.ground import made_up_id

pytestmark = pytest.mark.django_db(transaction=True)

FULL = "database or disk is full"
WATCHED = (Household, Membership, Person, HouseholdVersion, Tally, AuditRow, Change)


def _state() -> list:
    counts = [model.objects.count() for model in WATCHED]
    return [counts, list(Household.objects.order_by("pk").values_list("version", "attribute"))]


def _entry(household=None) -> HouseholdEntry:
    facts = {"attribute": "04", "exit_status": "0", "cause": "02", "appliances": None}
    if household is None:
        return HouseholdEntry("", facts, (MemberEntry(name="向大山", relation="01", identity=made_up_id(4_100_001)),))
    members = [
        MemberEntry(name=row.person.name, relation=row.relation, uuid=str(row.uuid))
        for row in household.memberships.select_related("person")
    ]
    return HouseholdEntry("", facts, tuple(members))


@pytest.fixture
def disk_is_full(monkeypatch):
    """`disk_is_full()` → from now on the trail cannot be written, as SQLite says it."""

    def fill() -> None:
        def refuse(act):
            raise OperationalError(FULL)

        monkeypatch.setattr(actions, "flush", refuse)

    return fill


def test_a_cadre_registers_nothing_that_is_not_on_the_trail(scope, disk_is_full):
    before = _state()
    disk_is_full()
    with pytest.raises(OperationalError):
        register_household(scope=scope("cadre"), village_code="422827102200", entry=_entry())
    assert _state() == before


def test_a_cadre_changes_nothing_that_is_not_on_the_trail(scope, make_household, disk_is_full):
    stored = make_household()
    before = _state()
    disk_is_full()
    with pytest.raises(OperationalError):
        update_household(scope=scope("cadre"), code=stored.code, version=1, entry=_entry(stored))
    assert _state() == before


def test_a_cadre_reads_no_number_that_is_not_on_the_trail(scope, make_household, disk_is_full):
    stored = make_household()
    disk_is_full()
    with pytest.raises(OperationalError):
        reveal_household(scope=scope("cadre"), code=stored.code, purpose="核对户口本")


def test_a_form_stays_a_draft_when_its_submission_cannot_be_audited(scope, make_household, round_, disk_is_full):
    stored = make_household()
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = dict.fromkeys(answers, "入户看过，按现场填写。")
    draft = save_draft(
        scope=scope("cadre"), household_code=stored.code, round_code=round_.code, answers=answers, notes=notes,
        surveyed_on=round_.reference_date, surveyor_name="覃晓燕",
    )  # fmt: skip
    disk_is_full()
    with pytest.raises(OperationalError):
        submit_survey(scope=scope("cadre"), household_code=stored.code, round_code=round_.code, version=draft.version)
    draft.refresh_from_db()
    assert draft.status == "draft" and draft.score_id is None


def test_an_import_that_cannot_be_audited_writes_no_household_and_says_so(cast, round_, tmp_path, disk_is_full):
    run = begin(cast.township, book(tmp_path / "名册.xlsx", household(1)))
    before = _state()
    disk_is_full()
    job = jobs.run(str(run.job_id))
    assert _state() == before
    assert job.state == JobState.FAILED and "服务器磁盘已满" in job.error and FULL not in job.error
    assert ImportRun.objects.get().state != "committed"


@pytest.fixture
def export(cast, make_household, round_):
    """A roster export that waits to be made, and a look at its files."""
    for number in range(1, 4):
        make_household(number=number)
    job = request_export(scope=scope_of(cast.cadre), table="roster", round_code=round_.code, area="422827102200")
    return job, lambda: list((settings.FILES_DIR / "exports").glob(f"{job.pk}*"))


def test_an_export_that_cannot_be_audited_leaves_no_file(export, disk_is_full):
    job, files = export
    disk_is_full()
    done = jobs.run(str(job.pk))
    assert (done.state, done.file_path, files()) == (JobState.FAILED, "", [])


@pytest.mark.parametrize("room", [0, 700])
def test_an_export_onto_a_full_disk_leaves_no_file_and_a_reason_in_chinese(export, monkeypatch, caplog, room):
    job, files = export

    class FullDisk(io.FileIO):
        """A file on a disk with room for a few bytes more."""

        def write(self, data) -> int:
            if self.tell() + len(data) > room:
                raise OSError(errno.ENOSPC, "No space left on device", self.name)
            return super().write(data)

    monkeypatch.setattr(Path, "open", lambda path, mode: FullDisk(path, mode))
    monkeypatch.setattr(sys, "unraisablehook", lambda fault: None)  # the dropped archive's own last write fails too
    done = jobs.run(str(job.pk))
    log = caplog.text
    caplog.clear()
    gc.collect()
    assert (done.state, done.file_path) == (JobState.FAILED, "")
    assert files() == [], "half a file of numbers was left behind"
    assert "服务器磁盘已满" in done.error and "space" not in done.error
    assert not AuditRow.objects.filter(action="export.made").exists()
    assert "522399" not in log
