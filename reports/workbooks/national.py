"""The two long lists of the national system: 53 columns a household, 47 a member, headers word for word (brief 3.7). What the file of a
household has no place for stays empty; the import reads a blank cell as "says nothing"."""

from __future__ import annotations

from collections.abc import Iterator

from core.scope import FieldClass
from households import codes
from households.fields import HOUSEHOLD, INCOME, MEMBER
from households.income import reckon
from households.models import Sex
from reports.workbooks.cells import at_home, at_member, coded, field_column, of_head, of_home, of_member
from reports.workbooks.model import Ask, Column, Line, Progress, Report
from reports.workbooks.roster import NUMBER_HIDDEN, PHONE_HIDDEN
from reports.workbooks.sources import count_homes, household_lines, person_lines

UNKNOWN = "本系统没有这一项，留空"
_FINANCE = FieldClass.FINANCE
_CARDS = {"bank_card"}
_HOME_TITLES = {
    "是否危房户": "dangerous_house", "是否解决安全饮用水": "water_safe", "开户银行名称": "bank_name", "银行卡号": "bank_card", "识别标准": "standard",
    "主要致贫原因": "cause", "次要致贫原因": "other_causes", "耕地面积": "cultivated_mu", "水面面积": "water_mu", "是否加入农民专业合作组织": "cooperative",
    "退耕还林面积": "returned_mu", "林果面积": "orchard_mu", "牧草地面积": "pasture_mu", "林地面积": "forest_mu", "是否通生产用电": "production_power",
    "是否通生活用电": "electricity", "是否通广播电视": "broadcast", "与村主干路距离": "road_km", "入户路类型": "road", "住房面积": "area_m2",
    "是否有卫生厕所": "toilet", "主要燃料类型": "fuel", "危房级别": "danger_level", "是否有龙头企业带动": "leading_firm",
    "是否有创业致富带头人带动": "leader_led",
}  # fmt: skip
_INCOME_TITLES = {
    "工资性收入": "wage", "生产经营性收入": "business", "计划生育金": "family_planning", "低保金": "dibao_money", "五保金": "wubao_money",
    "养老保险金": "pension", "生态补偿金": "ecology", "其他转移性收入": "transfer_other", "生产经营性支出": "expense",
    "资产收益扶贫分红收入": "dividend", "其他财产性收入": "property_other",
}  # fmt: skip
_MEMBER_TITLES = {
    "成员联系电话": "phone", "文化程度": "education", "在校生状况": "schooling", "劳动技能": "skill", "务工时间（月）": "work_months", "健康状况": "health",
    "政治面貌": "political", "务工企业名称": "employer", "是否享受低保": "dibao", "是否参加城镇职工基本养老保险": "pension_employee",
    "是否参加大病保险": "serious_illness_insured", "是否参加新型农村合作医疗（城乡居民基本医疗保险）": "medical_resident",
    "是否参加城乡居民基本养老保险": "pension_resident", "失学或辍学原因": "dropout_reason", "是否会讲普通话": "mandarin",
    "是否参加商业补充医疗保险": "medical_commercial", "是否国外务工": "abroad", "产业分类": "industry", "是否接受大病医疗救助": "illness_aid",
    "是否接受其他健康扶贫": "health_aid", "公益性岗位类型": "post_kind", "公益性岗位(月数)": "post_months", "就业渠道": "channel",
    "残疾类别": "disability_kind", "务工所在地": "work_region", "是否参加城镇职工基本医疗保险": "medical_employee", "是否特困供养人员": "wubao",
    "残疾证办证年度": "disability_year",
}  # fmt: skip
_HOUSEHOLD_ORDER = (
    "省 市 县 乡 村 户编号 户主编号 户主姓名 户主证件号码 家庭人口数 是否危房户 人均纯收入 年收入 是否解决安全饮用水 年度 村办公电话 开户银行名称 银行卡号 "
    "识别标准 主要致贫原因 次要致贫原因 工资性收入 生产经营性收入 财产性收入 转移性收入 计划生育金 低保金 五保金 养老保险金 生态补偿金 其他转移性收入 "
    "生产经营性支出 纯收入 资产收益扶贫分红收入 其他财产性收入 耕地面积 水面面积 是否加入农民专业合作组织 退耕还林面积 林果面积 牧草地面积 林地面积 "
    "是否通生产用电 是否通生活用电 是否通广播电视 与村主干路距离 入户路类型 住房面积 是否有卫生厕所 主要燃料类型 危房级别 是否有龙头企业带动 "
    "是否有创业致富带头人带动"
).split()
_PERSON_ORDER = (
    "省 市 县 乡 村 户编号 人口编号 姓名 性别 出生日期 证件类型 证件号码 民族 户联系电话 成员联系电话 年度 与户主关系 文化程度 在校生状况 劳动技能 "
    "务工时间（月） 健康状况 政治面貌 务工企业名称 是否享受低保 是否参加城镇职工基本养老保险 是否参加大病保险 "
    "是否参加新型农村合作医疗（城乡居民基本医疗保险） 是否参加城乡居民基本养老保险 失学或辍学原因 是否会讲普通话 是否参加商业补充医疗保险 是否国外务工 "
    "产业分类 是否接受大病医疗救助 是否接受其他健康扶贫 公益性岗位类型 公益性岗位(月数) 就业渠道 残疾类别 务工所在地 户主姓名 户主证件号码 "
    "是否参加城镇职工基本医疗保险 是否特困供养人员 残疾证办证年度 识别标准"
).split()


def _sum(name: str):
    """A sum of the newest income sheet as it is reckoned; None where a part is not known."""

    def value(line: Line) -> object:
        parts = line.home["income"]
        return getattr(reckon(parts, 0), name) if parts else None

    return value


def _gross(line: Line) -> object:
    """What came in before expenses; None unless all four groups were asked."""
    parts = line.home["income"]
    reckoned = reckon(parts, 0) if parts else None
    return reckoned.net + reckoned.expense if reckoned and reckoned.known else None


def _income(name: str):
    return lambda line: line.home["income"].get(name)


def _blank(_: Line) -> object:
    return ""


def _places() -> dict[str, Column]:
    return {
        "省": Column("province", "省", UNKNOWN, _blank, width=8),
        "市": Column("city", "市", UNKNOWN, _blank, width=8),
        "县": Column("county", "县", "农户所在县", of_home("county__name")),
        "乡": Column("township", "乡", "农户所在乡镇", of_home("township__name")),
        "村": Column("village", "村", "农户所在村或社区", of_home("village__name"), width=24),
        "户编号": Column("household", "户编号", "16 位户编号，搬迁不变", of_home("code"), "code", 20),
        "户主姓名": Column("head_name", "户主姓名", "现任户主", of_home("head_name"), width=10),
        "户主证件号码": Column("head_identity", "户主证件号码", NUMBER_HIDDEN, of_head("identity"), "code", 22, seen_by=FieldClass.IDENTITY, number=True),
        "识别标准": field_column("识别标准", HOUSEHOLD.named["standard"], at_home),
    }


def _household_columns() -> tuple[Column, ...]:
    made = _places() | {
        "户主编号": Column("head_code", "户主编号", "户主的 18 位人编号", of_head("code"), "code", 22),
        "家庭人口数": Column("size", "家庭人口数", "在户成员数", of_home("persons"), "integer", 8, "人"),
        "人均纯收入": Column("per_head", "人均纯收入", "有收支表的由收支表算出", of_home("net_income_per_head"), "integer", 10, "元"),
        "年收入": Column("gross", "年收入", "四类收入合计，未减生产经营性支出", _gross, "number", 11, "元", _FINANCE),
        "年度": Column("year", "年度", "最近一张收支表的收入年度：上年 10 月 1 日至本年 9 月 30 日", _income("year"), "integer", 8),
        "村办公电话": Column("office_phone", "村办公电话", UNKNOWN, _blank),
        "财产性收入": Column("property", "财产性收入", "分红和其他财产性收入合计", _sum("property"), "number", 11, "元", _FINANCE),
        "转移性收入": Column("transfer", "转移性收入", "计生金、低保金、五保金、养老金、生态补偿金和其他合计", _sum("transfer"), "number", 11, "元", _FINANCE),
        "纯收入": Column("net", "纯收入", "四类收入减生产经营性支出", _income("net"), "number", 11, "元", _FINANCE),
    }  # fmt: skip
    made |= {title: _home_column(title, name) for title, name in _HOME_TITLES.items()}
    for title, name in _INCOME_TITLES.items():
        made[title] = Column(name, title, INCOME.named[name].help.rstrip("。") or "收支表所填", _income(name), "number", 11, "元", _FINANCE)
    return tuple(made[title] for title in _HOUSEHOLD_ORDER)


def _home_column(title: str, name: str) -> Column:
    if name in _CARDS:
        return Column(name, title, f"补贴发放的一卡通；{NUMBER_HIDDEN}", of_home(name), "code", 22, seen_by=_FINANCE, number=True)
    return field_column(title, HOUSEHOLD.named[name], at_home)


def _person_columns() -> tuple[Column, ...]:
    made = _places() | {
        "人口编号": Column("person", "人口编号", "18 位人编号", of_member("code"), "code", 22),
        "姓名": Column("name", "姓名", "成员姓名", of_member("person__name"), width=10),
        "性别": Column("sex", "性别", "男或女", lambda line: _SEX.get(line.member["person__sex"], ""), width=6),
        "出生日期": Column("birth", "出生日期", "按证件", of_member("person__birth"), "date", 12),
        "证件类型": Column("id_kind", "证件类型", "国家代码表", coded("person__id_kind", codes.ID_KIND)),
        "证件号码": Column("identity", "证件号码", NUMBER_HIDDEN, of_member("identity"), "code", 22, seen_by=FieldClass.IDENTITY, number=True),
        "民族": Column("ethnicity", "民族", "GB/T 3304", coded("person__ethnicity", codes.ETHNICITY), width=9),
        "户联系电话": Column("home_phone", "户联系电话", PHONE_HIDDEN, of_home("phone"), "code", 14, seen_by=FieldClass.CONTACT),
        "年度": Column("person_year", "年度", UNKNOWN, _blank, width=8),
        "与户主关系": Column("relation", "与户主关系", "国家代码表", coded("relation", codes.RELATION), width=11),
    }
    made |= {title: field_column(title, MEMBER.named[name], at_member) for title, name in _MEMBER_TITLES.items()}
    return tuple(made[title] for title in _PERSON_ORDER)


_SEX = {code: str(said) for code, said in Sex.choices}
_HOME_FIELDS = tuple(f"{name}_enc" if name in _CARDS else name for name in _HOME_TITLES.values())
_MEMBER_FIELDS = (
    "person__sex", "person__birth", "person__id_kind", "person__ethnicity", *(name for name in _MEMBER_TITLES.values() if name != "phone"),
)  # fmt: skip


def _households(ask: Ask, progress: Progress) -> Iterator[Line]:
    return household_lines(ask, progress, home=(*_HOME_FIELDS, "net_income_per_head"), income=("year", "net", *_INCOME_TITLES.values()))


def _persons(ask: Ask, progress: Progress) -> Iterator[Line]:
    return person_lines(ask, progress, home=("standard",), member=_MEMBER_FIELDS)


HOUSEHOLDS = Report("households", "户信息表", "一户一行，国家 53 栏", sheet="户信息", columns=_household_columns(), lines=_households, count=count_homes)
PERSONS = Report("persons", "人员信息表", "一人一行，国家 47 栏", sheet="人员信息", columns=_person_columns(), lines=_persons, count=count_homes)
