"""The zip and the formats around it (faults 42 and 44)."""

import io
import struct
import warnings
import zipfile

from tests.corpus.kinds import ACCEPTED, REFUSED, Kind, book, lines, plain, without
from tests.corpus.parts import BOOK, KIND, LINKS, OFFICE, PACKAGE, SHEET, STYLES, TYPES, packed, sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRY = b"PK\x01\x02"


def entry_changed(offset: int, form: str, value: int, part: str = SHEET) -> bytes:
    """A field of the part's entry in the central directory says something else."""
    data = bytearray(book())
    place = data.rfind(part.encode()) - 46
    assert data[place : place + 4] == ENTRY
    struct.pack_into(form, data, place + offset, value)
    return bytes(data)


def end_changed(offset: int, form: str, value: int) -> bytes:
    data = bytearray(book())
    struct.pack_into(form, data, data.rfind(b"PK\x05\x06") + offset, value)
    return bytes(data)


def with_entry(name: str, data: bytes = b"<a/>", attributes: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO(book())
    with warnings.catch_warnings(), zipfile.ZipFile(target, "a", method) as archive:
        warnings.simplefilter("ignore")
        entry = zipfile.ZipInfo("placeholder")
        entry.filename, entry.external_attr, entry.compress_type = name, attributes, method
        archive.writestr(entry, data)
    return target.getvalue()


def overlapping() -> bytes:
    """Two names over the same bytes, as the bombs without a nest have it."""
    data = bytearray(with_entry("xl/media/image1.png", b"x" * 50))
    first, second = data.rfind(SHEET.encode()) - 46, data.rfind(b"xl/media/image1.png") - 46
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def zip64_lie() -> bytes:
    """The size stands in a zip64 field that says 5 GB."""
    data = bytearray(with_entry("a" * 40, b"x"))
    place = data.rfind(b"a" * 40) - 46
    struct.pack_into("<I", data, place + 24, 0xFFFFFFFF)
    struct.pack_into("<H", data, place + 30, 12)
    extra = struct.pack("<HHQ", 1, 8, 5 << 30)
    data[place + 86 : place + 86] = extra
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, struct.unpack_from("<I", data, end + 12)[0] + len(extra))
    return bytes(data)


def descriptor() -> bytes:
    """Written in a stream: sizes stand behind the data. Many programs do so, and it is no fault."""

    class Stream(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    target = Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in plain().items():
            archive.writestr(name, data)
    return target.getvalue()


def descriptor_lie() -> bytes:
    data = bytearray(descriptor())
    place = data.find(b"PK\x07\x08")
    data[place + 4] ^= 0xFF
    entry = data.find(ENTRY)
    data[entry + 16] ^= 0xFF
    return bytes(data)


def zipped(name: str, data: bytes = b"x") -> bytes:
    return packed({name: data})


def typed(kind: str) -> bytes:
    return book({TYPES: lambda text: text.replace(f"{KIND}sheet.main+xml", kind)})


def linked(kind: str, target: str, mode: str = "") -> bytes:
    row = f'<Relationship Id="rId77" Type="{OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    return book({LINKS: lambda text: text.replace("</Relationships>", row)})


EXTERNAL = ' TargetMode="External"'
BOMB = b" " * 3_000_000

FORMATS = [
    ("空文件", b"", "是空的"),
    ("一个字节", b"a", "缺少必需的列"),
    ("一个空行", b"\r\n", ""),
    ("旧版 .xls", OLE + b"\0" * 600, "旧版 .xls"),
    ("加密的 .xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ("可执行文件", b"MZ\x90\0\3\0\0\0", "不是 .xlsx 或 .csv"),
    ("ELF 程序", b"\x7fELF\2\1\1", "不是 .xlsx 或 .csv"),
    ("PDF", b"%PDF-1.7\n1 0 obj", "不是 .xlsx 或 .csv"),
    ("网页另存的 .xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode(), "不是 .xlsx 或 .csv"),
    ("带 BOM 的网页", "\ufeff <!DOCTYPE html><p>".encode(), "不是 .xlsx 或 .csv"),
    ("2003 XML 表格", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "不是 .xlsx 或 .csv"),
    ("PNG 图片", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "不是 .xlsx 或 .csv"),
    ("JPEG 图片", b"\xff\xd8\xff\xe0" + b"\0" * 40, "不是 .xlsx 或 .csv"),
    ("GIF 图片", b"GIF89a\1\0\1\0", "不是 .xlsx 或 .csv"),
    ("JSON", '{"姓名": "张三"}'.encode(), "不是 .xlsx 或 .csv"),
    ("JSON 数组", '[{"姓名": "张三"}]'.encode(), "不是 .xlsx 或 .csv"),
    ("RTF", b"{\\rtf1 abc}", "不是 .xlsx 或 .csv"),
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0", "控制字符|不是 .xlsx"),
    ("rar", b"Rar!\x1a\x07\0", "控制字符"),
    ("空的压缩包", b"PK\x05\x06" + b"\0" * 18, "不是 .xlsx 或 .csv"),
    ("随机字节", bytes(range(256)) * 4, "控制字符"),
]

ARCHIVES = [
    ("截断的文件头", "42", lambda: b"PK\x03\x04 and then nothing", "已损坏"),
    ("截掉后一半", "42", lambda: book()[: len(book()) // 2], "已损坏"),
    ("截掉最后一字节", "42", lambda: book()[:-1], "已损坏"),
    ("只有目录没有内容", "42", lambda: book()[book().find(ENTRY) :], "不是 .xlsx 或 .csv|控制字符|无法识别"),
    ("内容被改一字节", "42", lambda: packed(plain(), zipfile.ZIP_STORED).replace("土家族".encode(), "苗家族".encode(), 1), "已损坏"),
    ("谎报变小的大小", "E6", lambda: entry_changed(24, "<I", 10), "已损坏"),
    ("谎报变大的大小", "E6", lambda: entry_changed(24, "<I", 100_000), "已损坏"),
    ("谎报 2 GB", "E6", lambda: entry_changed(24, "<I", 2_000_000_000), "压缩比|展开后"),
    ("谎报的校验和", "42", lambda: entry_changed(16, "<I", 1), "已损坏"),
    ("条目指向文件之外", "42", lambda: entry_changed(42, "<I", 0x7FFFFFFF), "已损坏"),
    ("少见的压缩方法", "42", lambda: entry_changed(10, "<H", 12), "压缩方式"),
    ("加密的部件", "44", lambda: entry_changed(8, "<H", 1), "密码"),
    ("谎报条目数", "42", lambda: end_changed(10, "<H", 60_000), "部件超过"),
    ("目录位置不对", "42", lambda: end_changed(16, "<I", 0x7FFFFFF0), "已损坏"),
    ("目录大小不对", "42", lambda: end_changed(12, "<I", 0x7FFFFFF0), "已损坏"),
    ("zip64 谎报 5 GB", "42", zip64_lie, "已损坏|压缩比|展开后"),
    ("数据描述谎报", "42", descriptor_lie, "已损坏"),
    ("重叠的条目", "42", overlapping, "已损坏"),
    ("压缩炸弹", "42", lambda: book(more={"xl/media/a.bin": BOMB}), "压缩炸弹"),
    ("工作表里的压缩炸弹", "42", lambda: book({SHEET: BOMB}), "压缩炸弹"),
    ("套在里面的压缩包", "42", lambda: book(more={"xl/media/a.png": zipped("x")}), "内嵌"),
    ("套在里面的 gzip", "42", lambda: book(more={"xl/media/a.png": b"\x1f\x8b\x08\0"}), "内嵌"),
    ("套在里面的 OLE", "44", lambda: book(more={"xl/media/a.png": OLE}), "内嵌"),
    ("六百个部件", "42", lambda: book(more={f"xl/media/{n}.png": b"" for n in range(600)}), "部件超过"),
    ("重名的部件", "42", lambda: with_entry(SHEET), "重名"),
    ("大小写重名的部件", "42", lambda: with_entry("XL/Workbook.xml"), "重名"),
    *[
        (f"指向外部的部件名 {name!r}", "42", lambda name=name: with_entry(name), "外部路径")
        for name in ("../x.xml", "/etc/passwd", "xl/../../x", "c:x.xml", "xl\\..\\x", "..")
    ],
    ("符号链接", "42", lambda: with_entry("xl/link.xml", b"/etc/passwd", 0o120777 << 16), "外部路径"),
    ("bzip2 压缩", "42", lambda: with_entry("xl/a.bin", b"x" * 99, method=zipfile.ZIP_BZIP2), "压缩方式"),
    ("普通压缩包", "44", lambda: zipped("readme.txt"), "不是表格"),
    ("docx 改名", "44", lambda: packed({TYPES: "<Types/>", "word/document.xml": "<a/>"}), "不是表格"),
    ("ods 改名", "44", lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}), ".ods"),
    ("xlsb 改名", "44", lambda: packed({TYPES: "<Types/>", "xl/workbook.bin": b"\0"}), "不是表格"),
    ("xlsb 带 workbook.xml", "44", lambda: typed("application/vnd.ms-excel.sheet.binary.macroEnabled.main"), "宏"),
    ("xlsm", "44", lambda: typed("application/vnd.ms-excel.sheet.macroEnabled.main+xml"), "宏"),
    ("模板 xltx", "44", lambda: typed(f"{KIND}template.main+xml"), "不是 .xlsx"),
    *[
        (f"带有 {name}", "44", lambda name=name: book(more={name: "<a/>"}), says)
        for name, says in (
            ("xl/vbaProject.bin", "宏"), ("xl/macrosheets/sheet1.xml", "宏"), ("xl/dialogsheets/sheet1.xml", "宏"),
            ("xl/externalLinks/externalLink1.xml", "外部链接"), ("xl/connections.xml", "外部链接"), ("xl/queryTables/queryTable1.xml", "外部链接"),
            ("xl/embeddings/oleObject1.bin", "内嵌"), ("xl/activeX/activeX1.xml", "内嵌"), ("xl/ctrlProps/ctrlProp1.xml", "内嵌"),
        )
    ],
    ("DDE 链接", "40", lambda: book(more={"xl/externalLinks/externalLink9.xml": '<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'}), "外部链接"),
    ("外部关系", "40", lambda: linked("image", "file:///c:/x", EXTERNAL), "外部链接"),
    ("外部关系到网上", "40", lambda: linked("externalLink", "http://example.invalid/a.xlsx", EXTERNAL), "外部链接"),
    ("数据连接的关系", "40", lambda: linked("connections", "c.xml"), "外部链接"),
    ("宏的关系", "44", lambda: linked("vbaProject", "m.bin"), "宏"),
    ("缺 [Content_Types].xml", "42", lambda: without(TYPES), "不是表格"),
    ("缺 workbook.xml", "42", lambda: without(BOOK), "不是表格"),
    ("缺工作簿的关系", "42", lambda: without(LINKS), "与目录不符"),
    ("缺工作表", "42", lambda: without(SHEET), "与目录不符"),
    ("缺样式", "42", lambda: without(STYLES), "共用的文本或格式"),
    ("关系指到包外", "42", lambda: book({LINKS: lambda t: t.replace("worksheets/sheet1.xml", "../../../etc/passwd")}), "与目录不符"),
    ("关系指向样式", "42", lambda: book({LINKS: lambda t: t.replace("worksheets/sheet1.xml", "styles.xml")}), "与目录不符"),
    ("工作表藏在图片名下", "42", lambda: book({LINKS: lambda t: t.replace("worksheets/sheet1.xml", "media/a.png")}, {"xl/media/a.png": sheet(lines())}), "与目录不符"),
    ("没有一张工作表", "42", lambda: book({BOOK: lambda t: t[: t.find("<sheet ")] + "</sheets></workbook>"}), "没有工作表"),
    ("共享文本指到包外", "42", lambda: linked("sharedStrings", "../../x.xml"), "共用的文本或格式"),
    ("空的部件类型", "42", lambda: book({TYPES: f'<Types xmlns="{PACKAGE}/content-types"/>'}), "不是 .xlsx"),
]

KINDS = [Kind(name, "44", lambda data=data: data, REFUSED, says) for name, data, says in FORMATS]
KINDS += [Kind(name, trust, build, REFUSED, says) for name, trust, build, says in ARCHIVES]
KINDS += [
    Kind("大小写在数据之后", "42", descriptor, ACCEPTED),
    Kind("不压缩的工作簿", "42", lambda: packed(plain(), zipfile.ZIP_STORED), ACCEPTED),
    Kind("邮箱超链接", "40", lambda: book(more={
        "xl/worksheets/_rels/sheet1.xml.rels":
        f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/hyperlink" Target="mailto:x@example.invalid"{EXTERNAL}/></Relationships>'
    }), ACCEPTED),
]  # fmt: skip
