"""The named cast and the ground they stand on: two townships, three villages, one round, one rubric."""

import os
from collections import Counter

import pytest
from django.test import TransactionTestCase
from django.test.utils import teardown_databases
from django.utils import timezone

from tests import ground

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser driver runs its own event loop

def _empty(self: TransactionTestCase) -> None:
    from tests.emptying import empty  # models may be imported only now

    empty()


TransactionTestCase._fixture_teardown = _empty


def pytest_configure(config) -> None:
    """What Django's test client does for every request and nothing here asks for: each client would read all static files from the disk first,
    and each page would keep a copy of the context of every template that it includes."""
    import django.test.client
    from django.conf import settings

    settings.WHITENOISE_AUTOREFRESH = True
    keep = django.test.client.store_rendered_templates
    django.test.client.store_rendered_templates = lambda store, **rendered: None if "context" in store else keep(store, **rendered)


def pytest_addoption(parser) -> None:
    parser.addoption("--stored", action="store_true", help="only tests that use the database: for the run on a second one")


def pytest_collection_modifyitems(config, items) -> None:
    """The longest modules begin first, or one worker is left with them at the end: browser journeys, faults and whole-system tests, then by number of tests."""
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (not item.get_closest_marker("browser"), item.path.parent.name not in ("faults", "tests"), -sizes[item.path], str(item.path)))
    if config.getoption("--stored"):
        stored = [item for item in items if {"db", "transactional_db"} & set(item.fixturenames) or item.get_closest_marker("django_db")]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(stored)])
        items[:] = stored


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_modify_db_settings, django_db_blocker):
    """pytest-django's, but for where the tables come from."""
    from tests.ready_database import set_up

    with django_db_blocker.unblock():
        made = set_up()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def places(db):
    """County 来凤县 with 大河镇 (two villages of three groups) and 绿水镇 (one village)."""
    return ground.lay_places()


@pytest.fixture
def cast(places):
    """Every role as a user: `cast.cadre`, `cast.county` …; password PASSWORD."""
    return ground.lay_cast(places)


@pytest.fixture
def scope(cast):
    """`scope("cadre")` → the Scope of that member of the cast."""
    from accounts.scopes import scope_of

    return lambda login: scope_of(getattr(cast, login))


@pytest.fixture
def rubric_version(db):
    """The default rubric, published."""
    return ground.lay_rubric()


@pytest.fixture
def round_(places, rubric_version):
    """Round 2016-SB, open."""
    return ground.lay_round(places, rubric_version)


@pytest.fixture
def login(client, cast):
    """`login("cadre")` → a test client logged in as that member of the cast."""

    def enter(name: str):
        client.force_login(getattr(cast, name), backend="accounts.backends.LoginBackend")
        return client

    return enter


@pytest.fixture
def make_id():
    return ground.made_up_id


@pytest.fixture
def make_household(places):
    """`make_household("422827102200", number=1, members=2)` → a stored household with a head and others, made straight in the database."""
    return ground.household_maker(places)


@pytest.fixture
def make_doubt():
    """`make_doubt(household, rule="Q-99-01")` → an open warning about the household."""
    from households.models import Doubt

    def make(household, rule: str = "Q-99-01", **values):
        place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id", "group_id")}
        now = timezone.now()
        given = {"family": 2, "severity": "warning", "weight": 210, "message": "两处不一致", "fingerprint": rule, "found_at": now, "seen_at": now}
        return Doubt.objects.create(household=household, subject=str(household.uuid), rule=rule, **(given | place | values))

    return make


@pytest.fixture
def make_case(round_, make_household):
    """`make_case(number=3, points=58, village_code=…, group=2)` → a case at the first stage with its submitted form, as an import would
    have left it: nobody is its maker unless `surveyor` (a User) is given. `household` takes a household that is there already."""
    return ground.case_maker(round_, make_household)
