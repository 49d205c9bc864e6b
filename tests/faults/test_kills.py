"""Workers killed with SIGKILL in mid-job: after the lease one taker makes exactly one result (ruling 10, 32; trust 17).

Two real deaths a job, asked for with `-m long`; every step of every job is tried in-process by `test_every_step.py`."""

import os
import time
from pathlib import Path

import pytest
from django.conf import settings

from accounts.scopes import scope_of
from assessment.models import Score, Survey
from core.jobs import enqueue
from core.models import AuditRow, Change, Job, JobState
from fupin.housekeeping import tidy
from households.models import Household, ImportRun, Membership, Person, StagedRow
from reports.actions import roll_up, system_scope
from reports.exporting import request_export
from reports.models import Tally, TallyState
from tests.assessment.roster_book import begin, book, household, survey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

HOUSES = 12
DAY = 24 * 3600
STORED = (Household, Membership, Person, Survey, Score)
IMPORT_STEPS = [
    pytest.param("core.jobs.handle:JobHandle.progress:加密暂存", 1, id="half-staged"),
    pytest.param("assessment.importing.commit:write_surveys", 0, id="households-written"),
]
ROLLUP_STEPS = [
    pytest.param("reports.actions:_audit", id="figures-written"),
    pytest.param("core.jobs.handle:JobHandle._finish", id="before-the-last-write"),
]
EXPORT_STEPS = [
    pytest.param("reports.workbooks.listing:guide_sheet", id="roster-half-written"),
    pytest.param("reports.exporting:_audit", id="file-written"),
]


def stored() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in STORED}


@pytest.fixture
def import_(cast, round_, tmp_path):
    rows = [row for number in range(1, HOUSES + 1) for row in household(number)]
    return begin(cast.township, book(tmp_path / "名册.xlsx", rows, [survey(n) for n in range(1, HOUSES + 1)]))


@pytest.mark.parametrize(("step", "checking"), IMPORT_STEPS)
def test_a_killed_import_leaves_nothing_and_is_then_imported_once(
    import_, kill_at, take_over, nothing_is_broken, step, checking
):
    upload = Path(import_.file_path)
    kill_at(import_.job, step)
    assert set(stored().values()) == {0}, "a killed import left half of its data"
    assert ImportRun.objects.get().state == ("checking" if checking else "ready")

    job = take_over(import_.job)
    assert (job.state, job.attempts) == (JobState.DONE, 2), job.error
    assert stored() == {
        "Household": HOUSES, "Membership": 2 * HOUSES, "Person": 2 * HOUSES, "Survey": HOUSES, "Score": HOUSES,
    }  # fmt: skip
    assert ImportRun.objects.get().state == "committed"
    assert AuditRow.objects.filter(action="import.commit", detail__has_key="counts").count() == 1
    assert Change.objects.filter(kind="household").count() == HOUSES
    assert not StagedRow.objects.exists() and not upload.exists(), "rows were left behind, staged or in the clear"
    nothing_is_broken()


@pytest.fixture
def counted(round_, cast, make_household):
    """Households, and figures of an earlier roll-up that a killed one must not touch."""
    first = make_household(number=1, members=3)
    roll_up(scope=system_scope(round_), round_code=round_.code)
    make_household("422827103200", number=2, members=2)
    return first


def _figures() -> list:
    return list(Tally.objects.order_by("village", "group").values_list("village", "group", "values"))


@pytest.mark.parametrize("step", ROLLUP_STEPS)
def test_a_killed_roll_up_keeps_the_old_figures_and_then_counts_once(
    counted, cast, round_, kill_at, take_over, nothing_is_broken, step
):
    before = _figures()
    params = {"round": round_.code, "full": True}
    job = enqueue("rollup", title="汇总", user_id=cast.county.pk, params=params, nudge=False)
    kill_at(job, step)
    assert _figures() == before, "a killed roll-up left half of its figures"

    done = take_over(job)
    assert (done.state, done.attempts, done.result["recomputed"]) == (JobState.DONE, 2, 3), done.error
    assert TallyState.objects.count() == 3
    assert sum(values.get("persons", 0) for *_, values in _figures()) == 5
    assert AuditRow.objects.filter(action="table.roll_up", actor_login="county").count() == 1
    nothing_is_broken()


@pytest.mark.parametrize("step", EXPORT_STEPS)
def test_a_killed_export_is_made_once_and_its_half_file_is_tidied_away(
    counted, cast, round_, kill_at, take_over, nothing_is_broken, step
):
    job = request_export(scope=scope_of(cast.cadre), table="roster", round_code=round_.code, area="422827102200")
    kill_at(job, step)
    (half,) = (settings.FILES_DIR / "exports").glob(f"{job.pk}*")
    assert Job.objects.get(pk=job.pk).file_path == "", "a file that nobody finished is offered"

    done = take_over(job)
    assert (done.state, done.attempts) == (JobState.DONE, 2), done.error
    assert AuditRow.objects.filter(action="export.made").count() == 1
    tidy()
    assert half.exists(), "a young file may still be in the making"
    os.utime(half, times=(time.time() - 2 * DAY,) * 2)
    tidy()
    assert not half.exists() and Path(done.file_path).exists()
    nothing_is_broken()
