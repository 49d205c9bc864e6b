"""A new cadre's first household, from the log-in to the signatures, on a phone: how many taps and characters it takes (docs/usability.md).

`pytest tests/browser/test_first_household.py -n0 -s -m browser` prints the tables of that page anew.
"""

import pytest
from django.utils import timezone

from tests.browser.conftest import PHONE, overflows
from tests.browser.hand import Hand, Keys
from tests.ground import PASSWORD, made_up_id

pytestmark = pytest.mark.browser

MOST_TAPS, MOST_CHARACTERS = 92, 144
MOST_KEYS = 318
CODE = "4228271022000001"
PEOPLE = (
    ("向大山", "户主", 50, "M"),
    ("田桂花", "配偶", 48, "F"),
    ("向小山", "之子", 9, "M"),
    ("覃秀英", "之母", 76, "F"),
)
KNOWN = (
    {"education": "初中", "health": "健康", "skill": "普通劳动力", "work_place": "省内县外", "work_months": "8"},
    {"education": "小学", "health": "健康", "skill": "普通劳动力"},
    {"schooling": "小学", "health": "健康"},
    {"education": "文盲或半文盲", "health": "长期慢性病", "skill": "无劳动力"},
)
FACTS = {
    "home": {"attribute": "一般贫困户", "exit_status": "未脱贫", "cause": "缺资金"},
    "house": {"structure": "砖瓦砖木、砖石窑洞", "danger_level": "B级", "area_m2": "80"},
    "utilities": {
        "water_safe": "是",
        "water_difficult": "否",
        "tap_water": "是",
        "electricity": "是",
        "road": "水泥路",
    },
    "land": {"cultivated_mu": "4"},
    "assets": {
        "appliances": "电视",
        "vehicle": "摩托车或三轮车",
        "machines": "无",
        "savings": "3000",
        "debt": "0",
        "education_debt": "0",
    },
    "support": {},
}
INCOME = {"wage": "12000", "business": "6000", "expense": "2000", "pension": "840"}


@pytest.fixture
def round_now(round_):
    """The round's day is today, so that the child goes to school and the sheet that is due is last year's."""
    round_.reference_date = timezone.localdate()
    round_.save()
    return round_


def test_a_cadre_takes_the_first_household_from_log_in_to_signatures_within_the_bound_of_taps(visit, cast, round_now):
    from assessment.models import Survey
    from households.models import Paper

    hand = Hand(visit(None, PHONE))
    _to_submission(hand)
    _papers(hand)
    print(f"\n{hand.table()}")
    assert Survey.objects.get().status == "submitted"
    assert Paper.objects.count() == 5
    assert hand.total.taps <= MOST_TAPS, hand.table()
    assert hand.total.keys <= MOST_CHARACTERS, hand.table()


@pytest.mark.long
def test_a_cadre_without_mouse_or_screen_takes_the_first_household_to_submission_by_the_keyboard_alone(
    visit, cast, round_now
):
    from assessment.models import Survey

    hand = Keys(visit(None, PHONE))
    _to_submission(hand)
    print(f"\n{hand.table()}")
    assert Survey.objects.get().status == "submitted"
    assert hand.total.taps <= MOST_KEYS, hand.table()


def _to_submission(hand: Hand) -> None:
    _log_in(hand)
    _register(hand)
    _people(hand)
    for section, facts in FACTS.items():
        _section(hand, section, facts)
    _income(hand)
    _survey(hand)


def _log_in(hand: Hand) -> None:
    page = hand.page
    page.goto("/login/")
    hand.step("登录")
    hand.write(page.get_by_label("账号"), "cadre")
    hand.write(page.get_by_label("密码"), PASSWORD)
    hand.enter(page.get_by_role("button", name="登录"))
    page.get_by_role("heading", name="工作台").wait_for()


def _register(hand: Hand) -> None:
    page, year = hand.page, timezone.localdate().year
    hand.step("登记（4 人、组、电话）")
    hand.press(page.get_by_role("link", name="登记新农户").first)
    page.get_by_role("heading", name="登记新农户").wait_for()
    for number, (name, relation, age, sex) in enumerate(PEOPLE):
        hand.write(page.locator(f"[name=members-{number}-name]"), name)
        if number:  # the first is the head already
            hand.choose(page.locator(f"[name=members-{number}-relation]"), relation)
        hand.write(page.locator(f"[name=members-{number}-identity]"), made_up_id(number + 1, f"{year - age}0315", sex))
    hand.choose(page.get_by_label("村民小组"), "1组")
    hand.write(page.get_by_label("联系电话"), "13812345678")
    hand.enter(page.locator(".fp-go--fixed .btn-primary"))
    page.wait_for_url("**/edit/?section=members")


def _people(hand: Hand) -> None:
    hand.step("人：上学、健康、劳动")
    for number, facts in enumerate(KNOWN):
        for name, said in facts.items():
            _answer(hand, f"members-{number}-{name}", said)
    _go_on(hand)


def _section(hand: Hand, section: str, facts: dict[str, str]) -> None:
    page = hand.page
    page.wait_for_url(f"**/edit/?section={section}")
    hand.step(page.locator("#sh").inner_text())
    for name, said in facts.items():
        _answer(hand, name, said)
    assert not overflows(page)
    _go_on(hand)


def _income(hand: Hand) -> None:
    page = hand.page
    page.wait_for_url("**/income/*/")
    hand.step("收支")
    for name, amount in INCOME.items():
        hand.write(page.locator(f"[name={name}]"), amount)
    hand.press(page.locator("[name=rest_zero]"))
    hand.press(page.locator(".fp-go--fixed .btn-primary"))  # Enter saves and stays to show the sum


def _survey(hand: Hand) -> None:
    """What the facts have not answered is tapped; as soon as nothing is left, the page leads to the review."""
    page = hand.page
    page.wait_for_url("**/survey/**")
    hand.step("六看评估")
    for _ in range(7):
        if page.locator("button[formaction]").count():
            break
        for question in page.locator("fieldset.fp-q").all():
            if not question.locator("input:checked").count():
                hand.press(question.locator("input[type=radio]").last)
        before = page.url
        _go_on(hand)
        page.wait_for_function("url => location.href !== url", arg=before)
        page.wait_for_load_state()
    hand.press(page.get_by_role("button", name="提交评估表"))
    page.wait_for_url(f"**/households/{CODE}/")


def _papers(hand: Hand) -> None:
    """The household signs one paper after the other; the signer is chosen once."""
    page = hand.page
    hand.step("本户签字（5 份）")
    hand.press(page.get_by_role("link", name="请本户签字"))
    hand.press(page.get_by_role("link", name="屏幕签字").first)
    hand.press(page.get_by_role("radio", name="向大山（户主）"))
    for left in (4, 3, 2, 1, 0):
        pad = page.locator("[data-sign-pad]")
        pad.wait_for()
        hand.now.taps += 1
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        page.mouse.move(box["x"] + 40, box["y"] + 30)
        page.mouse.down()
        page.mouse.move(box["x"] + 150, box["y"] + 80, steps=6)
        page.mouse.move(box["x"] + 60, box["y"] + 90, steps=6)
        page.mouse.up()
        title = page.title()
        hand.press(page.locator(".fp-actions .btn-primary"))
        page.wait_for_function("title => document.title !== title", arg=title)
        assert page.get_by_text("已签字").count() == 1, left


def _answer(hand: Hand, name: str, said: str) -> None:
    page = hand.page
    box = page.locator(f"[name={name}]").first
    kind = box.evaluate("box => box.type")
    if kind == "select-one":
        hand.choose(box, said)
    elif kind in ("radio", "checkbox"):
        hand.press(page.locator(f"label:has([name={name}])", has_text=said).locator("input").first)
    else:
        hand.write(box, said)


def _go_on(hand: Hand) -> None:
    hand.enter(hand.page.locator(".fp-go--fixed .btn-primary"))
