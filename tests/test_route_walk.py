"""Every route × method × role, declared (ruling 33; trust A1, A6, 71, 80): an unlisted route fails, a refused POST changes nothing.

An allowed call answers with `ok`; a role of another area gets 404, a role without the right 403, a visitor is led to log in.
"""

from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from assessment.actions.surveys import save_draft, submit_survey
from core.models import AuditRow, Job
from tests import walk
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module
from tests.walk.rows import EVERYBODY, JOB, POST

pytestmark = pytest.mark.once

SUBJECTS = [subject for name in sorted(one.name for one in iter_modules(walk.__path__)) if hasattr(subject := import_module(f"tests.walk.{name}"), "ROWS")]
WALK = [row for subject in SUBJECTS for row in subject.ROWS]
METHODS = {row.name: {other.method for other in WALK if other.name == row.name} for row in WALK}


@pytest.fixture(scope="module")
def laid(standing):
    round_, cast, scope = standing.round, standing.cast, standing.scope
    household = standing.make_household("422827102200", 1)
    cadre, answers = scope("cadre"), {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = dict.fromkeys(answers, "入户看过，按现场填写。")
    draft = save_draft(scope=cadre, household_code=household.code, round_code=round_.code, answers=answers, notes=notes, surveyed_on=date(2016, 7, 1), surveyor_name="覃晓燕")
    submit_survey(scope=cadre, household_code=household.code, round_code=round_.code, version=draft.version)
    Job.objects.create(pk=JOB, kind="rollup", title="汇总", requested_by=cast.cadre, params={}, created_at=timezone.now())
    for subject in SUBJECTS:
        getattr(subject, "furnish", lambda world: None)(SimpleNamespace(household=household, round=round_, cast=cast, scope=scope))
    return household


@pytest.fixture
def world(laid, db):
    return fresh(laid)


def _routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and not prefix.startswith("api/"):
            yield pattern.name


def _state() -> list[tuple[str, int]]:
    """Row counts of every table but the trail, sessions and log-in counters, in one statement."""
    skipped = {"core.AuditRow", "core.LedgerHead", "sessions.Session"}
    tables = [m._meta.db_table for m in apps.get_models() if m._meta.label not in skipped and m._meta.app_label != "axes"]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM \"{table}\"" for table in tables))
        return cursor.fetchall()


def _call(client, row):
    body = {"csrfmiddlewaretoken": "as-a-browser-sends"} | row.body if row.method == POST else None
    return getattr(client, row.method.lower())(row.url, body)


def test_every_page_route_is_declared():
    assert sorted(set(_routes()) - set(METHODS)) == []


def test_no_declared_route_is_gone():
    assert sorted(set(METHODS) - set(_routes())) == []


def _wrong(row, clients):
    """What is not as declared: those who are refused first, so that one look at the database tells whether anything moved."""
    before = _state()
    for who in sorted(EVERYBODY - row.skip - row.may):
        yield from _unlike(row, who, clients, 404 if who in row.hidden else 403)
        if AuditRow.objects.order_by("-seq").first().result != "denied":
            yield f"{row}: the refusal of {who} is not on the trail"
    if _state() != before:
        yield f"{row}: a refused call changed the database"
    for who in sorted(row.may - row.skip):
        yield from _unlike(row, who, clients, row.ok)


def _unlike(row, who, clients, expected):
    status = _call(clients[who], row).status_code
    if status != expected:
        yield f"{row}: {who} got {status} instead of {expected}"


@pytest.fixture
def clients(cast):
    """One browser a role, each logged in once."""
    made = {who: Client() for who in sorted(EVERYBODY)}
    for who, client in made.items():
        client.force_login(getattr(cast, who), backend="accounts.backends.LoginBackend")
    return made


def test_each_role_gets_the_declared_page(world, clients):
    """Reading changes nothing: one ground for all pages."""
    assert [fault for row in WALK if row.method != POST for fault in _wrong(row, clients)] == []


@pytest.mark.parametrize("row", [row for row in WALK if row.method == POST], ids=str)
def test_each_role_gets_the_declared_answer(world, clients, row):
    assert list(_wrong(row, clients)) == []


def test_a_visitor_is_led_to_log_in_wherever_the_page_is_not_public(db, client):
    """Before any object is looked for: no ground is laid."""
    answers = {str(row): _call(client, row) for row in WALK if not row.public}
    wrong = [name for name, answer in answers.items() if answer.status_code != 302 or not answer.url.startswith("/login/")]
    assert wrong == []


@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_other_methods_are_refused(cast, login, method):
    client = login("cadre")
    urls = {row.name: row.url for row in WALK if not row.public}
    answers = {name: getattr(client, method)(url).status_code for name, url in urls.items()}
    assert {name: status for name, status in answers.items() if status not in (403, 404, 405)} == {}
