"""Every route × method × role, declared (ruling 33; trust A1, A6, 71, 80): an unlisted route fails, a refused POST changes nothing.

An allowed call answers with `ok`; a role of another area gets 404, a role without the right 403, a visitor is led to log in.
"""

from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from assessment.actions.surveys import save_draft, submit_survey
from core.models import AuditRow, Job
from tests.walk import cases, ground, notices, objections, papers, rounds, sittings
from tests.walk.rows import EVERYBODY, JOB, POST

SUBJECTS = (ground, sittings, papers, notices, objections, rounds, cases)
WALK = [row for subject in SUBJECTS for row in subject.ROWS]
METHODS = {row.name: {other.method for other in WALK if other.name == row.name} for row in WALK}


@pytest.fixture
def world(round_, make_household, cast, scope):
    household = make_household("422827102200", 1)
    cadre, answers = scope("cadre"), {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = dict.fromkeys(answers, "入户看过，按现场填写。")
    draft = save_draft(scope=cadre, household_code=household.code, round_code=round_.code, answers=answers, notes=notes, surveyed_on=date(2016, 7, 1), surveyor_name="覃晓燕")
    submit_survey(scope=cadre, household_code=household.code, round_code=round_.code, version=draft.version)
    Job.objects.create(pk=JOB, kind="rollup", title="汇总", requested_by=cast.cadre, params={}, created_at=timezone.now())
    for subject in SUBJECTS:
        getattr(subject, "furnish", lambda world: None)(SimpleNamespace(household=household, round=round_, cast=cast, scope=scope))
    return household


def _routes(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and not prefix.startswith("api/"):
            yield pattern.name


def _state():
    """Row counts of every table but the trail, sessions and log-in counters."""
    skipped = {"core.AuditRow", "core.LedgerHead", "sessions.Session"}
    return {m._meta.label: m._base_manager.count() for m in apps.get_models() if m._meta.label not in skipped and m._meta.app_label != "axes"}


def _call(client, row):
    body = {"csrfmiddlewaretoken": "as-a-browser-sends"} | row.body if row.method == POST else None
    return getattr(client, row.method.lower())(row.url, body)


def test_every_page_route_is_declared():
    assert sorted(set(_routes()) - set(METHODS)) == []


def test_no_declared_route_is_gone():
    assert sorted(set(METHODS) - set(_routes())) == []


@pytest.mark.parametrize("row", WALK, ids=str)
def test_each_role_gets_the_declared_answer(world, login, row):
    for who in sorted(EVERYBODY - row.skip):
        expected = row.ok if who in row.may else (404 if who in row.hidden else 403)
        before = _state()
        response = _call(login(who), row)
        assert response.status_code == expected, f"{who}: {response.status_code} instead of {expected}"
        if expected in (403, 404):
            assert AuditRow.objects.order_by("-seq").first().result == "denied", f"{who}: the refusal is not on the trail"
            assert _state() == before, f"{who}: a refused {row.method} changed the database"


@pytest.mark.parametrize("row", [row for row in WALK if not row.public], ids=str)
def test_a_visitor_is_led_to_log_in(world, client, row):
    response = _call(client, row)
    assert response.status_code == 302 and response.url.startswith("/login/")


@pytest.mark.parametrize("name", sorted({row.name for row in WALK if not row.public}))
@pytest.mark.parametrize("method", ["put", "delete", "patch", "trace"])
def test_other_methods_are_refused(world, login, name, method):
    row = next(row for row in WALK if row.name == name)
    assert getattr(login("cadre"), method)(row.url).status_code in (403, 404, 405)
