"""The household's form by sections, registering, and the file page: brief 3.7, 3.8; trust 12, 71, A2, L1; rulings 6, 7."""

import json
import re
from decimal import Decimal

import pytest

from core.models import AuditRow
from households.actions import register_household, update_household
from households.entries import HouseholdEntry, MemberEntry
from households.fields import HOUSEHOLD, MEMBER
from households.models import Household, Person
from households.secrets import reveal, seal

pytestmark = pytest.mark.once

VILLAGE = "422827102200"
LAND = {"cultivated_mu": "３．５", "irrigated_mu": "1", "forest_mu": "10", "cooperative": "1", "leading_firm": "0"}


@pytest.fixture
def household(make_household):
    return make_household()


@pytest.fixture
def save(login, household):
    """`save("land", cultivated_mu="3")` posts a section as the cadre; the answer."""
    client = login("cadre")

    def post(section, version=None, **body):
        body = {"section": section, "version": str(version or Household.objects.get(pk=household.pk).version)} | body
        return client.post(f"/households/{household.code}/edit/", body)

    return post


def test_cadre_saves_a_section_alone_and_goes_on_to_the_next(save, household):
    members = household.memberships.count()
    answer = save("land", **LAND)
    assert answer.status_code == 302 and answer.url.endswith("?section=assets")
    household.refresh_from_db()
    assert (household.cultivated_mu, household.cooperative, household.leading_firm, household.leader_led) == (Decimal("3.5"), True, False, None)
    assert household.memberships.current().count() == members == household.persons


def test_a_section_leaves_the_other_sections_as_they_were(save, household):
    save("home", cause="08", attribute="04", exit_status="0")
    save("land", **LAND)
    household.refresh_from_db()
    assert (household.cause, household.attribute) == ("08", "04")


@pytest.mark.parametrize(("then", "end"), [("back", "/"), ("house", "?section=house"), ("income", "/income/")])
def test_cadre_saves_and_goes_where_the_button_says(save, household, then, end):
    answer = save("land", then=then, **LAND)
    assert answer.url.startswith(f"/households/{household.code}/") and answer.url.endswith(end)
    assert Household.objects.get(pk=household.pk).cultivated_mu == Decimal("3.5")


def test_jumping_on_without_a_change_writes_nothing(save, household):
    save("land", then="support")
    assert Household.objects.get(pk=household.pk).version == household.version


def test_a_cadre_who_changes_nobody_goes_on_from_the_members(login, household):
    Person.objects.update(name="张大山")
    client, url = login("cadre"), f"/households/{household.code}/edit/"
    context = client.get(url, {"section": "members"}).context
    forms = (context["members"].management_form, *context["members"])
    body = {bound.html_name: bound.value() for form in forms for bound in form if bound.value() is not None}
    answer = client.post(url, body | {"version": household.version, "section": "members", "then": "next"})
    assert answer.status_code == 302 and answer["Location"].endswith("section=home")


def test_a_short_list_of_a_section_is_laid_out_to_be_tapped_and_a_long_one_is_opened(login, household):
    page = login("cadre").get(f"/households/{household.code}/edit/", {"section": "home"}).content.decode()
    assert '<input type="radio" name="exit_status"' in page and '<select name="cause"' in page


@pytest.mark.parametrize(
    ("section", "body", "word"),
    [
        ("land", {"cultivated_mu": "3万"}, "写成 30000"), ("land", {"cultivated_mu": "1001"}, "0 至 1,000"), ("assets", {"appliances": ["none", "washer"]}, "没有"),
        ("monitor", {"monitored_on": "2099-01-01"}, "晚于今天"), ("home", {"bank_card": "12"}, "12 至 19"), ("support", {"plan": "找 522399197003050011"}, "不要写"),
        ("home", {"cause": "01", "other_causes": ["01"]}, "重复"),
    ],
)  # fmt: skip
def test_a_refused_section_keeps_what_was_typed_and_says_what_to_write(save, household, section, body, word):
    answer = save(section, **body)
    text = answer.content.decode()
    assert answer.status_code == 400 and word in text
    typed = next(iter(body.values()))
    assert isinstance(typed, list) or typed in text
    assert Household.objects.get(pk=household.pk).version == household.version


def test_a_stale_section_shows_both_values_and_saves_the_chosen_one(save, household):
    save("house", version=1, structure="brick_wood", area_m2="80")
    late = save("house", version=1, structure="other", area_m2="90", toilet="1")
    text = late.content.decode()
    assert late.status_code == 412 and 'name="keep-structure"' in text and 'name="keep-area_m2"' in text
    assert save("house", version=2, **{"structure": "other", "area_m2": "90", "toilet": "1", "keep-structure": "theirs"}).status_code == 302
    household.refresh_from_db()
    assert (household.structure, household.area_m2, household.toilet) == ("brick_wood", Decimal(90), True)


def test_who_saves_another_section_is_not_asked_to_choose(save, household):
    save("home", version=1, cause="08")
    save("house", version=2, structure="brick_wood")
    late = save("land", version=2, **LAND)
    assert late.status_code == 412 and "keep-" not in late.content.decode()
    assert "写的都还在" in late.content.decode() and "３．５" in late.content.decode()


def test_the_version_holds_every_declared_column(scope, entry):
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry(secrets={"bank_card": "6222000000000000123"}))
    document = json.loads(reveal(made.versions.get(), "facts"))
    assert set(HOUSEHOLD.named) <= set(document["household"]) and set(MEMBER.named) <= set(document["members"][0])
    assert document["household"]["bank_card"] == "6222000000000000123"


def test_the_trail_names_a_changed_card_and_plan_but_not_what_they_say(scope, household):
    entry = HouseholdEntry(None, {"plan": "养蜂", "fuel": "wood"}, None, {"bank_card": "6222000000000000123", "savings": "7654321"})
    update_household(scope=scope("cadre"), code=household.code, version=1, entry=entry)
    changed = AuditRow.objects.get(action="household.update").detail["changed"]
    assert changed == {"plan": "***", "fuel": ["", "wood"], "bank_card": "***", "savings": "***"}


def test_initials_follow_the_names(scope, entry):
    made = register_household(scope=scope("cadre"), village_code=VILLAGE, entry=entry())
    assert made.head_pinyin == "xds"
    assert set(Person.objects.values_list("pinyin", flat=True)) == {"xds", "txs"}


def test_the_first_page_asks_only_for_the_people_and_leads_on(login, make_id):
    body = {
        "village": VILLAGE, "key": "k", "members-TOTAL_FORMS": "4", "members-INITIAL_FORMS": "0", "members-0-name": "向•大山", "members-0-relation": "01",
        "members-0-identity": make_id(5, "19700305", "M"), "members-0-ethnicity": "汉族", "members-1-ethnicity": "汉族", "members-2-ethnicity": "汉族",
        "members-3-ethnicity": "汉族",
    }  # fmt: skip
    answer = login("cadre").post("/households/new/", body)
    made = Household.objects.get()
    assert answer.url == f"/households/{made.code}/edit/?section=members"
    person = made.memberships.get().person
    assert (made.persons, person.name, str(person.birth), person.sex, person.ethnicity) == (1, "向·大山", "1970-03-05", "M", "01")


def test_the_first_page_starts_with_the_villages_people_the_head_and_the_last_group(login, household):
    Person.objects.update(ethnicity="15")
    text = login("cadre").get("/households/new/?group=42282710220001").content.decode()
    assert text.count('value="土家族"') == 4 and re.search(r'value="42282710220001"[^>]*selected', text)
    assert re.search(r'name="members-0-relation".*?<option value="01" selected', text, re.S)


def _twelve(scope, make_id):
    members = [MemberEntry(name="欧阳阿依古丽·买买提", relation="01" if n == 0 else "99", identity=make_id(900 + n)) for n in range(12)]
    return register_household(scope=scope("cadre"), village_code=VILLAGE, entry=HouseholdEntry("", {}, tuple(members)))


def test_every_section_of_twelve_people_stays_small_enough_for_a_slow_line(login, scope, make_id):
    code, client = _twelve(scope, make_id).code, login("cadre")
    sizes = {section: len(client.get(f"/households/{code}/edit/", {"section": section}).content) for section in ("members", "home", "house", "utilities", "land", "assets", "support", "monitor")}
    assert max(sizes.values()) < 60_000, sizes


def test_a_section_costs_the_same_queries_for_two_and_for_twelve_people(login, scope, make_id, household, django_assert_max_num_queries):
    client = login("cadre")
    for code in (household.code, _twelve(scope, make_id).code):
        with django_assert_max_num_queries(14):
            client.get(f"/households/{code}/edit/")


def test_the_file_folds_what_is_not_filled_and_leads_to_its_section(login, household):
    text = login("cadre").get(f"/households/{household.code}/").content.decode()
    assert re.search(r'edit/\?section=land">还有 \d+ 项未填</a>', text)
    assert text.count("—") < 15, "a wall of dashes"


def test_the_file_reckons_per_head_and_the_dangerous_house(login, make_household):
    household = make_household(area_m2=Decimal(90), cultivated_mu=Decimal(3), danger_level="D", dangerous_house=None)
    text = login("cadre").get(f"/households/{household.code}/").content.decode()
    each = household.persons
    assert f"{90 / each:.1f} ㎡" in text and f"{3 / each:.1f} 亩" in text and "是（按危房级别）" in text


def test_viewer_sees_neither_card_nor_deposits_on_the_file(login, household):
    seal(household, "bank_card", "6222000000000000123"), seal(household, "savings", "7654321")
    household.save()
    seen, hidden = (login(who).get(f"/households/{household.code}/").content.decode() for who in ("cadre", "viewer"))
    assert "尾号 0123" in seen and "7,654,321" in seen and "6222000000000000123" not in seen
    assert "0123" not in hidden and "7,654,321" not in hidden and "银行卡号" not in hidden


def test_a_program_reads_the_national_columns_but_no_sealed_one():
    from households.api import HOUSEHOLD as RESOURCE

    names = {attr.name for attr in RESOURCE.attrs}
    assert set(HOUSEHOLD.plain) <= names and not set(HOUSEHOLD.sealed) & names
