"""What stands in a sheet before and after its rows: columns, the heading that stays in view, paper, the foot of the page. The order of the
elements is the standard's; a program that finds another one calls the file damaged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from .cells import strip_control

_PAPER_WIDTHS = ((150, 9), (230, 8))
"""Characters that lie across an A4 and an A3 page, landscape, in a size that can be read; a wider list goes over several pages."""
_HIDDEN = ' hidden="1"'
_PANE = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'


@dataclass(frozen=True)
class Page:
    """`widths` in characters; `hidden_columns` are places. `frozen`: the first row is the heading, in view and on every page. `foot` is
    printed at the foot of every page: who made the file, when, its serial number."""

    widths: Sequence[float] = ()
    hidden: bool = False
    hidden_columns: Collection[int] = ()
    frozen: bool = True
    foot: str = ""

    def opening(self, typed: Collection[int] = (), style: int = 0) -> str:
        """Up to the rows. `typed`: places of columns whose empty cells have the `style`, too."""
        shape = f' style="{style}"'
        columns = "".join(
            f'<col min="{n + 1}" max="{n + 1}" width="{width:g}" customWidth="1"{_HIDDEN * (n in self.hidden_columns)}{shape * (n in typed)}/>'
            for n, width in enumerate(self.widths)
        )
        return (
            f'<sheetPr><pageSetUpPr fitToPage="{int(self._paper()[1])}"/></sheetPr><sheetViews><sheetView workbookViewId="0">{_PANE * self.frozen}</sheetView>'
            f'</sheetViews><sheetFormatPr defaultRowHeight="15"/>{f"<cols>{columns}</cols>" if columns else ""}<sheetData>'
        )

    def closing(self, marks: str = "", drawing: str = "") -> str:
        """From the rows on. `marks`: choices and links; `drawing`: the boxes of the comments."""
        said = escape(strip_control(self.foot).replace("&", "&&"))
        left = f"&amp;L&amp;8{' ' if said[:1].isdigit() else ''}{said}" if said else ""
        return (
            f'</sheetData>{marks}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.7" header="0.3" footer="0.3"/>'
            f'<pageSetup paperSize="{self._paper()[0]}" orientation="landscape" fitToHeight="0"/>'
            f"<headerFooter><oddFooter>{left}&amp;R&amp;8第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>{drawing}"
        )

    def _paper(self) -> tuple[int, bool]:
        """Paper size, and whether all columns are put on its width."""
        width = sum(width for n, width in enumerate(self.widths) if n not in self.hidden_columns)
        return next(((paper, True) for most, paper in _PAPER_WIDTHS if width <= most), (_PAPER_WIDTHS[-1][1], False))
