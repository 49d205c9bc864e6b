"""Cells of the roster and of the survey sheet (faults 45 to 50, 53, 54, 11, 12): all of them stand in one workbook, a household or a form each."""

from dataclasses import dataclass

from tests.assessment.roster_book import HEADERS, RUBRIC, household, survey
from tests.assessment.roster_book import VILLAGE as V
from tests.corpus.kinds import ACCEPTED, ERRORS, ROSTER, SURVEYS, WARNED
from tests.corpus.parts import Raw, day, number, packed, parts, sheet
from tests.ground import made_up_id

TRUE = Raw(' t="b"', "<v>1</v>")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def checked(body: str) -> str:
    """17 digits and the character that belongs to them."""
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def own(number_: int) -> str:
    """The number that the head of the n-th household has anyway."""
    return made_up_id(number_ * 20 + 1)


WITH_X = next(text for text in map(made_up_id, range(900_000, 900_100)) if text.endswith("X"))
WITH_X_TOO = next(text for text in map(made_up_id, range(901_000, 901_100)) if text.endswith("X"))
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@dataclass(frozen=True)
class Cell:
    """`column` of the sheet says `value`; `says` is looked for in the reason. `value` may be a function of the household's number."""

    name: str
    trust: str
    column: str
    value: object
    verdict: str = ERRORS
    says: str = ""


def many(trust: str, column: str, verdict: str, says: str, *values: object) -> list[Cell]:
    return [Cell(f"{column} {value!r}"[:60], trust, column, value, verdict, says) for value in values]


ID = "证件号码"
IDS = [
    *many("47", ID, ERRORS, "编码是数字", number("5.22399195612021E+17"), number("522399195612021289"), number("522399560212128"), number(5), TRUE, day(42434)),
    *many("47", ID, ERRORS, "科学计数法", "3.52201E+17", "5.22399195612021e+17"),
    *many("47", ID, ERRORS, "校验位不对", "522399195612022000", "522399195612021280", "52239919561202128X"),
    *many("49", ID, ERRORS, "应为18位", "无", "暂无", "-", "0", "H12345678", "M87654321", "E12345678", "无身份证", "见户口本", "52239919561202128", "5223991956120212890",
          "522399,19561202,1289", "522399195612021289/522399195612021297"),
    *many("47", ID, ERRORS, "应为18位|不是", "5223991956120212B9", "52239919561202128Х", "52239919561202128Χ", "５２２３99195612O212B9", "٥٢٢٣٩٩١٩٥٦١٢٠٢١٢٨٩", "①②③④⑤⑥⑦⑧⑨①②③④⑤⑥⑦⑧⑨", "522399195612021²89", "五二二三九九",
          "=522399195612021289", "5223991956120212²9", "52239919561202128❌"),
    *many("46", ID, ERRORS, "15位旧号码", "522399560212128", "130503670401001"),
    *many("46", ID, ERRORS, "出生日期", "522399561302128"),
    *many("48", ID, ERRORS, "出生日期", checked("52239920160231001"), checked("52239919561302001"), checked("52239919560000001"), checked("52239920990101001"), checked("52239918500101001")),
    *many("48", ID, ERRORS, "残疾人证号", checked("52239919561202001") + "43"),
    *many("48", ID, WARNED, "不是已知的省份", checked("99010119561202011")),
    *many("49", ID, ACCEPTED, "", checked("83000019561202013")),
    *many("47", ID, ERRORS, "不能为空", None, "", " ", "\u3000", "\u200b"),
    Cell("证件号码 前有撇号", "47", ID, lambda n: "'" + own(n), ACCEPTED),
    Cell("证件号码 带空格", "47", ID, lambda n: f" {own(n)[:6]} {own(n)[6:14]}\u00a0{own(n)[14:]}\u3000", ACCEPTED),
    Cell("证件号码 全角", "47", ID, lambda n: own(n).translate(WIDE), ACCEPTED),
    Cell("证件号码 零宽字符", "11", ID, lambda n: "\u200b" + own(n) + "\ufeff", ACCEPTED),
    Cell("证件号码 方向标记", "11", ID, lambda n: "\u202e" + own(n) + "\u202c", ACCEPTED),
    Cell("证件号码 换行", "11", ID, lambda n: own(n)[:9] + "\n" + own(n)[9:], ACCEPTED),
    Cell("证件号码 小写 x", "47", ID, WITH_X.lower(), ACCEPTED),
    Cell("证件号码 全角小写 ｘ", "47", ID, WITH_X_TOO[:17] + "ｘ", ACCEPTED),
    Cell("证件号码 与前面一行重复", "45", ID, own(1), ERRORS, "与第2行重复"),
]  # fmt: skip
CODES = [
    *many("47", "户编号", ERRORS, "编码是数字", number("4228271022000001"), number("4.228271022E+15"), TRUE, day(42434)),
    *many("47", "户编号", ERRORS, "科学计数法", "4.22827E+15"),
    *many("47", "户编号", ERRORS, "16位数字", "42282710220001", V + "00010", "9928271022000001", V + "000A", V + "00²1", "一户"),
    *many("39", "户编号", ERRORS, "不在您负责的范围", "4228271032000001"),
    *many("39", "户编号", ERRORS, "不能为空", None, " "),
    *many("47", "人编号", ERRORS, "编码是数字", number("422827102200000101"), TRUE),
    *many("47", "人编号", ERRORS, "科学计数法", "4.22827E+17"),
    *many("47", "人编号", ERRORS, "18位数字", "4228271022000001", V + "0001AB"),
    *many("45", "人编号", ERRORS, "前16位与户编号不一致", V + "999901"),
    *many("39", "人编号", ERRORS, "不能为空", None),
    *many("39", "行政村", ERRORS, "行政村与户编号不符", "芭蕉溪村村民委员会", "桐子园"),
    *many("39", "行政村", ERRORS, "不能为空", None),
    *many("39", "乡(镇)", WARNED, "乡镇与户编号不符", "大河乡"),
    *many("39", "县(市、区、旗)", WARNED, "县与户编号不符", "来凤", "=cmd|'/c calc'!A1"),
    *many("39", "自然村", WARNED, "没有填写自然村", None),
    *many("39", "自然村", WARNED, "没有这个组", "大湾", "99组", "+1"),
    *many("53", "自然村", ACCEPTED, "", "一组", "第2村民小组", "１组"),
]
WORDS = [
    *many("39", "姓名", ERRORS, "不能为空", None, "\u200b", "'"),
    *many("12", "姓名", ERRORS, "姓名超过64个字", "张" * 65),
    *many("12", "姓名", ERRORS, "超过 2000 个字", "张" * 2_001),
    *many("50", "姓名", ERRORS, "是逻辑值", TRUE),
    *many("50", "姓名", ERRORS, "变成日期", day(42434), day("0.5")),
    *many("47", "姓名", ERRORS, "过长的数字", number("1e18")),
    *many("53", "姓名", ACCEPTED, "", "覃𬭎", "买买提·艾力", "阿依•古丽", "阿.依", "張﨑", "张\u200b三", "欧阳　明", "=cmd|'/c calc'!A1", "<script>alert(1)</script>", "张\u0301三", "O'Neil", "𠮷野"),
    *many("54", "与户主关系", ERRORS, "规定选项", "舅公", "户主、配偶", "1"),
    *many("39", "与户主关系", ERRORS, "不能为空", None),
    *many("54", "民族", ERRORS, "规定选项", "火星族", "01族"),
    *many("54", "文化程度", ERRORS, "规定选项", "秀才", "本科以上学历"),
    *many("54", "在校生状况", ERRORS, "规定选项", "私塾"),
    *many("54", "健康状况", ERRORS, "规定选项", "健康、还行", "亚健康"),
    *many("54", "劳动技能", ERRORS, "规定选项", "很强"),
    *many("54", "务工状况", ERRORS, "规定选项", "月球"),
    *many("54", "脱贫属性", ERRORS, "规定选项", "差不多"),
    *many("54", "贫困户属性", ERRORS, "规定选项", "特别贫困"),
    *many("54", "主要致贫原因", ERRORS, "规定选项", "因懒"),
    *many("54", "危房户", ERRORS, "只能填“是”或“否”", "塌了", "也许", "是否", "?", "2"),
    *many("54", "危房户", ACCEPTED, "", "是", "否", " 是 ", "有", "无", None),
    *many("54", "饮水安全", ERRORS, "只能填“是”或“否”", "一般"),
    *many("48", "联系电话", WARNED, "11位手机", "8888", "0718-6288888", "1900000000A"),
]
FIGURES = [
    *many("12", "务工时间（月）", ERRORS, "0至12个月", 13, -1, 999_999_999),
    *many("12", "务工时间（月）", ERRORS, "不是整数", 2.5, "2.5", "3个月", "半年", "1,000.5", "²", "٣", "1e3", "NaN", "inf", number("NaN"), number("1_0"), number("0x1F")),
    *many("12", "务工时间（月）", ERRORS, "不是数字", TRUE, day(42434)),
    *many("12", "务工时间（月）", ACCEPTED, "", "６", " 6 ", 6.0, "+6", None),
    *many("12", "人均纯收入", ERRORS, "不是整数", "2千", "3万", "2,100", "1,000.5", "2100元", "0.3万元", 2100.5, "二千一百", "-"),
    *many("12", "人均纯收入", ERRORS, "超出范围", 99_999_999, -99_999_999, number("1e308"), number("-1E+300"), number("1e999")),
    *many("94", "人均纯收入", ACCEPTED, "", 0, -500, "２１００", number("2.1E+3")),
    *many("12", "人数", ERRORS, "人数与行数不符", 5, 0, -2, 100_000),
    *many("12", "人数", ERRORS, "不是整数", "两人", "2户", 2.5),
]  # fmt: skip
A1, F3 = "A1 房屋主要结构", "F3 教育回报与义务教育保障"
FIRST = RUBRIC.indicators[0]
OTHER = RUBRIC.indicators[1].options[0].label
FORMS = [
    *many("85", A1, ERRORS, "不是这项指标的选项", "宫殿", f"{FIRST.options[0].label}；{FIRST.options[1].label}", OTHER + "（别项）", FIRST.options[0].points, "5", "5分", "1", "A", "A9-9", "=A1"),
    *many("85", A1, ERRORS, "没有作答", None, " ", "\u200b"),
    *many("85", A1, ERRORS, "是逻辑值", TRUE),
    *many("85", A1, ACCEPTED, "", f" {FIRST.options[0].label} ", FIRST.options[0].code, FIRST.options[0].code.lower(), FIRST.options[0].label.replace("、", "､"), "\ufeff" + FIRST.options[1].label),
    *many("85", F3, ERRORS, "没有作答", None),
    *many("50", "调查日期", ERRORS, "日期写法不能识别", "2016.2.30", "2016.3.5", "20160305", "2016-3-5", "105年3月5日", "民国105年3月5日", "二〇一六年三月五日", "农历正月初一", "16/3/5", "3/5/2016", "昨天", "2016-03", "Mar 5 2016"),
    *many("50", "调查日期", ERRORS, "没有这一天", "2016-02-30", "2015-02-29", "2016/13/1", "2016-00-10"),
    *many("50", "调查日期", ERRORS, "年份不在", "1016-03-05", "1899/1/1", "2999-01-01"),
    *many("50", "调查日期", ERRORS, "在今天之后", "2099-01-01", day(72686)),
    *many("50", "调查日期", ERRORS, "是数字，不是日期", 42434, TRUE, day("0.5"), day(60), day(-1), day("1e300"), day(99_999_999)),
    *many("50", "调查日期", ERRORS, "日期带有时间", day("42434.5")),
    *many("50", "调查日期", ERRORS, "不能为空", None),
    *many("50", "调查日期", ACCEPTED, "", "2016/3/5", "2016年3月5日", "２０１６-０３-０５", day(42434), day("42434.0")),
    *many("39", "调查员", ERRORS, "不能为空", None),
    *many("12", "调查员", ERRORS, "过长", "王" * 65),
    *many("47", "户编号", ERRORS, "编码是数字", number("4228271022000001")),
    *many("47", "户编号", ERRORS, "16位数字", "42282710220001"),
    *many("45", "户编号", ERRORS, "与第2行重复", V + "0001"),
]  # fmt: skip
MEMBERS = [*IDS, *CODES, *WORDS, *FIGURES]


def value_of(cell: Cell, number_: int) -> object:
    return cell.value(number_) if callable(cell.value) else cell.value


def roster_rows() -> list[list[object]]:
    """Household 1 is good; the k-th cell spoils the head of household k + 2, in row 2k + 4."""
    rows = [*household(1)]
    for place, cell in enumerate(MEMBERS):
        rows += household(place + 2)
        rows[-2] |= {cell.column: value_of(cell, place + 2)}
    return [list(HEADERS), *([one.get(name) for name in HEADERS] for one in rows)]


def survey_rows() -> list[list[object]]:
    """Form 1 is good; the k-th cell spoils form k + 2, in row k + 3."""
    names = list(survey(1))
    rows = [survey(1), *(survey(place + 2) | {cell.column: cell.value} for place, cell in enumerate(FORMS))]
    return [names, *([one.get(name) for name in names] for one in rows)]


def workbook() -> bytes:
    return packed(parts({ROSTER: sheet(roster_rows()), SURVEYS: sheet(survey_rows())}))


def placed() -> list[tuple[str, int, Cell]]:
    """(sheet, row, cell)"""
    return [(ROSTER, 2 * place + 4, cell) for place, cell in enumerate(MEMBERS)] + [(SURVEYS, place + 3, cell) for place, cell in enumerate(FORMS)]
