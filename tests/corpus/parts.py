"""Workbooks put together part by part, so that any part may be wrong: cells → sheet XML → parts by name → bytes of a zip."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml."
SHEET, BOOK, LINKS, TYPES, STRINGS, STYLES = (
    "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml", "xl/sharedStrings.xml", "xl/styles.xml",
)  # fmt: skip
DAY_STYLE = ' s="1"'


@dataclass(frozen=True)
class Raw:
    """A cell as XML: attributes besides its address, and what stands inside."""

    attributes: str
    inner: str


def number(text: object) -> Raw:
    return Raw("", f"<v>{text}</v>")


def day(serial: object) -> Raw:
    return Raw(DAY_STYLE, f"<v>{serial}</v>")


def letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cell(value: object, row: int, column: int) -> str:
    address = f"{letters(column)}{row}"
    if value is None:
        return ""
    if isinstance(value, Raw):
        return f'<c r="{address}"{value.attributes}>{value.inner}</c>'
    if isinstance(value, int | float):
        return f'<c r="{address}"><v>{value}</v></c>'
    return f'<c r="{address}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def row(values: Iterable[object], number_: int, more: str = "") -> str:
    return (
        f'<row r="{number_}"{more}>'
        + "".join(cell(value, number_, place) for place, value in enumerate(values, 1))
        + "</row>"
    )


def sheet(rows: Iterable[Iterable[object]], before: str = "", after: str = "") -> str:
    return wrapped(
        f"{before}<sheetData>" + "".join(row(values, n) for n, values in enumerate(rows, 1)) + f"</sheetData>{after}"
    )


def wrapped(body: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{body}</worksheet>'


def parts(
    sheets: Mapping[str, str], *, states: Mapping[str, str] | None = None, book: str = ""
) -> dict[str, str | bytes]:
    """`sheets`: name → XML. `book`: what stands before <sheets> in the workbook."""
    numbered = list(enumerate(sheets.items(), 1))
    state = {name: f' state="{value}"' for name, value in (states or {}).items()}
    rows = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}"{state.get(name, "")} r:id="rId{n}"/>' for n, (name, _) in numbered
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered
    )
    links += f'<Relationship Id="rId90" Type="{OFFICE}/styles" Target="styles.xml"/>'
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KIND}worksheet+xml"/>' for n, _ in numbered
    )
    return {
        TYPES: f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}sheet.main+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        BOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}<sheets>{rows}</sheets></workbook>',
        LINKS: f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        STYLES: f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
        **{f"xl/worksheets/sheet{n}.xml": xml for n, (_, xml) in numbered},
    }  # fmt: skip


def packed(made: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in made.items():
            archive.writestr(name, data)
    return target.getvalue()
