"""Every page of daily use at 390 and 1280 px: no fault by axe, no sideways push; empty, with 3 rows and with the longest names."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from django.urls import resolve

from households.models import Household
from tests.browser.cadre_pages import DAY, furnish
from tests.browser.conftest import DESK, PHONE, overflows
from tests.browser.listed import FULL, LONGEST, LONGEST_HEAD, listed, post, reach_notice, start  # noqa: F401

pytestmark = pytest.mark.browser
# The templates are the same at both widths: in the fast tier the examination by axe is on the phone.
SIZES = pytest.mark.parametrize(
    "size", [pytest.param(PHONE, id="390"), pytest.param(DESK, id="1280", marks=pytest.mark.long)]
)

# The style sheets are not fetched a second time: what would read them concerns rotated pages and films.
ASKED = {"resultTypes": ["violations"], "preload": False}

FILE, EDIT = f"/households/{FULL}0001/", f"/households/{FULL}0001/edit/"
SURVEY, SUBMITTED = f"/households/{FULL}0001/survey/", f"/households/{FULL}0002/survey/"
PAGES = {
    "cadre": ("/", "/households/", "/households/new/", FILE, EDIT, SURVEY, SURVEY + "?look=review", SUBMITTED, "/tables/village/"),
    "township": ("/", "/households/", "/imports/", "/imports/new/", "/tables/township/", "/dashboard/", "/rounds/2016-SB/", "/jobs/"),
    "county": ("/", "/tables/county/", "/tables/county/cell/?round=2016-SB&area=422827&column=households", "/rubrics/LKF-DEFAULT-1/", "/rounds/", "/map/", "/wallchart/"),
    "sysadmin": ("/", "/manage/accounts/", "/manage/accounts/new/", "/manage/places/"),
    "secadmin": ("/", "/manage/assignments/"),
    "auditor": ("/", "/manage/audit/"),
}  # fmt: skip


@pytest.fixture
def axe():
    """Names of the faults on a page, of whatever weight, with where."""
    package = pytest.importorskip("axe_playwright_python.sync_playwright")

    def faults(page) -> list[str]:
        found = package.Axe().run(page, options=ASKED).response["violations"]
        return [
            f"{page.url} {page.viewport_size['width']} px {fault['id']}: {node['target']} {node['html'][:120]}"
            for fault in found
            for node in fault["nodes"][:3]
        ]

    return faults


@pytest.fixture
def full(places, cast, scope, round_, make_household):
    """Three households: one of twelve with long facts, one with a submitted form, one untouched; the longest village name; tables built."""
    from assessment.actions.surveys import save_draft, submit_survey
    from reports.actions import roll_up

    village = places.villages[FULL]
    village.name = LONGEST
    village.save()
    big = make_household(members=12, net_income_per_head=999_999)
    big.head_name = LONGEST_HEAD
    big.save()
    make_household(number=2).memberships.update(education="", schooling="", health="", skill="")
    make_household(number=3)
    common = {"scope": scope("cadre"), "household_code": f"{FULL}0002", "round_code": round_.code}
    answers = {item.code: item.options[-1].code for item in round_.rubric.value.indicators}
    draft = save_draft(**common, answers=answers, surveyed_on=date(2016, 4, 11))
    submit_survey(**common, version=draft.version)
    roll_up(scope=scope("county"), round_code=round_.code)


def _walk(page, addresses, faults: list[str], axe=None) -> None:
    for address in addresses:
        answer = page.goto(address)
        if answer.status != 200:
            faults.append(f"{address}: {answer.status}")
        faults += _looked_at(page, axe)


def _looked_at(page, axe=None) -> list[str]:
    wide = [f"{page.url}: wider than the window at {page.viewport_size['width']} px"] if overflows(page) else []
    return wide + (axe(page) if axe else [])


def _template(who, address: str) -> tuple:
    """What an examination of this page tells about others: the same view with other rows or for another role is drawn by the same template."""
    path, _, query = address.partition("?")
    section = dict(parse_qsl(query)).get("section")
    return resolve(path).view_name, section, who if path == "/" else None


def _examined(visit, size: dict, lists: dict, axe, made=None) -> list[str]:
    """Faults of every role's pages. Each page is asked for once and, on the phone, looked at in a wide window too; there axe examines one of
    each template, in the slow tier every page.

    All roles walk in one test: the ground is made once."""
    faults, seen = [], set()
    for who, addresses in lists.items():
        page, found = visit(who, size), []
        for address in [one.format(**vars(made)) if made else one for one in addresses]:
            told = size == PHONE and _template(who, address) in seen
            seen.add(_template(who, address))
            _walk(page, [address], found, None if told else axe)
            if size == PHONE:
                page.set_viewport_size(DESK)
                found += _looked_at(page)
                page.set_viewport_size(PHONE)
        faults += [f"{who or 'nobody'}: {fault}" for fault in found]
        page.context.close()
    return faults


@SIZES
def test_no_page_of_any_role_has_an_accessibility_fault_or_is_pushed_sideways(visit, watch, full, axe, size):
    watch.expects(412)
    faults = _examined(visit, size, PAGES, axe)
    assert not faults, "\n".join(faults)


@SIZES
def test_no_page_of_the_cadres_day_has_an_accessibility_fault_or_is_pushed_sideways(
    visit, full, scope, cast, round_, make_doubt, axe, size
):
    made = furnish(scope, cast, round_, Household.objects.get(code=f"{FULL}0001"), make_doubt)
    faults = _examined(visit, size, DAY, axe, made)
    assert not faults, "\n".join(faults)


@SIZES
def test_no_page_is_pushed_sideways_when_there_is_nothing_to_show(visit, round_, size):
    faults: list[str] = []
    for who in ("cadre", "township", "county", "auditor"):
        _walk(visit(who, size), [page for page in PAGES[who] if f"{FULL}000" not in page], faults)
    for who in ("cadre", "township"):
        _walk(
            visit(who, size), ("/sittings/", LIST, "/panels/", "/notices/", "/objections/", "/objections/new/"), faults
        )
    assert not faults, "\n".join(faults)


@SIZES
def test_the_log_in_page_has_no_accessibility_fault(visit, db, axe, size):
    faults = _examined(visit, size, {None: ["/login/"]}, axe)
    assert not faults, "\n".join(faults)


# --- the list and its papers -----------------------------------------------------------------------------------

LIST = f"/rounds/2016-SB/villages/{FULL}/"
LIST_PAGES = {
    "cadre": (
        "/", "/sittings/", "{township_desk}", LIST, "/panels/", f"/panels/new/?kind=group&group={FULL}01", "/notices/", "{notice}",
        "/objections/", "/objections/new/?notice={notice_uuid}", "{objection}", FILE, "{file_on_show}amend/", "{preparing}",
        f"/sittings/new/?round=2016-SB&stage=zp&village={FULL}&group={FULL}03",
    ),
    "lead": ("/panels/?kind=village", f"/panels/new/?kind=village&village={FULL}", "{file_on_show}end/", "/evidence/new/?case={case_uuid}&kind=waiver"),
    "township": (
        "/", "/sittings/", "{township_desk}", "{township_desk}?case={case_uuid}", "/rounds/2016-SB/", LIST, "/panels/?kind=inspection",
        "/panels/new/?kind=inspection&township=422827102", "{panel}", "/notices/", "/notices/?state=open", "{notice}",
        f"/notices/new/?round=2016-SB&stage=gs&village={FULL}", "/evidence/new/?sitting={township_uuid}", "{objection}",
    ),
    "township2": ("/", "{taken}", "{taken}propose/"),
    "county": (
        "/", "/rounds/", "/rounds/new/", "/rounds/2016-SB/", "/rounds/2016-SB/settings/", "/rounds/2016-SB/close/", LIST, "{closed_desk}",
        "{objection}", "{objection}confirm/",
    ),
    None: ("/public/notices/{token}/", "/public/notices/{token}/objections/", "/public/objections/"),
}  # fmt: skip
PAPERS = {
    "township": ("{township_desk}minutes/print/", "{township_desk}sign-in/print/", "{closed_desk}minutes/print/", "{notice}print/"),
    "cadre": (f"{FILE}file/print/",),
    "county": ("{settled}print/",),
}  # fmt: skip


@SIZES
def test_no_page_of_the_list_has_an_accessibility_fault_or_is_pushed_sideways(visit, listed, axe, size):
    faults = _examined(visit, size, LIST_PAGES, axe, listed)
    assert not faults, "\n".join(faults)


def test_no_paper_of_the_list_has_an_accessibility_fault(visit, listed, axe):
    faults = _examined(visit, DESK, PAPERS, axe, listed)
    assert not faults, "\n".join(faults)
