"""The household's page on a phone: anchors to every section, what must be done in sight, what is seldom needed folded. Without scripts."""

import re

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(make_household, login, round_):
    """`page(who)` → the text of the household's page."""
    household = make_household(number=1)
    return lambda who="cadre": login(who).get(f"/households/{household.code}/").content.decode(), household


def open_part(text: str) -> str:
    """What is seen before anything is unfolded."""
    return re.sub(r"<details(?! open)[^>]*>.*?</details>", "", text, flags=re.S)


@pytest.mark.parametrize("who", ["cadre", "township", "county", "viewer"])
def test_every_jump_leads_to_a_section_of_the_page(page, who):
    text = page[0](who)
    jumps = re.search(r'<nav class="fp-jump fp-jump--stick.*?</nav>', text, re.S).group(0)
    places = re.findall(r'href="#([\w-]+)"', jumps)
    assert {"m", "f", "fam-h"} <= set(places)
    assert [place for place in places if f'id="{place}"' not in text] == []


def test_what_must_be_mended_and_the_heaviest_five_stand_open(page, make_doubt):
    text, household = page
    for number in range(7):
        make_doubt(household, f"Q-98-0{number}", severity="warning", weight=100 + number, message=f"说明{number}号")
    make_doubt(household, "Q-99-01", severity="error", weight=1, message="必须改的那处")
    shown = open_part(text())
    assert "必须改的那处" in shown and "说明6号" in shown and "说明2号" not in shown
    assert "还有 3 处要说明" in text() and "疑点 8" in text()


def test_what_was_explained_is_folded(page, make_doubt):
    text, household = page
    make_doubt(household, "Q-98-01", severity="warning", state="kept", message="早就说明过")
    assert "已说明的 1 处" in text() and "早就说明过" not in open_part(text())


def test_whoever_mends_from_the_page_comes_back_to_it(page, make_doubt):
    text, household = page
    make_doubt(household, "Q-98-01", severity="warning", message="面积不对", fact="area_m2")
    assert f"/edit/?section=house&amp;next=%2Fhouseholds%2F{household.code}%2F#id_area_m2" in text()
