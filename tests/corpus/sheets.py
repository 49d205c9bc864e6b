"""What stands in the parts of a workbook: XML, formulas, sizes, addresses, hidden things, headers (faults 39 to 43, 51)."""

from tests.assessment.roster_book import HEADERS, household
from tests.corpus.kinds import ACCEPTED, ERRORS, REFUSED, ROSTER, WARNED, Kind, book, lines, of_rows, plain
from tests.corpus.parts import (
    BOOK,
    LINKS,
    MAIN,
    OFFICE,
    SHEET,
    STRINGS,
    STYLES,
    TYPES,
    Raw,
    day,
    packed,
    parts,
    row,
    sheet,
    wrapped,
)

GOOD = sheet(lines())
DECLARED = '<?xml version="1.0" encoding="{}"?>' + f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>' + f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&c;</v></c></row></sheetData></worksheet>'
QUADRATIC = f'<!DOCTYPE l [<!ENTITY a "{"a" * 9_000}">]>' + f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://example.invalid/x.dtd"> %p;]><x/>'


def cells(*rows: str) -> bytes:
    """Good rows are not needed where the gate refuses."""
    return book(xml=wrapped(f"<sheetData>{''.join(rows)}</sheetData>"))


def one(text: str) -> bytes:
    """A roster whose cell B2 (县) is this cell."""
    return book(xml=GOOD.replace('<c r="B2" t="inlineStr"><is><t xml:space="preserve">来凤县</t></is></c>', text))


def shared(strings: str, cell: str = '<c r="B2" t="s"><v>0</v></c>') -> bytes:
    made = plain(xml=GOOD.replace('<c r="B2" t="inlineStr"><is><t xml:space="preserve">来凤县</t></is></c>', cell))
    made[LINKS] = made[LINKS].replace("</Relationships>", f'<Relationship Id="rId91" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
    return packed(made | {STRINGS: f'<sst xmlns="{MAIN}">{strings}</sst>'})


def many(states: dict[str, str], *names: str, book_: str = "") -> bytes:
    return packed(parts(dict.fromkeys(names, GOOD), states=states, book=book_))


def headed(headers: list[str], *above: list[object]) -> bytes:
    rows = lines(headers=headers)
    return of_rows([*above, *rows])


def renamed(old: str, new: str) -> bytes:
    rows = lines()
    rows[0] = [new if name == old else name for name in rows[0]]
    return of_rows(rows)


def added(header: str, value: object) -> bytes:
    rows = lines()
    return of_rows([[*rows[0], header], *([*one_, value] for one_ in rows[1:])])


LESS = [name for name in HEADERS if name != "民族"]
XML = [
    *[(f"{attack[0]} 在 {part}", "43", lambda part=part, attack=attack: book({part: attack[1]}), "DTD")
      for part in (SHEET, BOOK, STYLES, LINKS, TYPES) for attack in (("亿笑", LAUGHS), ("外部实体", OUTSIDE))],
    ("二次膨胀", "43", lambda: book({SHEET: QUADRATIC}), "DTD"),
    ("参数实体", "43", lambda: book({SHEET: PARAMETER}), "DTD"),
    ("UTF-16 的工作表", "43", lambda: book({SHEET: DECLARED.format("UTF-16").encode("utf-16")}), "内部编码异常"),
    ("无 BOM 的 UTF-16", "43", lambda: book({SHEET: DECLARED.format("UTF-16").encode("utf-16-be")}), "内部编码异常"),
    ("GBK 的工作表", "43", lambda: book({SHEET: DECLARED.format("GBK").encode("gbk")}), "内部编码异常|不完整或已损坏"),
    ("坏的 UTF-8", "43", lambda: book({SHEET: GOOD.encode().replace("来凤县".encode(), b"\xff\xfe")}), "第 2 行之后内容不完整"),
    ("XML 里有 NUL", "43", lambda: book({SHEET: GOOD.replace("来凤县", "来\0凤")}), "第 2 行之后内容不完整"),
    ("没有写完的工作表", "43", lambda: book({SHEET: GOOD[: len(GOOD) // 2]}), "不完整或已损坏"),
    ("空的工作表部件", "43", lambda: book({SHEET: ""}), "不完整或已损坏"),
    ("标签不配对", "43", lambda: book({SHEET: GOOD.replace("</row>", "</rou>", 1)}), "不完整或已损坏"),
    ("一个极长的标签", "43", lambda: book(xml=wrapped('<sheetData a="' + "ab1" * 500_000 + '"/>')), "压缩炸弹|过长"),
    ("外来命名空间的格子", "43", lambda: book(xml=wrapped('<sheetData xmlns:e="urn:e"><row r="1"><e:c r="A1"/></row></sheetData>')), "命名空间不符"),
    ("外来命名空间的行", "43", lambda: book(xml=wrapped('<sheetData xmlns:e="urn:e"><e:row r="1"/></sheetData>')), "命名空间不符"),
    ("深层嵌套", "43", lambda: book({SHEET: wrapped("<a>" * 30_000)}), "不完整或已损坏|压缩炸弹"),
]  # fmt: skip
PLACES = [
    ("普通公式", "40", '<c r="B2"><f>A1</f><v>1</v></c>', "B2"),
    ("没有缓存值的公式", "40", '<c r="B2"><f>A1</f></c>', "B2"),
    ("共享公式", "40", '<c r="B2"><f t="shared" ref="B2:B9" si="0">A1</f><v>1</v></c>', "B2"),
    ("数组公式", "40", '<c r="B2" t="str"><f t="array" ref="B2:B2">A1:A9</f><v>x</v></c>', "B2"),
    ("数据表公式", "40", '<c r="B2"><f t="dataTable" ref="B2:B3" dt2D="1" r1="A1" r2="A2"/><v>1</v></c>', "B2"),
    ("DDE 公式", "40", "<c r=\"B2\" t=\"str\"><f>cmd|'/c calc'!A1</f><v>x</v></c>", "B2"),
    ("引用外部工作簿的公式", "40", '<c r="B2" t="str"><f>[1]Sheet1!A1</f><v>x</v></c>', "B2"),
    ("WEBSERVICE 公式", "40", '<c r="B2" t="str"><f>WEBSERVICE("http://example.invalid")</f><v>x</v></c>', "B2"),
    ("#N/A", "40", '<c r="B2" t="e"><v>#N/A</v></c>', "B2"),
    ("#REF!", "40", '<c r="B2" t="e"><v>#REF!</v></c>', "B2"),
    ("未知的格子类型", "41", '<c r="B2" t="zz"><v>1</v></c>', "B2 类型不能识别"),
    ("重复的格子", "41", '<c r="B2"/><c r="B2"/>', "第 2 行的单元格 B2 次序错乱或重复"),
    ("倒着的格子", "41", '<c r="C2"/><c r="B2"/>', "第 2 行的单元格 B2 次序错乱或重复"),
    ("别行的格子", "41", '<c r="B7"/>', "第 2 行的单元格 B7 与所在的行不符"),
    ("第零行的格子", "41", '<c r="B0"/>', "B0 与所在的行不符"),
    ("阿拉伯数字的地址", "41", '<c r="B٢"/>', "无法识别的行号或单元格地址"),
    ("没有字母的地址", "41", '<c r="22"/>', "无法识别的行号或单元格地址"),
    ("负的地址", "41", '<c r="B-2"/>', "无法识别的行号或单元格地址"),
    ("极大的地址", "41", '<c r="B99999999999"/>', "无法识别的行号或单元格地址"),
    ("第 16384 列", "41", '<c r="XFD2"/>', "XFD2 超出第 200 列"),
    ("第一百万行", "41", '<c r="B1048576"/>', "超出第 200000 行"),
]
LAYOUT = [
    ("合并单元格", "51", lambda: of_rows(lines(), after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'), "合并单元格.*B2:B3"),
    ("合并的表头", "39", lambda: of_rows(lines(), after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'), "A1:B1"),
    ("一百万空行带格式", "41", lambda: cells("".join(f'<row r="{n}" s="1"/>' for n in range(199_990, 200_003))), "第 200000 行"),
    ("一行放到一百万", "41", lambda: cells('<row r="1048576"/>'), "第 200000 行"),
    ("行号为负", "41", lambda: cells('<row r="-5"/>'), "无法识别的行号"),
    ("行号为零", "41", lambda: cells('<row r="0"/>'), "无法识别的行号"),
    ("行号极大", "41", lambda: cells('<row r="99999999999"/>'), "无法识别的行号"),
    ("行倒着排", "41", lambda: cells(row(["a"], 3), row(["b"], 2)), "第 2 行排在第 3 行之后"),
    ("行重复", "41", lambda: cells(row(["a"], 2), row(["b"], 2)), "第 2 行排在第 2 行之后"),
    ("范围极大而几乎是空的", "41", lambda: cells('<row r="199999"><c r="GR199999"/></row>'), "范围过大"),
    ("六十张工作表", "42", lambda: many({}, *(f"表{n}" for n in range(60))), "工作表超过 50 张"),
    ("同名的工作表", "51", lambda: many({}, "Sheet", "SHEET"), "两张工作表都叫"),
    ("只差空格的花名册", "51", lambda: many({}, "花名册", "花名册 "), "名称相同"),
    ("两张表用同一部件", "51", lambda: book({BOOK: lambda t: t.replace("</sheets>", '<sheet name="二" sheetId="2" r:id="rId1"/></sheets>')}), "与目录不符"),
    ("工作表没有部件", "51", lambda: book({BOOK: lambda t: t.replace("</sheets>", '<sheet name="二" sheetId="2" r:id="rId55"/></sheets>')}), "工作表“二”与目录不符"),
    ("全是隐藏的工作表", "51", lambda: many({"甲": "veryHidden"}, "甲"), "没有工作表“花名册”"),
    ("共享文本编号越界", "41", lambda: shared("<si><t>来凤县</t></si>", '<c r="B2" t="s"><v>9</v></c>'), "B2 指向不存在的共享文本"),
    ("共享文本编号为负", "41", lambda: shared("<si><t>来凤县</t></si>", '<c r="B2" t="s"><v>-1</v></c>'), "B2 共享文本的编号不对"),
    ("共享文本编号是字", "41", lambda: shared("<si><t>来凤县</t></si>", '<c r="B2" t="s"><v>x</v></c>'), "B2 共享文本的编号不对"),
    ("没有共享文本的部件", "41", lambda: one('<c r="B2" t="s"><v>0</v></c>'), "B2 指向不存在的共享文本"),
    ("共享文本是别的东西", "41", lambda: packed(plain(more={STRINGS: f'<html xmlns="{MAIN}"/>'})), "共用的文本或格式"),
]
FAULTY = [
    ("缺一列", "39", lambda: headed(LESS), "缺少必需的列：民族", (1, "民族")),
    ("一个字不同的表头", "39", lambda: renamed("民族", "名族"), "缺少必需的列：民族", (1, "民族")),
    ("只有表头", "39", lambda: of_rows([HEADERS]), "没有数据", (None, "")),
    ("空的工作表", "39", lambda: of_rows([]), "缺少必需的列", None),
    ("没有表头只有数据", "39", lambda: of_rows(lines()[1:]), "缺少必需的列", None),
    ("重复的表头", "39", lambda: added("民族", "苗族"), "表头重复：第 12 列和第 28 列", (1, "民族")),
    ("两个同义的表头", "39", lambda: added("身份证号", "x"), "表头重复", (1, "证件号码")),
    ("表头上面有标题", "39", lambda: headed(HEADERS, ["大河镇花名册"]), "表头不在第 1 行，而在第 2 行", None),
    ("标题占三行", "39", lambda: headed(HEADERS, ["花名册"], [], ["单位：元"]), "而在第 4 行", None),
    ("两行表头", "39", lambda: of_rows([[*HEADERS[:20]], [None] * 20 + HEADERS[20:], *lines()[1:]]), "分成了多行", None),
    ("表头是日期", "39", lambda: of_rows([[day(42434), *HEADERS[1:-1]], *lines()[1:]]), "缺少必需的列", None),
    ("逻辑值", "50", lambda: one('<c r="B2" t="b"><v>1</v></c>'), "是逻辑值", (2, "县(市、区、旗)")),
    ("日期变成的县名", "50", lambda: one('<c r="B2" s="1"><v>42434</v></c>'), "变成日期", (2, "县(市、区、旗)")),
    ("ISO 日期的格子", "50", lambda: one('<c r="B2" t="d"><v>2016-03-05T00:00:00</v></c>'), "变成日期", (2, "县(市、区、旗)")),
    ("不是日期的 ISO 格子", "50", lambda: of_rows([HEADERS, *[[Raw(' t="d"', "<v>nothing</v>") if n == "人数" else v for n, v in zip(HEADERS, r, strict=True)] for r in lines()[1:]]]), "不是整数", (2, "人数")),
    ("过长的文字", "41", lambda: of_rows([HEADERS, *[["长" * 2_001 if n == "姓名" else v for n, v in zip(HEADERS, r, strict=True)] for r in lines()[1:]]]), "超过 2000 个字", (2, "姓名")),
    ("一户十二个同编号的人", "45", lambda: of_rows(lines(household(1) * 6)), "重复", (4, "证件号码")),
]  # fmt: skip
FINE = [
    ("表头次序倒过来", "39", lambda: headed(list(reversed(HEADERS)))),
    ("表头带星号和空格", "39", lambda: renamed("民族", " *民 族 ")),
    ("表头带换行", "39", lambda: renamed("证件号码", "证件\n号码")),
    ("表头用同义词", "39", lambda: renamed("证件号码", "公民身份号码")),
    ("表头用全角括号", "39", lambda: renamed("县(市、区、旗)", "县（市、区、旗）")),
    ("维度谎报", "41", lambda: of_rows(lines(), before='<dimension ref="A1:XFD1048576"/>')),
    ("维度谎报为一格", "41", lambda: of_rows(lines(), before='<dimension ref="A1"/>')),
    ("右边一列只有格式", "41", lambda: of_rows([[*one_, None, Raw(' s="1"', "")] for one_ in lines()])),
    ("下面两千行只有格式", "41", lambda: book(xml=GOOD.replace("</sheetData>", "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(9, 2_000)) + "</sheetData>"))),
    ("行中间有空行", "41", lambda: of_rows([*lines()[:2], [], [None, " "], *lines()[2:]])),
    ("隐藏的行", "51", lambda: book(xml=GOOD.replace('<row r="3">', '<row r="3" hidden="1">'))),
    ("隐藏的列", "51", lambda: of_rows(lines(), before='<cols><col min="3" max="4" hidden="1"/></cols>')),
    ("筛选", "51", lambda: of_rows(lines(), after='<autoFilter ref="A1:AA3"/>')),
    ("隐藏的另一张表", "51", lambda: many({"旧": "hidden"}, ROSTER, "旧")),
    ("深度隐藏的另一张表", "51", lambda: many({"旧": "veryHidden"}, ROSTER, "旧")),
    ("名称不同的唯一一张表", "51", lambda: many({}, "Sheet1")),
    ("批注", "51", lambda: book(more={"xl/comments1.xml": f'<comments xmlns="{MAIN}"><commentList><comment ref="A1"><text><t>看</t></text></comment></commentList></comments>'})),
    ("下拉表的公式", "40", lambda: of_rows(lines(), after='<dataValidations><dataValidation sqref="B2"><formula1>"是,否"</formula1></dataValidation></dataValidations>')),
    ("条件格式的公式", "40", lambda: of_rows(lines(), after='<conditionalFormatting sqref="B2"><cfRule type="expression"><formula>A1</formula></cfRule></conditionalFormatting>')),
    ("共享文本", "41", lambda: shared("<si><t>来凤县</t></si>")),
    ("富文本", "41", lambda: shared("<si><r><t>来</t></r><r><rPr><b/></rPr><t>凤县</t></r></si>")),
    ("注音", "41", lambda: shared('<si><t>来凤县</t><rPh sb="0" eb="1"><t>laifeng</t></rPh></si>')),
    ("格内富文本", "41", lambda: one('<c r="B2" t="inlineStr"><is><r><t>来凤</t></r><r><t>县</t></r></is></c>')),
    ("公式结果类型的文字", "41", lambda: one('<c r="B2" t="str"><v>来凤县</v></c>')),
    ("转义的字符", "41", lambda: one('<c r="B2" t="inlineStr"><is><t>来凤_x53BF_</t></is></c>')),
    ("转义的半个字符", "11", lambda: one('<c r="B2" t="inlineStr"><is><t>来凤_xD83D__xdc00_县</t></is></c>')),
    ("转义的 NUL", "52", lambda: one('<c r="B2" t="str"><v>来凤_x0000_县</v></c>')),
    ("CDATA", "41", lambda: one('<c r="B2" t="inlineStr"><is><t><![CDATA[来凤县]]></t></is></c>')),
    ("XML 注释和指令", "43", lambda: one('<!-- x --><?go on?><c r="B2" t="inlineStr"><is><t>来<!-- x -->凤县</t></is></c>')),
    ("没有地址的格子", "41", lambda: book(xml=wrapped("<sheetData>" + "".join("<row>" + "".join("<c/>" if v is None else f'<c t="str"><v>{v}</v></c>' if isinstance(v, str) else f"<c><v>{v}</v></c>" for v in one_) + "</row>" for one_ in lines()) + "</sheetData>"))),
    ("带前缀的命名空间", "43", lambda: book({SHEET: GOOD.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"').replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")})),
    ("严格格式的命名空间", "43", lambda: book({SHEET: GOOD.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")})),
    ("样式编号越界", "41", lambda: one('<c r="B2" s="999" t="inlineStr"><is><t>来凤县</t></is></c>')),
    ("样式编号不是数", "41", lambda: one('<c r="B2" s="x" t="inlineStr"><is><t>来凤县</t></is></c>')),
    ("样式里的坏格式编号", "41", lambda: book({STYLES: lambda t: t.replace('numFmtId="14"', 'numFmtId="١٤"')})),
    ("大写的绝对路径", "42", lambda: book({LINKS: lambda t: t.replace('"worksheets/', '"/xl/worksheets/')})),
    ("1904 日期系统", "50", lambda: many({}, ROSTER, book_='<workbookPr date1904="1"/>')),
]  # fmt: skip

KINDS = [Kind(name, trust, build, REFUSED, says) for name, trust, build, says in (*XML, *LAYOUT)]
KINDS += [Kind(name, trust, lambda text=text: one(text), REFUSED, says) for name, trust, text, says in PLACES]
KINDS += [Kind(name, trust, build, ERRORS, says, place) for name, trust, build, says, place in FAULTY]
KINDS += [Kind(name, trust, build, ACCEPTED) for name, trust, build in FINE]
KINDS += [
    Kind("多余的列", "39", lambda: added("星座", "白羊"), WARNED, "不认识的列", (1, "星座")),
    Kind("公式样的表头", "39", lambda: added("=1+1", "x"), WARNED, "不认识的列", (1, "=1+1")),
]
