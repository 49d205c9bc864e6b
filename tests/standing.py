"""Ground that stands for a whole module: laid once, each test works on it and is rolled back to it.

A module whose tests all begin from the same long story takes these fixtures instead of those of conftest
(`from tests.standing import *`), tells the story in a fixture of module scope over `standing`, and bears no `django_db` mark.
Python objects are handed to each test as copies. Tests that commit (`transaction=True`) belong in other modules.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction

from tests import ground

__all__ = ["cast", "db", "places", "round_", "rubric_version", "standing"]


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is done inside was never done, afterwards."""
    atomic = transaction.atomic()
    atomic._from_testcase = True  # a durable block inside is the outermost of what is tested, as Django's own TestCase has it
    with atomic:
        yield
        connection.needs_rollback = False
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def standing(django_db_setup: Any, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[SimpleNamespace]:
    """places, cast, round, scope(login), make_household and make_case, in a transaction that lasts as long as the module."""
    from accounts.scopes import scope_of

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, rolled_back():
        patch.setattr("core.jobs.runner._nudge", lambda job_id: None)
        places = ground.lay_places()
        cast = ground.lay_cast(places)
        round_ = ground.lay_round(places, ground.lay_rubric())
        make_household = ground.household_maker(places)
        yield SimpleNamespace(
            places=places, cast=cast, round=round_, scope=lambda login: scope_of(getattr(cast, login)), patch=patch,
            make_household=make_household, make_case=ground.case_maker(round_, make_household),
        )  # fmt: skip


@pytest.fixture
def db(standing: SimpleNamespace) -> Iterator[None]:
    with rolled_back():
        yield


def fresh(made: Any) -> Any:
    """A copy for one test: its rows can be refreshed and changed, the next test gets them as they were."""
    return deepcopy(made)


@pytest.fixture
def places(standing, db):
    return fresh(standing.places)


@pytest.fixture
def cast(standing, db):
    return fresh(standing.cast)


@pytest.fixture
def rubric_version(standing, db):
    return fresh(standing.round.rubric)


@pytest.fixture
def round_(standing, db):
    return fresh(standing.round)
