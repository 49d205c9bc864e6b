"""Every route × method × role, declared (ruling 33; trust A1, A6, 71, 80): an unlisted route fails, a refused POST changes nothing.

An allowed call answers with `ok`; a role of another area gets 404, a role without the right 403, a visitor is led to log in.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessment.actions.surveys import save_draft, submit_survey
from core.models import AuditRow, Job

VILLAGE = frozenset({"cadre", "lead"})
OTHER_VILLAGES = frozenset({"cadre2", "cadre_other"})
TOWNSHIP, OTHER_TOWNSHIP = frozenset({"township"}), frozenset({"township_other"})
COUNTY = frozenset({"county", "viewer"})
ADMINS = frozenset({"sysadmin", "secadmin", "auditor"})
EVERYBODY = VILLAGE | OTHER_VILLAGES | TOWNSHIP | OTHER_TOWNSHIP | COUNTY | ADMINS | {"nobody"}
IN_AREA = VILLAGE | TOWNSHIP | COUNTY
OUTSIDE = OTHER_VILLAGES | OTHER_TOWNSHIP
DATA = IN_AREA | OUTSIDE
OFFICES = frozenset({"township", "township_other", "county"})

CODE = "4228271022000001"
JOB = "00000000-0000-4000-8000-000000000001"


@dataclass(frozen=True)
class Row:
    """`may` get `ok`, `hidden` get 404, the rest of the cast 403; `public` routes answer visitors too.

    `skip` leaves out a second allowed role where the first one's call changed the object.
    """

    name: str
    method: str
    may: frozenset[str]
    ok: int = 200
    hidden: frozenset[str] = frozenset()
    args: tuple = ()
    query: str = ""
    body: dict = field(default_factory=dict)
    public: bool = False
    skip: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        return reverse(self.name, args=self.args) + self.query

    def __str__(self) -> str:
        return f"{self.method} {self.name}"


GET, POST = "GET", "POST"
WALK = [
    Row("home", GET, EVERYBODY),
    Row("login", GET, EVERYBODY, 302, public=True),
    Row("logout", POST, EVERYBODY, 302, public=True),
    Row("password", GET, EVERYBODY),
    Row("password", POST, EVERYBODY),
    Row("healthz", GET, EVERYBODY, public=True),
    Row("accounts", GET, frozenset({"sysadmin"})),
    Row("account_new", GET, frozenset({"sysadmin"})),
    Row("account_new", POST, frozenset({"sysadmin"})),
    Row("account_bulk", GET, frozenset({"sysadmin"})),
    Row("account_bulk", POST, frozenset({"sysadmin"})),
    Row("account_hand_over", GET, frozenset({"sysadmin"})),
    Row("account_hand_over", POST, frozenset({"sysadmin"})),
    Row("account_reset", POST, frozenset({"sysadmin"}), args=("lead2",)),
    Row("account_active", POST, frozenset({"sysadmin"}), 302, args=("lead2",), body={"active": "1"}),
    Row("assignments", GET, frozenset({"secadmin"})),
    Row("assignments", POST, frozenset({"secadmin"})),
    Row("assignment_confirm", POST, frozenset(), hidden=frozenset({"secadmin"}), args=(999,)),
    Row("assignment_end", POST, frozenset(), hidden=frozenset({"secadmin"}), args=(999,)),
    Row("audit", GET, frozenset({"auditor"})),
    Row("places", GET, frozenset({"sysadmin"})),
    Row("village", GET, frozenset({"sysadmin"}), args=("422827102200",)),
    Row("village", POST, frozenset({"sysadmin"}), args=("422827102200",)),
    Row("population", POST, frozenset({"sysadmin"}), 400, args=("422827102200",)),
    Row("county_settings", GET, frozenset({"county"})),
    Row("county_settings", POST, frozenset({"county"}), 302),
    Row("households", GET, DATA),
    Row("household_new", GET, VILLAGE | OTHER_VILLAGES),
    Row("household_new", POST, VILLAGE | OTHER_VILLAGES, 400),
    Row("household", GET, IN_AREA, hidden=OUTSIDE, args=(CODE,)),
    Row("household_edit", GET, VILLAGE, hidden=OTHER_VILLAGES, args=(CODE,)),
    Row("household_edit", POST, VILLAGE, 400, hidden=OTHER_VILLAGES, args=(CODE,)),
    Row("household_reveal", POST, VILLAGE | TOWNSHIP, hidden=OUTSIDE, args=(CODE,), body={"purpose": "核对户口本"}),
    Row("survey", GET, VILLAGE, hidden=OUTSIDE, args=(CODE,)),
    Row("survey", POST, VILLAGE, 302, hidden=OUTSIDE, args=(CODE,), body={"version": "0", "look": "A"}, skip=frozenset({"lead"})),
    Row("survey_again", POST, VILLAGE, 302, hidden=OUTSIDE, args=(CODE,)),
    Row("survey_submit", POST, VILLAGE, 409, hidden=OUTSIDE, args=(CODE,), body={"version": "0"}),
    Row("survey_print", GET, IN_AREA - {"viewer"}, hidden=OUTSIDE, args=(CODE,)),
    Row("survey_blank_print", GET, IN_AREA, hidden=OUTSIDE, args=(CODE,)),
    Row("rubrics", GET, DATA),
    Row("rubric", GET, DATA, args=("LKF-DEFAULT-1",)),
    Row("rounds", GET, DATA),
    Row("round", GET, DATA, args=("2016-SB",)),
    Row("tables", GET, DATA, 302),
    Row("table", GET, TOWNSHIP | COUNTY, hidden=VILLAGE | OUTSIDE, args=("township",), query="?round=2016-SB&area=422827102"),
    Row("table_cell", GET, TOWNSHIP | COUNTY, hidden=VILLAGE | OUTSIDE, args=("township",), query="?round=2016-SB&area=422827102&column=households"),
    Row("tables_rollup", POST, DATA - {"viewer"}, 302, body={"round": "2016-SB"}),
    Row("exports", POST, TOWNSHIP | COUNTY, 302, hidden=VILLAGE | OUTSIDE, body={"round": "2016-SB", "table": "township", "area": "422827102"}),
    Row("jobs", GET, EVERYBODY),
    Row("job", GET, frozenset({"cadre"}), hidden=EVERYBODY - {"cadre"}, args=(JOB,)),
    Row("job_status", GET, frozenset({"cadre"}), hidden=EVERYBODY - {"cadre"}, args=(JOB,)),
    Row("job_cancel", POST, frozenset({"cadre"}), 302, hidden=EVERYBODY - {"cadre"}, args=(JOB,)),
    Row("job_file", GET, frozenset(), hidden=EVERYBODY, args=(JOB,)),
    Row("imports", GET, OFFICES),
    Row("import_new", GET, OFFICES),
    Row("import_new", POST, OFFICES, 400),
    Row("import_detail", GET, frozenset(), hidden=OFFICES, args=(JOB,)),
    Row("import_confirm", POST, frozenset(), hidden=OFFICES, args=(JOB,)),
    Row("import_cancel", POST, frozenset(), hidden=OFFICES, args=(JOB,)),
    Row("import_errors", GET, frozenset(), hidden=OFFICES, args=(JOB,)),
]
METHODS = {row.name: {other.method for other in WALK if other.name == row.name} for row in WALK}


@pytest.fixture
def world(round_, make_household, cast, scope):
    household = make_household("422827102200", 1)
    cadre, answers = scope("cadre"), {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = dict.fromkeys(answers, "入户看过，按现场填写。")
    draft = save_draft(scope=cadre, household_code=household.code, round_code=round_.code, answers=answers, notes=notes, surveyed_on=date(2016, 7, 1), surveyor_name="覃晓燕")
    submit_survey(scope=cadre, household_code=household.code, round_code=round_.code, version=draft.version)
    Job.objects.create(pk=JOB, kind="rollup", title="汇总", requested_by=cast.cadre, params={}, created_at=timezone.now())
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
