"""What stands in the long lists, column for column, and who sees what in them."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from accounts.roles import IMPORT_RUN
from assessment.importing.checking import check, read_file
from core.sheets import match_key
from households.importing.places import known_villages
from households.models import IncomeYear
from households.secrets import seal
from reports.exporting import export_to_file
from reports.workbooks import REPORTS
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401

VILLAGE = "422827102200"
HOUSEHOLD_53 = (
    "省 市 县 乡 村 户编号 户主编号 户主姓名 户主证件号码 家庭人口数 是否危房户 人均纯收入 年收入 是否解决安全饮用水 年度 村办公电话 开户银行名称 银行卡号 识别标准 "
    "主要致贫原因 次要致贫原因 工资性收入 生产经营性收入 财产性收入 转移性收入 计划生育金 低保金 五保金 养老保险金 生态补偿金 其他转移性收入 生产经营性支出 纯收入 "
    "资产收益扶贫分红收入 其他财产性收入 耕地面积 水面面积 是否加入农民专业合作组织 退耕还林面积 林果面积 牧草地面积 林地面积 是否通生产用电 是否通生活用电 "
    "是否通广播电视 与村主干路距离 入户路类型 住房面积 是否有卫生厕所 主要燃料类型 危房级别 是否有龙头企业带动 是否有创业致富带头人带动"
).split()
PERSON_47 = (
    "省 市 县 乡 村 户编号 人口编号 姓名 性别 出生日期 证件类型 证件号码 民族 户联系电话 成员联系电话 年度 与户主关系 文化程度 在校生状况 劳动技能 务工时间（月） "
    "健康状况 政治面貌 务工企业名称 是否享受低保 是否参加城镇职工基本养老保险 是否参加大病保险 是否参加新型农村合作医疗（城乡居民基本医疗保险） "
    "是否参加城乡居民基本养老保险 失学或辍学原因 是否会讲普通话 是否参加商业补充医疗保险 是否国外务工 产业分类 是否接受大病医疗救助 是否接受其他健康扶贫 公益性岗位类型 "
    "公益性岗位(月数) 就业渠道 残疾类别 务工所在地 户主姓名 户主证件号码 是否参加城镇职工基本医疗保险 是否特困供养人员 残疾证办证年度 识别标准"
).split()


@pytest.fixture(scope="module")
def ground(standing):
    """A household with a bank card, an income sheet, a phone and an ill member, and its case."""
    home = standing.make_case(number=1, points=58).household
    home.cultivated_mu, home.toilet, home.fuel, home.bank_name = Decimal("2.50"), True, "wood", "信用社"
    seal(home, "bank_card", "6228480000000000017")
    seal(home, "phone", "13800000017")
    home.save()
    head = home.memberships.get(relation="01")
    head.health, head.disability_kind = "03", "4"
    head.save()
    place = {"county": home.county, "township": home.township, "village": home.village}
    money = {"wage": 5000, "business": 3000, "expense": 1000, "dividend": 0, "property_other": 0, "dibao_money": 1200}
    IncomeYear.objects.create(household=home, year=2015, wage=1, **place)
    IncomeYear.objects.create(household=home, year=2016, net=Decimal(8200), **money, **place)
    return home


@pytest.fixture
def rows(standing, ground, db, tmp_path):
    def read(table, who="cadre", area=VILLAGE):
        export_to_file(scope=standing.scope(who), table=table, round_code=standing.round.code, area=area, path=tmp_path / "a.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[REPORTS[table].sheet]
        titles = [cell.value for cell in sheet[1]]
        return [dict(zip(titles, [cell.value for cell in row], strict=True)) for row in sheet.iter_rows(min_row=2)]

    return read


@pytest.mark.parametrize(("table", "titles", "count"), [("households", HOUSEHOLD_53, 53), ("persons", PERSON_47, 47)])
def test_headers_are_those_of_the_national_layout_word_for_word(table, titles, count):
    assert [column.title for column in REPORTS[table].columns] == titles and len(titles) == count


@pytest.mark.parametrize("table", [code for code, report in REPORTS.items() if not report.level])
def test_every_column_says_what_it_means_and_no_two_read_alike(table):
    columns = REPORTS[table].columns
    assert all(column.meaning and column.code for column in columns)
    assert len({match_key(column.title) for column in columns}) == len({column.code for column in columns}) == len(columns)


def test_a_household_line_has_facts_and_the_newest_income_sheet(rows, ground):
    (row,) = rows("households")
    assert (row["户编号"], row["耕地面积"], row["是否有卫生厕所"], row["主要燃料类型"]) == (ground.code, 2.5, "是", "柴草")
    assert (row["年度"], row["纯收入"], row["年收入"], row["转移性收入"], row["财产性收入"]) == (2016, 8200, 9200, 1200, 0)
    assert row["户主编号"] == ground.memberships.get(relation="01").code and row["银行卡号"] == "*" * 16


def test_a_person_line_has_words_for_codes_and_a_day_for_birth(rows, ground):
    row = rows("persons")[0]
    person = ground.memberships.get(relation="01").person
    assert row["出生日期"].date() == person.birth and isinstance(person.birth, date) and row["残疾类别"] == "肢体"
    assert (row["与户主关系"], row["户联系电话"], row["户主姓名"]) == ("户主", "13800000017", person.name)


def test_the_county_sees_no_phone_and_the_village_does(rows):
    assert rows("persons", "county")[0]["户联系电话"] == "*" * 9 + "17"
    assert rows("roster", "cadre")[0]["联系电话"] == "13800000017"


def test_the_list_says_score_class_and_where_the_household_stands(rows, ground):
    (row,) = rows("list")
    assert (row["户编号"], row["六看得分"], row["六看分类"], row["评议类别"], row["办理状态"]) == (ground.code, 58, "低保贫困户", None, "办理中")


def test_a_list_costs_the_same_queries_for_one_household_and_for_many(standing, ground, db, rows, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as first:
        rows("persons")
    for number in range(20, 30):
        standing.make_household(number=number)
    with django_assert_max_num_queries(len(first.captured_queries)):
        assert len(rows("persons")) > 11


@pytest.mark.parametrize("table", ["roster", "households", "persons"])
@pytest.mark.parametrize("who", ["township", "county"])
def test_a_list_that_went_out_with_stars_comes_back_as_no_change(standing, ground, db, tmp_path, table, who):
    """Trust 58. What the maker of the file might not see, the file does not change."""
    scope, path = standing.scope(who), tmp_path / "a.xlsx"
    export_to_file(scope=scope, table=table, round_code=standing.round.code, area="422827102", path=path)
    narrowed = scope.narrowed_to(IMPORT_RUN)
    content = read_file(path, standing.round.rubric.value, known_villages(narrowed, standing.round.county_id), date(2016, 6, 1))
    checked = check(narrowed, standing.round, standing.round.rubric.value, content)
    assert [fault.as_line() for fault in checked.errors] == []
    assert checked.counts()["households"] == {"new": 0, "changed": 0, "same": 1}


def test_stars_for_a_person_nobody_knows_are_refused_by_name(standing, ground, db, tmp_path):
    scope, path = standing.scope("township"), tmp_path / "a.xlsx"
    export_to_file(scope=scope, table="roster", round_code=standing.round.code, area="422827102", path=path)
    ground.memberships.filter(relation="01").update(code=f"{ground.code}77")
    villages = known_villages(scope.narrowed_to(IMPORT_RUN), standing.round.county_id)
    content = read_file(path, standing.round.rubric.value, villages, date(2016, 6, 1))
    assert [(one.column, one.row) for one in content.faults if "星号" in one.reason] == [("证件号码", 2)]
