"""The national layouts of 53 household and 47 person columns: which header is which item (brief 3.7, 3.8). Pure.

A column stands for a declared field (`households.fields`), so that its kind, code list, limits and field class are said once. Accepted headers: that of the
national layout first, then the field's own label, and the element code of the national system.
"""

from core.sheets import Column, HeaderSpec, match_key
from households.fields import HOUSEHOLD, INCOME, MEMBER, Field, Kind

PARTS = "income."
"""Keys of the income columns: "income.wage"."""
NO_HOME = {"office_phone", "person_year", "person_standard"}
"""Columns of the layouts that the file of a household has no place for; said once a file, never guessed into another field."""

_CELLS = {Kind.NUMBER: "integer", Kind.YEAR: "integer", Kind.DECIMAL: "number", Kind.YUAN: "number", Kind.DATE: "date", Kind.CARD: "code"}
_HOUSEHOLD_HEADERS = {
    "dangerous_house": ("是否危房户",), "water_safe": ("是否解决安全饮用水", "AAC091"), "bank_name": ("开户银行名称",), "other_causes": ("次要致贫原因",),
    "cooperative": ("是否加入农民专业合作组织",), "production_power": ("是否通生产用电",), "electricity": ("是否通生活用电",),
    "broadcast": ("是否通广播电视",), "toilet": ("是否有卫生厕所",), "leading_firm": ("是否有龙头企业带动",),
    "leader_led": ("是否有创业致富带头人带动",), "structure": ("房屋结构", "主要结构"), "phone": ("联系电话", "户联系电话", "电话"),
}  # fmt: skip
_MEMBER_HEADERS = {
    "work_months": ("务工时间（月）",), "dibao": ("是否享受低保", "是否享受低保政策"), "pension_employee": ("是否参加城镇职工基本养老保险",),
    "serious_illness_insured": ("是否参加大病保险", "是否参加大病医疗", "参加大病医疗"), "pension_resident": ("是否参加城乡居民基本养老保险",),
    "medical_resident": ("是否参加新型农村合作医疗（城乡居民基本医疗保险）", "是否参加新型农村合作医疗", "是否参加城乡居民基本医疗保险"),
    "mandarin": ("是否会讲普通话",), "medical_commercial": ("是否参加商业补充医疗保险",), "abroad": ("是否国外务工",),
    "illness_aid": ("是否接受大病医疗救助",), "health_aid": ("是否接受其他健康扶贫",), "post_months": ("公益性岗位(月数)", "公益性岗位月数"),
    "medical_employee": ("是否参加城镇职工基本医疗保险",), "wubao": ("是否特困供养人员",), "skill": ("劳动技能", "劳动能力"), "work_place": ("务工状况", "务工情况"),
}  # fmt: skip
_PLACES = (
    Column("province", ("省", "省(区、市)"), required=False),
    Column("city", ("市", "市(州)", "市(州、盟)"), required=False),
    Column("county", ("县", "县(市、区、旗)", "县(市、区)"), required=False),
    Column("township", ("乡", "乡(镇)", "乡镇"), required=False),
    Column("village", ("村", "行政村", "村(社区)"), required=False),
    Column("group", ("自然村", "村民小组", "自然村(组)", "组"), required=False),
    Column("household", ("户编号", "户号"), kind="code", filled=True),
)


def _column(field: Field, extra: tuple[str, ...], prefix: str = "") -> Column:
    said = {match_key(header): header for header in (*extra, field.label, field.caption, field.national) if header}
    return Column(prefix + field.name, tuple(said.values()), _CELLS.get(field.kind, "text"), required=False, secret=field.sealed)


HOUSEHOLDS = HeaderSpec((
    *_PLACES,
    Column("head_code", ("户主编号",), kind="code", required=False),
    Column("head_name", ("户主姓名",), required=False),
    Column("head_identity", ("户主证件号码",), kind="code", required=False, secret=True),
    Column("size", ("家庭人口数", "人数", "家庭人口"), kind="integer", required=False),
    Column("year", ("年度", "AAR040"), kind="integer", required=False),
    Column("per_head", ("人均纯收入", "人均纯收入(元)"), kind="number", required=False),
    Column("gross", ("年收入", "家庭年收入"), kind="number", required=False),
    Column("net", ("纯收入", "家庭纯收入"), kind="number", required=False),
    Column("property", ("财产性收入", "AAC072"), kind="number", required=False),
    Column("transfer", ("转移性收入",), kind="number", required=False),
    Column("office_phone", ("村办公电话",), required=False, secret=True),
    *(_column(one, _HOUSEHOLD_HEADERS.get(name, ())) for name, one in HOUSEHOLD.named.items()),
    *(_column(one, (), PARTS) for one in INCOME.named.values()),
))  # fmt: skip

PERSONS = HeaderSpec((
    *_PLACES,
    Column("person", ("人口编号", "人编号", "个人编号"), kind="code", filled=True),
    Column("name", ("姓名",), filled=True),
    Column("sex", ("性别",), required=False),
    Column("birth", ("出生日期", "出生年月日"), kind="date", required=False),
    Column("id_kind", ("证件类型",), required=False),
    Column("identity", ("证件号码", "身份证号码", "身份证号", "公民身份号码", "AAB004"), kind="code", filled=True, secret=True),
    Column("ethnicity", ("民族", "AAB007"), required=False),
    Column("home_phone", ("户联系电话", "AAR012"), required=False, secret=True),
    Column("person_year", ("年度", "AAR040"), required=False),
    Column("relation", ("与户主关系", "AAB006"), filled=True),
    Column("head_name", ("户主姓名",), required=False),
    Column("head_identity", ("户主证件号码",), kind="code", required=False, secret=True),
    Column("person_standard", ("识别标准",), required=False),
    *(_column(one, _MEMBER_HEADERS.get(name, ())) for name, one in MEMBER.named.items()),
))  # fmt: skip

HOUSEHOLD_TITLES = {column.key: column.title for column in HOUSEHOLDS.columns}
PERSON_TITLES = {column.key: column.title for column in PERSONS.columns}
LEAST_HEADERS = 4


def known_headers(spec: HeaderSpec, cells: list[object]) -> int:
    """How many cells of a header row the layout knows; 0 where a column that it cannot do without is missing."""
    return 0 if spec.missing(cells) else sum(spec.find(cell) is not None for cell in cells)
