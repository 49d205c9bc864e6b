"""Papers as they come off the printer: what they say, to whom, and what may never stand on them."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessment.models import Sitting, Verdict
from core.errors import Denied, NotFound, WrongState
from core.models import AuditRow
from households.codes import CAUSE
from reports.papers.making import make, paper_named
from reports.papers.register import PAPERS
from tests.assessment.meetings import Hall
from tests.assessment.queues import line, sheet
from tests.pdf_reading import fonts_of, pages_of, text_of
from tests.reports.paper_ground import ILLNESS, SECRETS, VILLAGE, fill, income_of, sign_income

pytestmark = pytest.mark.once

HOUSEHOLD_PAPERS = [code for code, paper in PAPERS.items() if paper.level == "household"]


@pytest.fixture
def case(make_case):
    made = make_case(number=1, points=58, members=3)
    fill(made.household)
    return made


@pytest.fixture
def printed(scope):
    """`printed("cadre", "wish", code)` → what was made."""
    return lambda who, paper, target, **asked: make(scope(who), paper_named(paper), target, **asked)


def test_every_paper_of_a_household_names_it_and_counts_its_pages(printed, case):
    for code in HOUSEHOLD_PAPERS:
        pdf = printed("cadre", code, case.household.code).pdf
        assert "张1" in text_of(pdf) and "桐子园村" in text_of(pdf), code
        pages = pages_of(pdf)
        assert code == "plate" or all(f"第{n}页，共{len(pages)}页" in page for n, page in enumerate(pages, 1)), code
        assert all(embedded for _, embedded, _ in fonts_of(pdf)), code


def test_a_blank_form_for_a_village_has_its_place_and_nobodys_name(printed, case):
    for code in ("application", "wish", "registration", "survey", "income"):
        text = text_of(printed("cadre", code, VILLAGE, blank=True).pdf)
        assert "桐子园村" in text and "张1" not in text and "校验码" not in text and "522399" not in text, code


def test_every_paper_of_a_household_with_nothing_on_file_can_be_printed(printed, make_case):
    household = make_case(number=2, members=1, attribute="", cause="", exit_status="").household
    household.group = None
    household.save()
    household.memberships.update(education="", schooling="", health="", skill="")
    for code in HOUSEHOLD_PAPERS:
        assert printed("cadre", code, household.code).pdf.startswith(b"%PDF"), code


def test_the_door_plate_says_three_things_and_whose_door_it_is(printed, case):
    text = text_of(printed("cadre", "plate", case.household.code).pdf)
    causes = f"{CAUSE.items[case.household.cause]}、{CAUSE.items['05']}"
    assert text == f"张1户来凤县大河镇桐子园村1组致贫原因{causes}脱贫需求产业发展、技能培训帮扶计划种白术三亩，养黑山羊十只。"


def test_plate_card_and_papers_to_be_signed_hold_no_number_and_no_illness(printed, case):
    case.household.memberships.update(health="02")
    for code in ("plate", "card", "application", "wish"):
        text = text_of(printed("cadre", code, case.household.code).pdf)
        assert [secret for secret in SECRETS if secret in text] == [], code


@pytest.mark.parametrize("members", [12, 25])
def test_the_registration_form_goes_on_for_a_large_family(printed, make_household, members):
    household = fill(make_household(number=3, members=1), members=members)
    pages = pages_of(printed("cadre", "registration", household.code).pdf)
    whole = "".join(pages)
    assert all(whole.count(f"王小{order}") >= 4 for order in range(1, members)), "a member is missing from a table"
    assert whole.count("5223992000010") == members - 1
    assert all("王小" not in page or "姓名" in page for page in pages), "rows without their heads"


def test_a_name_like_code_prints_as_itself_on_the_registration_form(printed, make_household):
    household = fill(make_household(number=4, members=1), members=4, names=("", '#eval("1")', "$x$@y[z]", "买买提·阿卜杜"))
    text = text_of(printed("cadre", "registration", household.code).pdf)
    assert all(name in text for name in ('#eval("1")', "$x$@y[z]", "买买提·阿卜杜"))


def test_a_character_without_a_font_is_marked_and_named_in_the_foot(printed, make_household):
    household = fill(make_household(number=5, members=1), members=2, names=("", "王𪚥"))
    text = text_of(printed("cadre", "registration", household.code).pdf)
    assert "王〓" in text and "U+2A6A5" in text


def test_the_longest_village_name_keeps_a_wish_on_one_page(printed, case, places):
    village = places.villages[VILLAGE]
    village.name = "积石山保安族东乡族撒拉族自治县大河家镇康吊村民族团结进步示范村村民委员会"
    village.save()
    assert len(pages_of(printed("cadre", "wish", case.household.code).pdf)) == 1


def test_equal_facts_give_the_same_file_and_a_changed_fact_another_code(printed, case):
    first, again = (printed("cadre", "wish", case.household.code) for _ in range(2))
    assert first.pdf == again.pdf
    case.household.hold = True
    case.household.save()
    locked = printed("cadre", "wish", case.household.code)
    case.household.plan = "养蜂二十箱"
    case.household.save()
    assert locked.check == first.check != printed("cadre", "wish", case.household.code).check


def test_the_application_shows_income_only_as_the_household_signed_it(printed, case, cast):
    row = income_of(case.household, wage=Decimal(9000), net=Decimal(9000), per_head=3000)
    text = lambda: text_of(printed("cadre", "application", case.household.code).pdf)  # noqa: E731
    assert "9,000" not in text()
    sign_income(row, cast.cadre)
    assert "全家纯收入9,000元，人均3,000元" in text()
    row.wage = Decimal(9500)
    row.save()
    assert "9,000" not in text(), "the sheet has changed since it was signed"


def test_the_income_sheet_shows_each_part_and_the_sum(printed, case):
    income_of(case.household, wage=Decimal("12345.60"), net=Decimal("12345.60"), per_head=4115)
    text = text_of(printed("cadre", "income", case.household.code).pdf)
    assert text.count("12,345.6") == 2 and "4,115" in text and "2016年度" in text


def test_the_score_sheet_adds_up_to_the_tier(printed, case):
    text = text_of(printed("cadre", "score", case.household.code).pdf)
    assert "58分" in text and "低保贫困户" in text
    looks = zip(case.survey.score.rubric.value.looks, case.survey.score.look_points.split(","), strict=True)
    assert all(f"{look.name}{got}/{look.weight}分" in text for look, got in looks)


def test_a_household_without_a_form_has_no_score_to_explain(printed, round_, make_household):
    household = make_household(number=6)
    with pytest.raises(WrongState, match="还没有"):
        printed("cadre", "score", household.code)
    with pytest.raises(WrongState, match="空白表"):
        printed("cadre", "survey", household.code)


def test_a_blank_form_shows_no_points_where_the_county_hides_them(printed, round_, places):
    shown = text_of(printed("cadre", "survey", VILLAGE, blank=True).pdf)
    places.county.hide_score = True
    places.county.save()
    hidden = text_of(printed("cadre", "survey", VILLAGE, blank=True).pdf)
    assert "满分" in shown and "总分" in shown
    assert "满分" not in hidden and "总分" not in hidden and "（5）" not in hidden and "户主或家庭成员（签字）" in hidden


def test_the_county_office_may_not_print_numbers_and_gets_the_blank_form(printed, case):
    with pytest.raises(Denied, match="证件号码"):
        printed("county", "registration", case.household.code)
    assert printed("county", "registration", case.household.code, blank=True).pdf
    assert printed("county", "score", case.household.code).pdf


def test_a_viewer_prints_no_form_and_a_neighbour_finds_none(printed, case):
    with pytest.raises(Denied):
        printed("viewer", "wish", case.household.code)
    with pytest.raises(NotFound):
        printed("cadre2", "wish", case.household.code)


def test_a_viewers_roster_masks_what_the_cadres_shows(printed, case):
    case.household.memberships.update(health="02")
    open_text, masked = (text_of(printed(who, "roster", VILLAGE).pdf) for who in ("cadre", "viewer"))
    assert "522399" in open_text and ILLNESS in open_text
    assert "522399" not in masked and ILLNESS not in masked and "张1" in masked and "****" in masked.replace("＊", "*")


@pytest.fixture
def decided(case, make_case, cast):
    """Two households, the first of which the group's meeting agreed to list."""
    other, now = make_case(number=7, points=90), timezone.now()
    place = {name: getattr(case, name) for name in ("county_id", "township_id", "village_id", "group_id")}
    sitting = Sitting.objects.create(
        round=case.round, stage="zp", status="closed", opened_by=cast.cadre, opened_at=now, closed_at=now, chair="田主持", panel=[{"name": "田甲", "post": "组长", "present": True}],
        list_seal="ab" * 32, **place,
    )  # fmt: skip
    for row, opinion in ((case, "agree"), (other, "reject")):
        Verdict.objects.create(
            case=row, sitting=sitting, stage="zp", pass_no=1, opinion=opinion, category="DIBAO" if opinion == "agree" else "", survey=row.survey,
            score=row.survey.score, votes_for=4, votes_against=1, household_version=1, at=now, body_enc="x", leaf="y",
        )  # fmt: skip
    return sitting


def test_the_list_of_a_stage_has_who_was_agreed_and_no_number(printed, decided):
    text = text_of(printed("viewer", "list", VILLAGE, stage="zp").pdf)
    assert "桐子园村备选名单" in text and "张1" in text and "低保贫困户" in text and "共1户3人" in text
    assert "张7" not in text and [secret for secret in SECRETS if secret in text] == [] and "因病" not in text


def test_a_later_list_is_empty_and_an_unknown_stage_is_not_found(printed, decided):
    assert "没有同意列入" in text_of(printed("cadre", "list", decided.group.code, stage="cy").pdf)
    with pytest.raises(NotFound):
        printed("cadre", "list", VILLAGE, stage="nn")


def test_the_minutes_have_panel_votes_verdicts_and_the_lists_code(printed, decided):
    text = text_of(printed("cadre", "minutes", str(decided.uuid)).pdf)
    assert all(part in text for part in ("组评会议记录", "田甲（组长）", "田主持", "张1", "张7", "同意列入", "不同意列入", "ab" * 32))
    blank = text_of(printed("cadre", "minutes", str(decided.uuid), blank=True).pdf)
    assert "张1" in blank and "田主持" not in blank and "同意列入1户" not in blank


def test_the_queue_is_printed_with_a_column_a_scorer_its_line_and_room_to_sign(printed, make_case, scope):
    for number, points in ((1, 90), (2, 60), (3, 40)):
        make_case(number=number, points=points)
    sitting = Hall(scope).ready("zp")
    for number in range(1, 6):
        sheet(scope("cadre"), sitting, f"代表{number}", (1, 2, 3))
    line(scope("cadre"), sitting, 2)
    text = text_of(printed("viewer", "ranking", str(sitting.uuid)).pdf)
    assert text.index("张1") < text.index("以下2户列为贫困户备选") < text.index("张2") < text.index("张3") and text.count("代表5") == 2
    blank = text_of(printed("viewer", "ranking", str(sitting.uuid), blank=True).pdf)
    assert "张1" in blank and "代表5" in blank and "合计" not in blank


def test_a_printed_form_is_shown_by_the_browser_and_is_on_the_trail(login, case):
    response = login("cadre").get(reverse("paper_print", args=["registration", case.household.code]))
    assert response["Content-Type"] == "application/pdf" and response["Content-Disposition"].startswith("inline")
    assert "no-store" in response["Cache-Control"]
    row = AuditRow.objects.filter(action="paper.print").get()
    assert (row.object_code, row.detail["subject"]) == (case.household.code, "贫困农户基本情况登记表") and "张1" not in str(row.detail)


def test_the_household_page_offers_the_papers_to_those_who_may_print(login, case):
    page = login("cadre").get(reverse("household", args=[case.household.code])).content.decode()
    assert all(reverse("paper_print", args=[code, case.household.code]) in page for code in HOUSEHOLD_PAPERS)
    assert "/papers/wish/" not in login("viewer").get(reverse("household", args=[case.household.code])).content.decode()


def test_the_page_offers_lists_meetings_and_blank_forms_of_the_village(login, decided):
    page = login("cadre").get(reverse("papers")).content.decode()
    assert "备选名单（组评）" in page and "1 户" in page and f"/papers/minutes/{decided.uuid}/" in page and f"/papers/wish/{VILLAGE}/?blank=1" in page
    assert "全部打印" not in login("viewer").get(reverse("papers")).content.decode()


def test_one_meeting_gives_a_list_of_the_poor_and_one_of_those_who_leave(printed, make_case, scope):
    """A9-03: 75 points stay poor; 90 on the register leave it; 90 that never were on it are on neither."""
    make_case(number=1, points=75)
    make_case(number=2, points=90, exit_status="0")
    make_case(number=3, points=90, exit_status="")
    Hall(scope).decide("zp")
    text = text_of(printed("cadre", "list", VILLAGE, stage="zp").pdf)
    poor, leaving, neither = text.index("贫困户备选名单"), text.index("脱贫户备选名单"), text.index("未列入贫困户")
    assert poor < text.index("张1") < leaving < text.index("张2") < neither < text.index("张3")
