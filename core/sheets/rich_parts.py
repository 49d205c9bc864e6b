"""The marks of a workbook beside its rows: lists to choose from, links, comments with their boxes. Plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .book import DECLARED, MAIN, Book
from .cells import in_formula, letters

DRAWING = '<legacyDrawing r:id="rId1"/>'
_BLOCK = 1024
"""Shape ids come in blocks; a drawing names the blocks that it uses."""
Note = tuple[int, int, str]
"""Row from 1, place from 0, text."""


@dataclass(frozen=True)
class Choices:
    """A list to choose from in the column `place` (0 = A): the cells A`first` to A`last` of column `source` on the sheet `sheet`.
    Another value is warned of, not refused: the import judges it."""

    place: int
    sheet: str
    source: int
    first: int
    last: int


def marks(choices: Sequence[Choices], rows: int, links: Sequence[tuple[str, str]]) -> str:
    """`links`: [(cell, where it leads)]."""
    lists = "".join(_choices(one, max(rows, 2)) for one in choices)
    found = "".join(f'<hyperlink ref="{ref}" location={quoteattr(to)}/>' for ref, to in links)
    offered = f'<dataValidations count="{len(choices)}">{lists}</dataValidations>' if lists else ""
    return offered + (f"<hyperlinks>{found}</hyperlinks>" if found else "")


def _choices(one: Choices, rows: int) -> str:
    source, column = letters(one.source), letters(one.place)
    area = escape(f"{in_formula(one.sheet)}!${source}${one.first}:${source}${one.last}")
    return (
        '<dataValidation type="list" errorStyle="warning" allowBlank="1" showErrorMessage="1" errorTitle="不在选项里" error="请从列表里选。"'
        f' sqref="{column}2:{column}{rows}"><formula1>{area}</formula1></dataValidation>'
    )


def write_notes(book: Book, sheet: int, notes: Sequence[Note]) -> None:
    """`notes` by row and place."""
    drawing, comments = f"drawings/vmlDrawing{sheet}.vml", f"comments{sheet}.xml"
    book.relate(f"xl/worksheets/sheet{sheet}.xml", [("vmlDrawing", f"../{drawing}"), ("comments", f"../{comments}")])
    for name, kind, pieces in ((comments, "comments", _comments(notes)), (drawing, "", _shapes(sheet, notes))):
        with book.part(f"xl/{name}", kind) as write:
            for piece in pieces:
                write(piece)


def _comments(notes: Sequence[Note]) -> Iterator[str]:
    yield f'{DECLARED}<comments xmlns="{MAIN}"><authors><author>系统核对</author></authors><commentList>'
    for row, place, text in notes:
        yield f'<comment ref="{letters(place)}{row}" authorId="0"><text><t xml:space="preserve">{escape(text)}</t></text></comment>'
    yield "</commentList></comments>"


def _shapes(sheet: int, notes: Sequence[Note]) -> Iterator[str]:
    """The box of each comment; programs that follow the old format show no comment without it."""
    first = sheet * 64  # blocks of two sheets never meet: a sheet has room for 65,536 comments
    used = ",".join(str(first + n) for n in range(len(notes) // _BLOCK + 1))
    yield (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{used}"/></o:shapelayout>'
        '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
        '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
    )
    for n, (row, place, text) in enumerate(notes, start=1):
        height = min(300, 30 + 16 * (1 + len(text) // 18 + text.count("\n")))
        yield (
            f'<v:shape id="_x0000_s{first * _BLOCK + n}" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:220pt;'
            f'height:{height}pt;z-index:{n};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
            '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"/>'
            '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
            f"<x:Row>{row - 1}</x:Row><x:Column>{place}</x:Column></x:ClientData></v:shape>"
        )
    yield "</xml>"
