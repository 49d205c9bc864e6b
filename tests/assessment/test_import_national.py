"""The national layouts of 53 and 47 columns: recognised by headers, joined to what is stored, in whole or in part (brief 3.7)."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.importing.checking import read_file
from assessment.models import Survey
from households.importing.grouping import KnownVillage
from households.models import Household, IncomeYear, Membership
from households.secrets import reveal
from tests.assessment.national_book import HOUSEHOLD_HEADERS, PERSON_HEADERS, family, home, human, national
from tests.assessment.roster_book import RUBRIC, VILLAGE, book, household, import_book, survey
from tests.standing import *  # noqa: F403

CODE = f"{VILLAGE}0001"


def said(run) -> list[str]:
    return [f"{one.sheet}/{one.row}/{one.column}: {one.reason}" for one in run.problems.all()]


def test_the_layouts_have_as_many_columns_as_the_national_system():
    assert (len(HOUSEHOLD_HEADERS), len(PERSON_HEADERS)) == (53, 47)


def test_the_township_imports_new_households_from_both_sheets_in_any_order_of_columns(cast, round_, tmp_path):
    path = national(tmp_path / "a.xlsx", [home(1)], family(1), [survey(1)], order=lambda names: list(reversed(names)))
    run = import_book(cast.township, path)
    assert run.state == "committed", said(run)
    row = Household.objects.get(code=CODE)
    assert (row.head_name, row.persons, row.standard, row.cause, row.other_causes, row.fuel) == ("张11", 2, "national", "01", "07,09", "wood")
    assert (row.cultivated_mu, row.road_km, row.cooperative, row.toilet, row.bank_name) == (Decimal("3.50"), Decimal("0.80"), True, False, "农村信用社")
    assert (reveal(row, "bank_card"), reveal(row, "phone")) == ("6228480000000000018", "19000000008")
    income = IncomeYear.objects.get(household=row)
    assert (income.year, income.net, income.per_head, row.net_income_per_head) == (2015, Decimal("8200.00"), 4100, 4100)
    wife = Membership.objects.select_related("person").get(household=row, relation="02")
    assert (wife.political, wife.dibao, wife.work_region, wife.work_months, wife.person.sex) == ("05", True, "广东省东莞市", 6, "F")
    assert Survey.objects.get().persons == 2
    warned = [line for line in said(run) if "未导入的列" in line]
    assert {line.split("/")[2].split(":")[0] for line in warned} == {"村办公电话", "识别标准", "年度"}
    again = import_book(cast.township, path)
    assert {key: again.counts[key] for key in ("households", "persons")} == {
        "households": {"new": 0, "changed": 0, "same": 1}, "persons": {"new": 0, "changed": 0, "same": 2, "left": 0},
    }  # fmt: skip


def test_a_household_sheet_alone_leaves_the_people_and_what_it_does_not_fill(cast, round_, tmp_path):
    import_book(cast.township, book(tmp_path / "r.xlsx", household(1)))
    run = import_book(cast.township, national(tmp_path / "h.xlsx", [home(1, 主要致贫原因=None, 人均纯收入=3900)]))
    assert run.state == "committed", said(run)
    row = Household.objects.get()
    assert (row.version, row.persons, row.cause, row.attribute, row.net_income_per_head) == (2, 2, "07", "01", 4100)
    assert Membership.objects.current().count() == 2 and run.counts["persons"]["left"] == 0
    assert any("按分项和2人算得 4100 元" in line for line in said(run))


def test_a_person_sheet_alone_changes_a_member_and_sends_nobody_away(cast, round_, tmp_path):
    import_book(cast.township, book(tmp_path / "r.xlsx", household(1)))
    run = import_book(cast.township, national(tmp_path / "p.xlsx", None, [human(1, 2, "配偶", sex="女", 健康状况="残疾", 文化程度=None)]))
    assert run.state == "committed", said(run)
    assert run.counts["persons"] == {"new": 0, "changed": 1, "same": 0, "left": 0}
    wife = Membership.objects.current().get(relation="02")
    assert (wife.health, wife.education, wife.mandarin) == ("04", "02", True)
    assert Membership.objects.current().count() == 2


def test_national_sheets_as_csv_in_either_encoding_are_read(cast, round_, tmp_path):
    import_book(cast.township, book(tmp_path / "r.xlsx", household(1)))
    for encoding, row in (("utf-8-sig", home(1)), ("gb18030", home(1, 住房面积=100))):
        path = tmp_path / f"{encoding}.csv"
        path.write_text("\n".join([",".join(HOUSEHOLD_HEADERS), ",".join(str(row.get(name) or "") for name in HOUSEHOLD_HEADERS)]), encoding)
        assert import_book(cast.township, path).counts["households"]["changed"] == 1
    assert Household.objects.get().area_m2 == 100


READ = [
    ([home(1, 入户路类型="天路")], family(1), "不是“入户路类型”的规定选项"),
    ([home(1, 银行卡号=6228480000000018)], family(1), "编码是数字"),
    ([home(1, 年度=None)], family(1), "收入年度应在"),
    ([home(1, 次要致贫原因="因病、因残、因学")], family(1), "最多2个"),
    ([home(1), home(1)], family(1), "户编号与第2行重复"),
    ([home(1)], [human(1, 1), human(1, 1, "之子")], "证件号码与第2行重复"),
    ([home(1, 村="别的村")], family(1), "行政村与户编号不符"),
    ([home(1)], [human(1, 1, 证件类型="残疾证", 证件号码="52239919561202128999")], "残疾类别9不存在"),
]


@pytest.mark.once
@pytest.mark.parametrize(("homes", "people", "told"), READ, ids=[told for _, _, told in READ])
def test_a_cell_that_cannot_be_read_is_told_by_place(tmp_path, homes, people, told):
    village = KnownVillage(1, VILLAGE, "桐子园村", 1, VILLAGE[:9], "大河镇", 1, "来凤县", frozenset(("桐子园村村民委员会",)))
    content = read_file(national(tmp_path / "x.xlsx", homes, people), RUBRIC, {VILLAGE: village}, date(2016, 6, 30))
    found = [fault for fault in content.faults if fault.severity == "error" and told in fault.reason]
    assert len(found) == 1 and found[0].row and found[0].column and found[0].remedy


def test_what_does_not_fit_the_register_is_told_and_nothing_is_written(cast, round_, tmp_path):
    homes, people = [home(1), home(2)], [human(2, 1), human(2, 2), human(3, 2, "配偶", sex="女")]
    run = import_book(cast.township, national(tmp_path / "x.xlsx", homes, people))
    assert [(one.sheet, one.row, one.reason) for one in run.problems.filter(severity="error")] == [
        ("贫困人口信息", 3, "这一户已有户主张21"), ("贫困人口信息", 4, "这一户还没有登记，文件里没有户主"),
        ("贫困户信息", 2, "这一户还没有登记，文件里也没有这一户的成员"),
    ]  # fmt: skip
    assert run.state == "refused" and not Household.objects.exists()


def test_element_codes_of_the_national_system_are_headers_too(cast, round_, tmp_path):
    import_book(cast.township, book(tmp_path / "r.xlsx", household(1)))
    path = tmp_path / "c.csv"
    path.write_text(f"户编号,AAR040,AAC073,AAC307,AAC304\n{CODE},2015,500,1.5,2\n", "utf-8-sig")
    run = import_book(cast.township, path)
    assert run.state == "committed", said(run)
    assert (Household.objects.get().water_mu, IncomeYear.objects.get().wage) == (Decimal("1.5"), 500)
    assert any("还没有填" in line for line in said(run))


def test_a_member_moves_only_by_a_roster_not_because_both_households_are_in_the_sheet(cast, round_, tmp_path):
    import_book(cast.township, book(tmp_path / "r.xlsx", household(1) + household(2)))
    people = family(1) + [human(2, 3, "之女", sex="女", 证件号码=human(1, 2, sex="女")["证件号码"])]
    run = import_book(cast.township, national(tmp_path / "p.xlsx", None, people[:1] + people[2:]))
    assert run.state == "refused" and any("已登记在另一户" in line for line in said(run))
