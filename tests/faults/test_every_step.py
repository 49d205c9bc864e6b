"""Every kind of job, killed at each of its steps, delivered twice, overtaken by another worker, never nudged: one result, counted independently,
and no half file (trust 16 to 20; ruling 10, 32)."""

import os
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone
from openpyxl import load_workbook

from assessment.actions.scores import rescore
from assessment.importing.service import confirm_import, imports_dir
from assessment.importing.undo import undo_import
from assessment.models import Score, Survey
from core import jobs
from core.jobs import registry
from core.models import AuditRow, Change, Job, JobState
from fupin.housekeeping import tidy
from households.actions.doubt_export import request_doubts
from households.actions.quality_run import request_check
from households.models import Doubt, DoubtDay, Household, ImportRun, Membership, Person, QualityRun, StagedRow
from reports.actions_papers import request_papers
from reports.exporting import request_export
from reports.models import Tally, TallyState
from tests.assessment.roster_book import begin, book, household, survey
from tests.faults.steps import at_every_step, overtaken, rolled_back, run, taken_over
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

VILLAGE = "422827102200"
DAY = 24 * 3600


@pytest.fixture(scope="module")
def people(standing, tmp_path_factory):
    """Five households with forms and a doubt each, a roster with two more, and scores that a rescore puts right."""
    for number in range(1, 6):
        standing.make_case(number=number, points=58)
    for row in Household.objects.all():
        now, place = timezone.now(), {name: getattr(row, name) for name in ("county_id", "township_id", "village_id", "group_id")}
        Doubt.objects.create(
            household=row, subject=str(row.uuid), rule="Q-99-01", family=2, severity="warning", weight=210, message="两处不一致",
            fingerprint="x", found_at=now, seen_at=now, **place,
        )  # fmt: skip
    rows = [*household(11), *household(12)]
    standing.roster = book(tmp_path_factory.mktemp("rosters") / "名册.xlsx", rows, [survey(11), survey(12)])
    return standing


@dataclass
class Kind:
    """`lay(ground)` → a job that waits; `left()` what a reader may see of its results; `found()` the same, with all traces."""

    lay: Any
    left: Any
    found: Any


def exports() -> list[Path]:
    """Files of exports, except those of workers that died long ago: the cleaner has been."""
    named = set(Job.objects.exclude(file_path="").values_list("file_path", flat=True))
    for path in (settings.FILES_DIR / "exports").glob("*"):
        if str(path) not in named:
            os.utime(path, times=(time.time() - 2 * DAY,) * 2)
    tidy()
    return sorted((settings.FILES_DIR / "exports").glob("*"))


def audited(action: str) -> int:
    return AuditRow.objects.filter(action=action, result="ok").count()


def file_offered() -> bool:
    return Job.objects.exclude(file_path="").exists()


def cells_of_file() -> Any:
    (path,) = exports()
    job = Job.objects.exclude(file_path="").get()
    assert str(path) == job.file_path and path.stat().st_mode & 0o777 == 0o600
    if path.suffix != ".xlsx":
        return job.result
    book_ = load_workbook(path, read_only=True)
    cells = [[cell for cell in row if cell is not None] for row in book_.worksheets[0].iter_rows(values_only=True)]
    book_.close()
    return cells


def families() -> Counter:
    return Counter(model.__name__ for model in (Household, Person, Membership, Survey, Score) for _ in range(model.objects.count()))


def imported() -> tuple:
    run_ = ImportRun.objects.get()
    rows = sorted(Survey.objects.values_list("household__code", "score__points", "persons"))
    return families(), rows, run_.state, run_.counts, audited("import.commit"), Change.objects.count(), StagedRow.objects.count(), list(imports_dir().iterdir())


def figures() -> list:
    return list(Tally.objects.order_by("village", "group").values_list("village", "group", "values"))


def doubts() -> list:
    return sorted(Doubt.objects.filter(state="open").values_list("household__code", "rule"))


def lay_commit(ground) -> Job:
    checked = begin(ground.cast.township, ground.roster, dry_run=True)
    jobs.run(str(checked.job_id))
    return confirm_import(scope=ground.scope("township"), user=ground.cast.township, run_uuid=checked.uuid, nudge=False).job


def lay_undo(ground) -> Job:
    done = begin(ground.cast.township, ground.roster)
    jobs.run(str(done.job_id))
    return undo_import(scope=ground.scope("township"), user=ground.cast.township, run_uuid=done.uuid, nudge=False).job


def undone() -> tuple:
    closed = sorted(Household.objects.filter(closed_on__isnull=False).values_list("code", flat=True))
    return closed, ImportRun.objects.get().state, Change.objects.count()


def lay_rollup(ground) -> Job:
    return jobs.enqueue("rollup", title="汇总", user_id=ground.cast.county.pk, params={"round": ground.round.code, "full": True}, nudge=False)


KINDS = {
    "rollup": Kind(lay_rollup, figures, lambda: (figures(), TallyState.objects.count(), audited("table.roll_up"))),
    "import": Kind(lambda g: begin(g.cast.township, g.roster).job, families, imported),
    "import_commit": Kind(lay_commit, families, imported),
    "import_undo": Kind(lay_undo, lambda: undone()[0], lambda: (undone(), families(), audited("import.undone"))),
    "export": Kind(
        lambda g: request_export(scope=g.scope("cadre"), table="roster", round_code=g.round.code, area=VILLAGE), file_offered,
        lambda: (cells_of_file(), audited("export.made")),
    ),
    "papers": Kind(
        lambda g: request_papers(scope=g.scope("cadre"), area=VILLAGE, papers=["wish"]), file_offered,
        lambda: (len(exports()), Job.objects.exclude(file_path="").count(), audited("papers.made")),
    ),
    "quality": Kind(
        lambda g: request_check(scope=g.scope("cadre"), area=VILLAGE), lambda: QualityRun.objects.count(),
        lambda: (doubts(), QualityRun.objects.count(), DoubtDay.objects.count(), audited("quality.run")),
    ),
    "doubts": Kind(
        lambda g: request_doubts(scope=g.scope("cadre"), filters={}), file_offered, lambda: (cells_of_file(), audited("export.made")),
    ),
}  # fmt: skip


@pytest.fixture
def clean(people, db):
    """No file of an earlier test."""
    for folder in (settings.FILES_DIR / "exports", imports_dir()):
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
    return people


def swept(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize("name", KINDS)
def test_a_job_killed_at_any_step_has_one_result_in_the_end(clean, name):
    kind = KINDS[name]

    def lay() -> Job:
        swept(settings.FILES_DIR / "exports"), swept(imports_dir())
        return kind.lay(clean)

    assert at_every_step(lay, run, taken_over, kind.left, kind.found) >= 6


@pytest.mark.parametrize("name", KINDS)
def test_a_worker_that_was_overtaken_adds_nothing_and_leaves_no_file(clean, monkeypatch, name):
    kind = KINDS[name]
    with rolled_back():
        run(kind.lay(clean))
        wanted = kind.found()
    swept(settings.FILES_DIR / "exports"), swept(imports_dir())
    with monkeypatch.context() as patch:
        job = overtaken(kind.lay(clean), patch)
    assert kind.found() == wanted
    assert job.state == JobState.DONE and jobs.run(str(job.pk)).attempts == job.attempts == 2
    assert kind.found() == wanted, "delivered once more, it did more"


def test_figures_after_a_killed_roll_up_are_those_of_an_independent_count(clean):
    """From memberships and forms as they stand, without the code of the tables."""
    job = lay_rollup(clean)
    run(job)
    persons = Counter()
    for household_ in Household.objects.filter(closed_on=None):
        persons[household_.village_id] += household_.memberships.filter(until=None).count()
    counted = Counter()
    for village, _, values in figures():
        counted[village] += values.get("persons", 0)
    assert +counted == persons and sum(persons.values()) > 0


def test_a_rescore_killed_at_any_step_is_done_once(clean):
    def scores() -> list:
        return sorted(Survey.objects.values_list("household__code", "score__points"))

    def found() -> tuple:
        return scores(), Score.objects.count()

    def work(_ground) -> None:
        rescore(scope=clean.scope("county"), round_code=clean.round.code)

    assert at_every_step(lambda: None, work, work, scores, found) >= 2


# --- the queue is lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_a_job_that_no_broker_ever_heard_of_is_found_by_the_reaper(clean, monkeypatch, name):
    """Redis is down, or was emptied: the row is the truth, the message only hurries it (trust 19, 20)."""

    def down(*_, **__):
        raise ConnectionError("Connection refused")

    monkeypatch.setattr(current_app, "send_task", down)
    job = KINDS[name].lay(clean)
    assert str(job.pk) in jobs.reap(nudge=True)
    assert run(job).state == JobState.DONE and str(job.pk) not in jobs.reap(nudge=False)


def test_every_kind_of_job_is_killed_here(clean):
    used = {kind.lay(clean).kind for kind in KINDS.values()}
    assert {kind for kind in registry._handlers if not kind.startswith("test.")} == used, "a kind of job without a test of its death"
