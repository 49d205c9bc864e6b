"""CSV files (fault 52, E9)."""

import codecs

from tests.assessment.roster_book import HEADERS
from tests.corpus.kinds import ACCEPTED, ERRORS, REFUSED, Kind, lines


def text(delimiter: str = ",", end: str = "\r\n", name: str | None = None) -> str:
    rows = lines()
    if name is not None:
        rows[1][HEADERS.index("姓名")] = name
    return "".join(delimiter.join('"' + str("" if cell is None else cell).replace('"', '""') + '"' for cell in row) + end for row in rows)


def changed(old: str, new: str) -> bytes:
    return text().replace(old, new, 1).encode()


ODD = text().encode("utf-8").splitlines(keepends=True)
NO_QUOTES = text().replace('"', "")

FINE = [
    ("UTF-8", lambda: text().encode()),
    ("UTF-8 带 BOM", lambda: text().encode("utf-8-sig")),
    ("两个 BOM", lambda: codecs.BOM_UTF8 + text().encode("utf-8-sig")),
    ("GBK", lambda: text().encode("gbk")),
    ("GB18030 的生僻字", lambda: text(name="覃𬭎").encode("gb18030")),
    ("UTF-16 小端", lambda: text().encode("utf-16")),
    ("UTF-16 大端", lambda: codecs.BOM_UTF16_BE + text().encode("utf-16-be")),
    ("分号分隔", lambda: text(";").encode()),
    ("制表符分隔", lambda: text("\t").encode()),
    ("只有换行", lambda: text(end="\n").encode()),
    ("只有回车", lambda: text(end="\r").encode()),
    ("最后一行没有换行", lambda: text().encode()[:-2]),
    ("没有引号", lambda: NO_QUOTES.encode()),
    ("引号里有逗号和引号", lambda: text(name='张,"三"').encode()),
    ("末尾有空行", lambda: (text() + ",,,\r\n\r\n").encode()),
]
BAD = [
    ("引号里的换行变成错误的一行", lambda: changed("来凤县", '来"凤'), "第 2 行的引号不成对"),
    ("引号没有闭合", lambda: text().encode() + b'"a', "第 4 行的引号不成对"),
    ("中间有 NUL", lambda: changed("来凤县", "来\0凤"), "第 2 行有看不见的控制字符"),
    ("中间有退格", lambda: changed("来凤县", "来\b凤"), "第 2 行有看不见的控制字符"),
    ("混用编码", lambda: ODD[0] + ODD[1].decode().encode("gbk") + ODD[2], "第 2 行的编码与前面不同"),
    ("BOM 之后是 GBK", lambda: codecs.BOM_UTF8 + text().encode("gbk"), "第 1 行的编码"),
    ("截断的汉字", lambda: text().encode() + "来".encode()[:2], "第 4 行的编码"),
    ("哪种编码都不是", lambda: b"name,n\r\nx\xff\xff\xff,1\r\n", "第 2 行的编码"),
    ("没有 BOM 的 UTF-16", lambda: text().encode("utf-16-le"), "不是 .xlsx 或 .csv"),
    ("UTF-32", lambda: text().encode("utf-32"), "控制字符"),
    ("公式", lambda: changed('"来凤县"', '"=""522399"""'), "第 2 行第 2 列"),
    ("空格之后的公式", lambda: changed("来凤县", " =1+1"), "第 2 行第 2 列"),
    ("三百列", lambda: (text() + "," * 300).encode(), "第 4 行超过 200 列"),
    ("一格二十万字", lambda: changed("来凤县", "长" * 200_000), "超过 13 万字"),
    ("没有换行的一长行", lambda: ("a" * 300_000).encode(), "超过 13 万字"),
]
KINDS = [Kind("CSV：" + name, "52", build, ACCEPTED) for name, build in FINE]
KINDS += [Kind("CSV：" + name, "52", build, REFUSED, says) for name, build, says in BAD]
KINDS += [
    Kind("CSV：只有一列", "52", lambda: "姓名\r\n张三\r\n".encode(), ERRORS, "缺少必需的列"),
    Kind("CSV：冒号分隔", "52", lambda: NO_QUOTES.replace(",", ":").encode(), ERRORS, "缺少必需的列"),
    Kind("CSV：sep= 开头", "52", lambda: ("sep=,\r\n" + text()).encode(), ERRORS, "表头不在第 1 行，而在第 2 行"),
    Kind("CSV：数字的 ID 成了科学计数", "47", lambda: changed(lines()[1][HEADERS.index("证件号码")], "5.22399E+17"), ERRORS, "科学计数法", (2, "证件号码")),
    Kind("CSV：GBK 当成 UTF-8 存过的乱码", "52", lambda: text().encode("utf-8").decode("gb18030", "replace").encode(), ERRORS, "缺少必需的列"),
]  # fmt: skip
