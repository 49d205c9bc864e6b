"""A long import beside a cadre's day: the head row is free except for the last statements (ruling 8, 11; trust E1)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from core import jobs
from core.jobs import JobHandle
from core.models import JobState, LedgerHead
from households.actions import register_household, update_household
from households.entries import HouseholdEntry, MemberEntry
from households.models import Household
from tests.assessment.roster_book import begin, book, household, survey
from tests.ground import made_up_id

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]

AT_ONCE = 3
PATIENCE = 30
SQLITE = "SQLite has one writer: a save waits for the commit phase"


@contextmanager
def held(monkeypatch, owner, name: str, note: str = ""):
    """The named step of an import stands still until the block ends; yields an event that says it is reached."""
    reached, go_on, real = Event(), Event(), getattr(owner, name)

    def step(*args, **kwargs):
        if note in map(str, args) or not note:
            reached.set()
            assert go_on.wait(PATIENCE)
        return real(*args, **kwargs)

    monkeypatch.setattr(owner, name, step)
    try:
        yield reached, go_on
    finally:
        go_on.set()


@pytest.fixture
def import_(cast, round_, tmp_path):
    """The township imports forty households into village 422827102200."""
    rows = [row for number in range(11, 51) for row in household(number)]
    return begin(cast.township, book(tmp_path / "名册.xlsx", rows, [survey(n) for n in range(11, 51)]))


@pytest.fixture
def stored(make_household):
    return make_household("422827102201", number=7)


def _entry(*members: MemberEntry) -> HouseholdEntry:
    return HouseholdEntry("", {"attribute": "04", "exit_status": "0", "cause": "02", "appliances": None}, members)


def _change(scope, stored) -> None:
    """Another village's cadre changes one household and registers another."""
    kept = [
        MemberEntry(name=row.person.name, relation=row.relation, uuid=str(row.uuid))
        for row in stored.memberships.select_related("person")
    ]
    update_household(scope=scope("cadre2"), code=stored.code, version=1, entry=_entry(*kept))
    new = MemberEntry(name="向大山", relation="01", identity=made_up_id(4_000_001, "19700305", "M"))
    register_household(scope=scope("cadre2"), village_code="422827102201", entry=_entry(new))


def _run(job_id: str):
    try:
        return jobs.run(job_id)
    finally:
        connection.close()


def _assert_both_are_there(job, stored) -> None:
    assert job.state == JobState.DONE, job.error
    assert Household.objects.get(pk=stored.pk).attribute == "04"
    assert Household.objects.filter(village__code="422827102201").count() == 2
    assert Household.objects.filter(village__code="422827102200").count() == 40


@pytest.mark.parametrize("note", ["核对花名册", "与已有农户比对", "加密暂存"])
def test_a_cadre_saves_at_once_while_an_import_checks_and_stages(
    monkeypatch, scope, import_, stored, nothing_is_broken, note
):
    with ThreadPoolExecutor(1) as pool, held(monkeypatch, JobHandle, "progress", note) as (reached, go_on):
        job = pool.submit(_run, str(import_.job_id))
        assert reached.wait(PATIENCE)
        began = monotonic()
        _change(scope, stored)
        assert monotonic() - began < AT_ONCE and not job.done()
        go_on.set()
        _assert_both_are_there(job.result(PATIENCE), stored)
    nothing_is_broken()


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason=SQLITE)
@pytest.mark.parametrize("step", ["check_surveys", "write_surveys", "_leave_traces"])
def test_a_cadre_of_another_village_saves_at_once_while_an_import_commits(
    monkeypatch, scope, import_, stored, nothing_is_broken, step
):
    from assessment.importing import commit

    with ThreadPoolExecutor(1) as pool, held(monkeypatch, commit, step) as (reached, go_on):
        job = pool.submit(_run, str(import_.job_id))
        assert reached.wait(PATIENCE)
        with transaction.atomic():
            LedgerHead.objects.select_for_update(nowait=True).get(pk=1)
        began = monotonic()
        _change(scope, stored)
        assert monotonic() - began < AT_ONCE and not job.done()
        go_on.set()
        _assert_both_are_there(job.result(PATIENCE), stored)
    nothing_is_broken()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL lets the save through")
def test_on_sqlite_a_cadre_only_waits_for_the_commit_of_an_import(
    monkeypatch, scope, import_, stored, nothing_is_broken
):
    from assessment.importing import commit

    def save():
        try:
            return _change(scope, stored)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool, held(monkeypatch, commit, "write_surveys") as (reached, go_on):
        job = pool.submit(_run, str(import_.job_id))
        assert reached.wait(PATIENCE)
        saved = pool.submit(save)
        sleep(0.5)
        assert not saved.done()
        go_on.set()
        saved.result(PATIENCE)
        _assert_both_are_there(job.result(PATIENCE), stored)
    nothing_is_broken()
