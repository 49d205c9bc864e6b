"""The income sheet as each role meets it: figures, rights, the trail, two saves that meet (brief 3.9; trust 1, 71, A2, L1)."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine

from core.errors import BadInput, Denied, NotFound, StaleVersion, WrongState
from core.models import AuditRow
from core.scope import FieldClass
from households.actions.income import save_income
from households.models import Household, IncomeYear
from households.reference import reference_day
from households.selectors_income import due_year, sheet_of

pytestmark = pytest.mark.once  # what a page shows is the same on any database

FILLED = {"wage": Decimal(12000), "business": Decimal(8000), "expense": Decimal(3000), "dividend": Decimal(500), "pension": Decimal(1320)}
TYPED = {"wage": "12,000", "business": "８０００", "expense": "3000", "dividend": "500", "pension": "1320", "persons": "2"}


@pytest.fixture(autouse=True)
def in_2016():
    with time_machine.travel("2016-11-20 10:00+08:00"):
        yield


@pytest.fixture
def household(make_household):
    return make_household(net_income_per_head=1793)


@pytest.fixture
def save(scope, household):
    def run(login="cadre", year=2016, version=1, parts=FILLED, **more):
        return save_income(scope=scope(login), code=household.code, year=year, version=version, parts=parts, **more)

    return run


@pytest.fixture
def url(household):
    return f"/households/{household.code}/income/2016/"


def test_a_saved_sheet_is_the_households_income_and_a_new_version(save, household):
    row = save()
    household.refresh_from_db()
    assert (row.net, row.per_head, row.persons) == (Decimal(18820), 9410, 2)
    assert (household.net_income_per_head, household.version, household.updated_by.login) == (9410, 2, "cadre")


def test_the_newest_year_that_adds_up_is_the_households_income(save, household):
    save(year=2016)
    save(year=2014, version=2, parts=FILLED | {"wage": Decimal(1)})
    save(year=2017, version=3, parts={"wage": Decimal(5)})
    household.refresh_from_db()
    assert household.net_income_per_head == 9410


def test_a_sheet_that_does_not_add_up_leaves_what_the_roster_brought(save, household):
    save(parts={"wage": Decimal(500)})
    household.refresh_from_db()
    assert (household.net_income_per_head, household.income_years.get().per_head) == (1793, None)


def test_a_cadre_who_confirms_the_rest_writes_zeros_but_nothing_beside(save):
    row = save(parts={"wage": Decimal(500)}, rest_zero=True)
    assert (row.business, row.dibao_money, row.per_head, row.medical_paid) == (0, 0, 250, None)


def test_the_trail_names_the_items_and_no_amount(save):
    save()
    detail = AuditRow.objects.get(action="income.save").detail
    assert detail["year"] == 2016 and "工资性收入" in detail["fields"]
    assert not any(amount in str(detail) for amount in ("12000", "18820", "9410"))


@pytest.mark.parametrize(("login", "refusal"), [("cadre2", NotFound), ("township", Denied), ("county", Denied)])
def test_only_the_village_saves(save, login, refusal):
    with pytest.raises(refusal):
        save(login)
    assert not IncomeYear.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"year": 2018}, "year"), ({"year": 2009}, "year"), ({"parts": {"wage": Decimal("1.005")}}, "wage"), ({"parts": {"wage": Decimal(-1)}}, "wage"), ({"parts": {"wage": Decimal("NaN")}}, "wage"), ({"persons": 100}, "persons")],
)  # fmt: skip
def test_a_crafted_sheet_is_refused_at_its_field(save, change, field):
    with pytest.raises(BadInput) as refused:
        save(**change)
    assert list(refused.value.fields) == [field]


def test_a_locked_or_closed_household_takes_no_sheet(save, household):
    for change in ({"hold": True, "hold_reason": "名单正在评议。"}, {"hold": False, "closed_on": date(2016, 9, 1)}):
        Household.objects.filter(pk=household.pk).update(**change)
        with pytest.raises(WrongState):
            save()


def test_a_stale_version_is_refused(save):
    save()
    with pytest.raises(StaleVersion):
        save("lead")


@pytest.mark.parametrize(("who", "status"), [("cadre", 200), ("township", 200), ("viewer", 403), ("cadre2", 404), ("township_other", 404), ("secadmin", 403)])
def test_amounts_open_only_for_who_has_the_field_class(login, save, url, who, status):
    save()
    page = login(who).get(url)
    assert page.status_code == status and ("18,820" in page.content.decode()) is (status == 200)


def test_a_cadre_fills_the_form_and_reads_the_formula_line_by_line(login, household, url):
    client = login("cadre")
    assert client.post(url, TYPED | {"version": "1"}).status_code == 302
    text = client.get(url).content.decode()
    for said in ("算式", "12,000", "18,820", "9,410", "低保金", "按 0 计"):
        assert said in text


def test_a_group_left_out_is_named_and_a_bad_number_keeps_what_was_typed(login, household, url):
    client = login("cadre")
    bad = client.post(url, TYPED | {"version": "1", "wage": "3万", "property_other": "7"})
    assert bad.status_code == 400 and "请写成 30000" in bad.content.decode() and 'value="7"' in bad.content.decode()
    client.post(url, {"version": "1", "wage": "100", "persons": "2"})
    assert "生产经营、财产性收入、转移性收入一项也没有填" in client.get(url).content.decode()


def test_two_saves_that_meet_show_only_what_both_changed(login, save, household, url):
    save()
    mine = {name: str(value) for name, value in FILLED.items()} | {"persons": "2", "version": "2"}
    save("lead", version=2, parts={"wage": Decimal(15000), "pension": Decimal(1400)})
    client = login("cadre")
    late = client.post(url, mine | {"wage": "13000", "dibao_money": "900"})
    assert late.status_code == 412
    assert [(one.name, one.mine, one.theirs, one.untouched) for one in late.context["clashes"]] == [("wage", "13000", "15000", False), ("pension", "1320", "1400", True)]
    assert client.post(url, mine | {"wage": "13000", "dibao_money": "900", "version": "3", "keep-wage": "mine", "keep-pension": "theirs"}).status_code == 302
    row = household.income_years.get()
    assert (row.wage, row.pension, row.dibao_money) == (13000, 1400, 900)


def test_a_cadre_whose_answer_was_lost_sends_the_sheet_again_and_goes_on(login, household, url):
    client, sent = login("cadre"), TYPED | {"version": "1", "rest_zero": "on", "then": "next"}
    assert [client.post(url, sent).status_code for _ in range(2)] == [302, 302]
    household.refresh_from_db()
    assert household.version == 2
    assert client.post(url, sent | {"wage": "1"}).status_code == 412


def test_the_list_of_years_tells_more_and_less(login, save, household):
    save(year=2015, parts=FILLED | {"wage": Decimal(14000)})
    save(version=2)
    text = login("lead").get(f"/households/{household.code}/income/").content.decode()
    assert text.index("2016 年度") < text.index("2015 年度")
    assert "减收 2,000" in text and "持平" in text and "减收 1,000" in text


def test_the_year_to_fill_is_the_one_over_on_the_rounds_reference_day(household, round_):
    assert (reference_day(household), due_year(household)) == (date(2016, 6, 30), 2015)
    round_.status = "closed"
    round_.save()
    assert due_year(household) == 2016


def test_the_sheet_of_a_year_for_the_paper_holds_the_stored_figures(save, household):
    save(persons=4)
    household.persons = 9
    sheet = sheet_of(household, 2016)
    assert (sheet.reckoned.persons, sheet.reckoned.per_head, sheet.last_day) == (4, 4705, date(2016, 9, 30))
    assert sheet_of(household, 2015) is None


def test_a_right_to_edit_without_the_field_class_saves_nothing(scope, household):
    blind = scope("cadre")
    blind.field_rights.pop(FieldClass.FINANCE.value)
    with pytest.raises(Denied):
        save_income(scope=blind, code=household.code, year=2016, version=1, parts=FILLED)
