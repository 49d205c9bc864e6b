"""The two national layouts as workbooks: headers verbatim as the national system exports them (brief 3.7)."""

from pathlib import Path

from openpyxl import Workbook

from tests.assessment.roster_book import RUBRIC, VILLAGE, survey_headers
from tests.ground import made_up_id

HOUSEHOLD_HEADERS = (
    "省 市 县 乡 村 户编号 户主编号 户主姓名 户主证件号码 家庭人口数 是否危房户 人均纯收入 年收入 是否解决安全饮用水 年度 村办公电话 开户银行名称 银行卡号 识别标准 "
    "主要致贫原因 次要致贫原因 工资性收入 生产经营性收入 财产性收入 转移性收入 计划生育金 低保金 五保金 养老保险金 生态补偿金 其他转移性收入 生产经营性支出 纯收入 "
    "资产收益扶贫分红收入 其他财产性收入 耕地面积 水面面积 是否加入农民专业合作组织 退耕还林面积 林果面积 牧草地面积 林地面积 是否通生产用电 是否通生活用电 是否通广播电视 "
    "与村主干路距离 入户路类型 住房面积 是否有卫生厕所 主要燃料类型 危房级别 是否有龙头企业带动 是否有创业致富带头人带动"
).split()
PERSON_HEADERS = (
    "省 市 县 乡 村 户编号 人口编号 姓名 性别 出生日期 证件类型 证件号码 民族 户联系电话 成员联系电话 年度 与户主关系 文化程度 在校生状况 劳动技能 务工时间（月） 健康状况 "
    "政治面貌 务工企业名称 是否享受低保 是否参加城镇职工基本养老保险 是否参加大病保险 是否参加新型农村合作医疗（城乡居民基本医疗保险） 是否参加城乡居民基本养老保险 失学或辍学原因 "
    "是否会讲普通话 是否参加商业补充医疗保险 是否国外务工 产业分类 是否接受大病医疗救助 是否接受其他健康扶贫 公益性岗位类型 公益性岗位(月数) 就业渠道 残疾类别 务工所在地 "
    "户主姓名 户主证件号码 是否参加城镇职工基本医疗保险 是否特困供养人员 残疾证办证年度 识别标准"
).split()
PLACE = {"省": "湖北省", "市": "恩施州", "县": "来凤县", "乡": "大河镇", "村": "桐子园村村民委员会"}


def home(number: int, **cells) -> dict:
    """One household row with every column filled."""
    return PLACE | {
        "户编号": f"{VILLAGE}{number:04d}", "户主姓名": f"张{number}1", "家庭人口数": 2, "是否危房户": "否", "人均纯收入": 4100, "年收入": 10200,
        "是否解决安全饮用水": "是", "年度": 2015, "村办公电话": "07180000001", "开户银行名称": "农村信用社", "银行卡号": "6228480000000000018", "识别标准": "国家标准",
        "主要致贫原因": "因病", "次要致贫原因": "缺技术、缺资金", "工资性收入": 6000, "生产经营性收入": 3000, "财产性收入": 200, "转移性收入": 1000, "低保金": 800,
        "生态补偿金": 200, "生产经营性支出": 2000, "纯收入": 8200, "资产收益扶贫分红收入": 150, "其他财产性收入": 50, "耕地面积": 3.5, "是否加入农民专业合作组织": "是",
        "是否通生产用电": "是", "是否通生活用电": "是", "是否通广播电视": "否", "与村主干路距离": 0.8, "入户路类型": "水泥路", "住房面积": 96, "是否有卫生厕所": "否",
        "主要燃料类型": "柴草", "是否有龙头企业带动": "否", "是否有创业致富带头人带动": "否",
    } | cells  # fmt: skip


def human(number: int, order: int, relation: str = "户主", *, sex: str = "男", **cells) -> dict:
    code = f"{VILLAGE}{number:04d}"
    return PLACE | {
        "户编号": code, "人口编号": f"{code}{order:02d}", "姓名": f"张{number}{order}", "性别": sex, "证件类型": "身份证",
        "证件号码": made_up_id(number * 20 + order, sex="M" if sex == "男" else "F"), "民族": "土家族", "与户主关系": relation, "文化程度": "小学", "劳动技能": "普通劳动力",
        "务工时间（月）": 6, "健康状况": "健康", "政治面貌": "群众", "是否享受低保": "是", "是否会讲普通话": "是", "务工所在地": "广东省东莞市", "成员联系电话": "19000000009",
        "户联系电话": "19000000008", "识别标准": "国家标准", "户主姓名": f"张{number}1",
    } | cells  # fmt: skip


def family(number: int) -> list[dict]:
    return [human(number, 1), human(number, 2, "配偶", sex="女")]


def national(path: Path, homes: list[dict] | None = None, people: list[dict] | None = None, surveys: list[dict] | None = None, order=list) -> Path:
    """`order` rearranges the headers."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, headers, rows in (("贫困户信息", HOUSEHOLD_HEADERS, homes), ("贫困人口信息", PERSON_HEADERS, people), ("六看评估", survey_headers(RUBRIC), surveys)):
        if rows is not None:
            sheet = workbook.create_sheet(title)
            names = order(headers)
            sheet.append(names)
            for row in rows:
                sheet.append([row.get(name) for name in names])
    workbook.save(path)
    return path
