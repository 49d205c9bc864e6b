"""One village from its roster to standing, each step by the account whose step it is, through the pages only (issue 3.9)."""

from datetime import timedelta

import pytest
import time_machine

from assessment import clock
from assessment.actions.due import conclude_due
from assessment.models import Case, Notice, Objection, Sitting, Verdict
from assessment.verification import verify_list
from households.models import Household
from tests.assessment.meetings import Hall
from tests.assessment.notice_ground import reach_notice, start  # noqa: F401
from tests.assessment.papers_given import give_papers
from tests.assessment.roster_book import book, household, survey
from tests.browser import list_pages as people
from tests.browser.conftest import DESK, PHONE, overflows

pytestmark = pytest.mark.browser

FIRST, SECOND = range(1, 5), range(5, 8)
OTHER_CATEGORY, RETURNED, OBJECTED = "张21", "张31", "张61"


@pytest.fixture
def roster(tmp_path):
    """Seven households in two groups with their forms; who surveyed them has no account."""
    rows = [row for number in FIRST for row in household(number)]
    rows += [row for number in SECOND for row in household(number, 自然村="2组")]
    return book(tmp_path / "桐子园村.xlsx", rows, [survey(number) for number in (*FIRST, *SECOND)])


@pytest.fixture
def household_of(db):
    return lambda head: Household.objects.get(head_name=head)


@pytest.fixture
def desk_of(visit):
    """`desk_of("township")` → the page where that member of the cast has been working all along."""
    pages: dict = {}

    def seat(name: str | None, size: dict = DESK):
        key = name, size["width"]
        if key not in pages:
            pages[key] = visit(name, size)
        return pages[key]

    return seat


def test_one_village_goes_from_its_roster_to_standing(
    visit, desk_of, worker, watch, cast, round_, roster, household_of
):
    _import_and_group_meetings(desk_of, roster)
    _village_and_township(desk_of)
    _the_returned_one_again(desk_of, household_of(RETURNED))
    notice = _notice(desk_of)
    _objection(desk_of, household_of(OBJECTED), notice)
    give_papers(Case.objects.all())
    with time_machine.travel(notice.ends_at + timedelta(hours=8), tick=True):
        assert conclude_due(clock.now()) == {"notices": 1, "cases": 7, "held": 0}
        watch.expects(404)
        _standing(visit, household_of(RETURNED), notice)
    assert verify_list(round_, notice.village) == []


def _import_and_group_meetings(desk_of, roster) -> None:
    people.import_roster(desk_of("township"), roster)
    assert Case.objects.filter(stage="zp").count() == 7
    cadre = desk_of("cadre", PHONE)
    for group, count in (("1组", 4), ("2组", 3)):
        people.save_panel(cadre, "评议小组", group, people.REPRESENTATIVES)
        people.open_meeting(cadre, group)
        people.fill_head(cadre)
        assert not overflows(cadre)
        if group == "1组":
            people.answer(cadre, OTHER_CATEGORY, "同意列入", category="一般贫困户", note="儿子已稳定务工")
            cadre.get_by_role("link", name="回到名单").click()
        assert f"{count} 户" in people.close(cadre)


def _village_and_township(desk_of) -> None:
    """村议 with the representatives; 乡核 with the 清查组 and 四关, one household sent back to 组评."""
    lead = desk_of("lead")
    people.save_panel(lead, "村民代表", "桐子园村", people.REPRESENTATIVES)
    people.open_meeting(lead, "开村议")
    people.fill_head(lead)
    assert "7 户同意列入" in people.close(lead)
    township = desk_of("township")
    people.save_panel(township, "清查组", "大河镇", people.INSPECTORS)
    people.open_meeting(township, "办乡核")
    people.fill_head(township, gates=True)
    people.answer(township, RETURNED, "退回复核", reason="缺证明材料", note="请补务工单位的工资证明")
    assert "6 户审核通过，1 户退回复核" in people.close(township)


def _the_returned_one_again(desk_of, returned: Household) -> None:
    """补充评议 of the one that came back, while the county decides the others."""
    county = desk_of("county")
    people.open_meeting(county, "办县定")
    people.fill_head(county, panel=False, document_no="来扶发〔2016〕12号")
    assert "6 户审核通过" in people.close(county)
    cadre = desk_of("cadre", PHONE)
    people.take_up(cadre, RETURNED)
    cadre.get_by_text("缺证明材料").first.wait_for()
    for login, words in (("cadre", "开组评"), ("lead", "开村议"), ("township", "办乡核"), ("county", "办县定")):
        page = desk_of(login)
        people.open_meeting(page, words)
        people.fill_head(
            page,
            panel=login != "county",
            document_no="来扶发〔2016〕13号" if login == "county" else "",
            gates=login == "township",
        )
        assert "锁定 1 户：1 户" in people.close(page)
    assert set(Case.objects.values_list("stage", flat=True)) == {"gs"}
    assert Verdict.objects.standing().filter(case__household=returned, opinion="agree").count() == 4


def _notice(desk_of) -> Notice:
    """The township starts it, the village puts up each group's sheet."""
    people.start_notice(desk_of("township"))
    people.post_sheets(desk_of("cadre", PHONE), 2)
    notice = Notice.objects.get()
    assert notice.status == "open"
    return notice


def _objection(desk_of, objected: Household, notice: Notice) -> None:
    """A visitor objects without a name; another officer of the township looks into it; the county's second officer confirms."""
    visitor = desk_of(None, PHONE)
    answer = visitor.goto(f"/public/notices/{notice.token}/")
    assert "noindex" in answer.headers["x-robots-tag"] and visitor.locator("meta[name=robots]").get_attribute(
        "content"
    ).startswith("noindex")
    shown = visitor.locator("table").inner_text()
    assert "张*1" in shown and objected.head_name not in shown
    code = people.object_in_public(visitor, "6　2组", "他家今年新建了两层楼房，邻居都知道。")
    assert Case.objects.get(household=objected).state == "held"
    decided_it = desk_of("township")
    decided_it.goto("/")
    decided_it.locator("#work tr", has_text=code).get_by_text("须由另一人受理").wait_for()
    officer = desk_of("township2")
    people.take_objection(officer, code)
    people.propose(officer, "维持原结果", "入户看过，楼房是兄弟家的，本户仍住旧房。")
    people.confirm(desk_of("county2"), code, "经核查，楼房不是这一户的，维持原结果。")
    visitor.goto("/public/objections/")
    visitor.get_by_label("受理号").fill(code)
    visitor.get_by_role("button", name="查询").click()
    visitor.get_by_text("已办结：维持原结果").wait_for()


def _standing(visit, returned: Household, notice: Notice) -> None:
    """The days are over: the village's list, one household's file, the public page and the township's table say the same."""
    lead = visit("lead", PHONE)
    lead.goto("/")
    lead.get_by_text("没有等您办的事").first.wait_for()
    lead.locator(".fp-next").get_by_role("link", name="看名单").click()
    lead.locator("td .fp-state", has_text="已认定").nth(6).wait_for()
    lead.locator("tr th a", has_text=RETURNED).click()
    lead.get_by_text("认定结果：政策兜底户").wait_for()
    course = lead.locator("section", has=lead.locator("#cases-h")).inner_text()
    words = (
        "组评 1组 · 同意列入",
        "已作废：乡核退回",
        "补充评议",
        "缺证明材料",
        "乡核 补充评议 · 审核通过",
        "文号 来扶发〔2016〕13号",
        "公示期满，系统办结",
    )
    assert [word for word in words if word not in course] == []
    stranger = visit()
    assert stranger.goto(f"/public/notices/{notice.token}/").status == 404
    stranger.get_by_role("heading", name="公示已结束或不存在").wait_for()
    assert _decided(visit("township")) == {
        "concluded": "7",
        "decided.DOUDI": "6",
        "decided.YIBAN": "1",
        "stage.gs": "7",
    }


def _decided(township) -> dict[str, str]:
    """Columns of the township's table, built now, in the village's line."""
    township.goto("/tables/township/")
    township.get_by_role("button", name="汇总").click()
    township.get_by_role("link", name="看报表").click()
    row = township.locator("tr", has=township.get_by_role("rowheader", name="桐子园村"))
    row.wait_for()
    names = ("concluded", "decided.DOUDI", "decided.YIBAN", "stage.gs")
    return {name: row.locator(f"a[href$='column={name}']").first.inner_text() for name in names}


def test_a_meeting_is_held_from_the_home_page_to_the_locked_list_without_scripts(visit, scope, make_case):
    """The panel is brought in, one household is sent back with a reason, the rest is agreed to."""
    hall = Hall(scope)
    for number in range(1, 6):
        make_case(number=number)
    hall.up_to("cy")
    people.save_panel(visit("lead"), "村民代表", "桐子园村", people.REPRESENTATIVES)
    page = visit("lead", PHONE, js=False)
    people.open_meeting(page, "开村议")
    people.fill_head(page)
    people.answer(page, "张3", "退回", reason="缺证明材料")
    page.get_by_role("link", name="回到名单").click()
    assert "4 户同意列入，1 户退回" in people.close(page)
    assert Sitting.objects.get(stage="cy").counts["return"] == 1


@pytest.mark.long
def test_a_sheet_is_posted_and_objected_to_without_scripts(visit, reach_notice, start):
    reach_notice(1), reach_notice(2)
    notice = start()
    people.post_sheets(visit("cadre", PHONE, js=False), 1)
    visitor = visit(None, PHONE, js=False)
    visitor.goto(f"/public/notices/{notice.token}/")
    code = people.object_in_public(visitor, "2　1组", "这一户在县城有门面房。")
    assert Objection.objects.get().code == code and Case.objects.get(state="held").household.head_name == "张2"
