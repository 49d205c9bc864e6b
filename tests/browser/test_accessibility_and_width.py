"""Every page of daily use at 390 and 1280 px: no serious fault by axe, no sideways push; empty, with 3 rows and with the longest names."""

from datetime import date

import pytest

from tests.browser.conftest import DESK, PHONE, overflows
from tests.browser.listed import FULL, LONGEST, LONGEST_HEAD, listed, post, reach_notice, start  # noqa: F401

pytestmark = pytest.mark.browser

FILE, EDIT = f"/households/{FULL}0001/", f"/households/{FULL}0001/edit/"
SURVEY, SUBMITTED = f"/households/{FULL}0001/survey/", f"/households/{FULL}0002/survey/"
PAGES = {
    "cadre": ("/", "/households/", "/households/new/", FILE, EDIT, SURVEY, SURVEY + "?look=review", SUBMITTED, "/tables/village/"),
    "township": ("/", "/households/", "/imports/", "/imports/new/", "/tables/township/", "/rounds/2016-SB/", "/jobs/"),
    "county": ("/", "/tables/county/", "/tables/county/cell/?round=2016-SB&area=422827&column=households", "/rubrics/LKF-DEFAULT-1/", "/rounds/"),
    "sysadmin": ("/", "/manage/accounts/", "/manage/accounts/new/", "/manage/places/"),
    "secadmin": ("/", "/manage/assignments/"),
    "auditor": ("/", "/manage/audit/"),
}  # fmt: skip


@pytest.fixture
def axe():
    """Names of the serious and critical faults on a page, with where."""
    package = pytest.importorskip("axe_playwright_python.sync_playwright")

    def faults(page) -> list[str]:
        found = package.Axe().run(page).response["violations"]
        grave = [fault for fault in found if fault["impact"] in ("serious", "critical")]
        return [
            f"{page.url} {fault['id']}: {node['target']} {node['html'][:120]}"
            for fault in grave
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
        if overflows(page):
            faults.append(f"{address}: wider than the window at {page.viewport_size['width']} px")
        if axe:
            faults += axe(page)


@pytest.mark.parametrize("who", PAGES)
def test_no_page_of_this_role_has_a_grave_accessibility_fault_or_is_pushed_sideways(visit, watch, full, axe, who):
    watch.expects(412)
    faults: list[str] = []
    _walk(visit(who, PHONE), PAGES[who], faults, axe)
    _walk(visit(who, DESK), PAGES[who], faults)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1280"])
def test_no_page_is_pushed_sideways_when_there_is_nothing_to_show(visit, round_, size):
    faults: list[str] = []
    for who in ("cadre", "township", "county", "auditor"):
        _walk(visit(who, size), [page for page in PAGES[who] if f"{FULL}000" not in page], faults)
    for who in ("cadre", "township"):
        _walk(
            visit(who, size), ("/sittings/", LIST, "/panels/", "/notices/", "/objections/", "/objections/new/"), faults
        )
    assert not faults, "\n".join(faults)


def test_the_log_in_page_has_no_grave_accessibility_fault(visit, db, axe):
    faults: list[str] = []
    for size in (PHONE, DESK):
        _walk(visit(None, size), ["/login/"], faults, axe)
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


@pytest.mark.parametrize("who", LIST_PAGES, ids=lambda who: who or "nobody")
def test_no_page_of_the_list_has_a_grave_accessibility_fault_or_is_pushed_sideways(visit, listed, axe, who):  # noqa: F811
    addresses, faults = [address.format(**vars(listed)) for address in LIST_PAGES[who]], []
    _walk(visit(who, PHONE), addresses, faults, axe)
    _walk(visit(who, DESK), addresses, faults)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", PAPERS)
def test_no_paper_of_the_list_has_a_grave_accessibility_fault(visit, listed, axe, who):  # noqa: F811
    faults: list[str] = []
    _walk(visit(who, DESK), [address.format(**vars(listed)) for address in PAPERS[who]], faults, axe)
    assert not faults, "\n".join(faults)
