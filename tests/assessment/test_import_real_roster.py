"""The township's real-size workbook: every figure of its expected.json, household by household."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import Assignment, User
from accounts.scopes import scope_of
from assessment.importing.service import start_import
from assessment.models import Round, Score, Survey
from core import jobs
from core.models import AuditRow, Change
from households.codes import ATTRIBUTE, CAUSE
from households.importing.stored import load_households
from households.models import Household, HouseholdVersion, ImportRun, Membership, Person, StagedRow
from tests.ground import lay_rubric
from tests.standing import rolled_back
from villages.loading import load_divisions, load_groups
from villages.models import County, DirtyMark, Township

ROSTER = Path(__file__).parents[1] / "data" / "roster-dahe-township.xlsx"
PLACES = settings.BASE_DIR / "villages" / "data"
TIERS = {"DOUDI": "政策兜底户", "DIBAO": "低保贫困户", "YIBAN": "一般贫困户", "TUOPIN": "脱贫户"}


@pytest.fixture(scope="module")
def expected():
    return json.loads(ROSTER.with_name("roster-dahe-township.expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    """来凤县 from the project's own fixtures, its township officer and an open round."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, rolled_back():
        patch.setattr("core.jobs.runner._nudge", lambda job_id: None)
        load_divisions(PLACES / "divisions-422827.csv")
        load_groups(PLACES / "groups-422827.csv")
        officer = User.objects.create(login="township", name="王乡镇", must_change_password=False)
        Assignment.objects.create(
            user=officer, role="township", township=Township.objects.get(code="422827102"), since=date(2016, 1, 1)
        )
        Round.objects.create(
            code="2016-SB", name="2016年贫困户识别", county=County.objects.get(code="422827"), year=2016,
            reference_date=date(2016, 6, 30), rubric=lay_rubric(), opened_at=timezone.now(),
        )  # fmt: skip
        yield SimpleNamespace(officer=officer)


@pytest.fixture(scope="module")
def loaded(county):
    """The workbook, imported once for all that is asked of it."""
    with rolled_back():
        county.run = do_import(county)
        yield county


@pytest.fixture
def db(county):
    with rolled_back():
        yield


def do_import(county, *, dry_run=False) -> ImportRun:
    run = start_import(
        scope=scope_of(county.officer), user=county.officer, round_code="2016-SB", path=ROSTER, file_name=ROSTER.name,
        dry_run=dry_run, nudge=False,
    )  # fmt: skip
    job = jobs.run(str(run.job_id))
    run.refresh_from_db()
    assert job.state == "done", job.error
    return run


# --- before anything is stored: `loaded` lays its ground when it is first asked for, below -----------------------


def test_a_dry_run_writes_no_household(county, db):
    run = do_import(county, dry_run=True)
    assert run.state == "ready"
    assert run.counts["households"]["new"] == 1347
    assert not Household.objects.exists()


def test_staged_rows_and_stored_rows_hold_no_number_in_the_clear(county, db):
    do_import(county, dry_run=True)
    assert not any("522399" in text for text in StagedRow.objects.values_list("content_enc", flat=True))


def test_the_township_imports_its_roster_and_every_figure_is_as_expected(loaded, db, expected):
    run = loaded.run
    assert run.state == "committed", [str(p.__dict__) for p in run.problems.all()[:5]]
    found = {
        survey.household.code: [
            survey.household.persons, survey.score.points, TIERS[survey.score.tier], ATTRIBUTE.label(survey.household.attribute),
            CAUSE.label(survey.household.cause), survey.household.group.name,
        ]
        for survey in Survey.objects.select_related("household__group", "score")
    }  # fmt: skip
    assert found == expected["households"]
    total = expected["total"]
    assert Household.objects.count() == total["households"]
    assert Person.objects.count() == Membership.objects.current().count() == total["persons"]
    assert sum(row[1] for row in found.values()) == total["score_sum"]
    assert Counter(row[2] for row in found.values()) == total["by_tier"]
    assert Counter(row[3] for row in found.values()) == total["by_attribute"]
    assert Counter(row[4] for row in found.values()) == total["by_cause"]
    for code, village in expected["villages"].items():
        mine = Survey.objects.filter(village__code=code).select_related("score", "group")
        assert mine.count() == village["households"]
        assert sum(survey.persons for survey in mine) == village["persons"]
        assert sum(survey.score.points for survey in mine) == village["score_sum"]
        assert Counter(survey.group.name for survey in mine) == village["by_group"]


def test_an_import_leaves_one_ledger_row_a_household_a_feed_row_an_object_and_one_mark_a_village(loaded, db):
    assert HouseholdVersion.objects.filter(version=1).count() == 1347
    feed = Counter(Change.objects.exclude(kind="division").values_list("kind", flat=True))
    assert feed == {"household": 1347, "survey": 1347}
    assert DirtyMark.objects.filter(village__township__code="422827102", n__gt=1).count() == 26
    batches = [row.detail.get("codes", []) for row in AuditRow.objects.filter(action="import.commit")]
    assert max(map(len, batches)) <= 500
    assert sum(map(len, batches)) == 2 * 1347
    assert not StagedRow.objects.exists()


def test_the_same_file_a_second_time_changes_nothing(loaded, db):
    before = _state()
    run = do_import(loaded)
    assert run.counts["households"] == {"new": 0, "changed": 0, "same": 1347}
    assert run.counts["persons"] == {"new": 0, "changed": 0, "same": 3023, "left": 0}
    assert run.counts["surveys"]["same"] == 1347
    assert _state() == before


def test_the_importer_is_not_the_maker_of_what_was_loaded(loaded, db):
    assert not Household.objects.filter(created_by__isnull=False).exists()
    assert not Survey.objects.filter(entered_by__isnull=False).exists()
    assert Survey.objects.filter(imported=True).count() == 1347


def _state() -> tuple:
    models = (Household, Person, Membership, Survey, Score, HouseholdVersion, Change)
    stored = load_households(["4228271022000001"])
    marks = list(DirtyMark.objects.order_by("pk").values_list("pk", "n"))
    return tuple(model.objects.count() for model in models), [one.row.version for one in stored.values()], marks
