"""Cell formats of the workbooks made here."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

RED, YELLOW, GREY, HEAD, LINK = "red", "yellow", "grey", "head", "link"
TEXT, DAY, MOMENT = "@", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_COLOURS = {RED: "FFFFC7CE", YELLOW: "FFFFEB9C", GREY: "FFEDEDED", HEAD: "FFDDE7F0"}
_FILLS = {name: number for number, name in enumerate(_COLOURS, start=2)}  # Excel keeps the first two for itself
_FONTS = {HEAD: 1, LINK: 2}
_BUILT_IN = {"": 0, "0": 1, "0.00": 2, TEXT: 49}
_FIRST_OWN = 164


class Styles:
    """Numbered as they are first asked for; 0 is that of a cell without any."""

    def __init__(self) -> None:
        self._formats = dict(_BUILT_IN)
        self._known: dict[tuple[str, str, bool], int] = {("", "", False): 0}

    def number(self, code: str, colour: str = "", *, marked: bool = False) -> int:
        """The style of a number format; `marked` cells carry the text mark (quotePrefix), so that no editing makes a formula of them."""
        return self._known.setdefault((code, colour, marked), len(self._known))

    def pair(self, code: str, colour: str = "") -> tuple[int, int]:
        """What `text_cell` chooses from."""
        return self.number(code, colour), self.number(code, colour, marked=True)

    def inside(self) -> str:
        """What stands inside styles.xml."""
        cells = "".join(self._xf(*key) for key in self._known)
        own = "".join(
            f'<numFmt numFmtId="{n}" formatCode={quoteattr(code)}/>'
            for code, n in self._formats.items()
            if n >= _FIRST_OWN
        )
        formats = f'<numFmts count="{len(self._formats) - len(_BUILT_IN)}">{own}</numFmts>' if own else ""
        return f'{formats}{_LOOKS}<cellXfs count="{len(self._known)}">{cells}</cellXfs>{_NORMAL}'

    def _xf(self, code: str, colour: str, marked: bool) -> str:
        shape = self._formats.setdefault(code, _FIRST_OWN + len(self._formats) - len(_BUILT_IN))
        head = int(colour == HEAD)
        mark, middle = ' quotePrefix="1"' * marked, ' horizontal="center" wrapText="1"' * head
        return (
            f'<xf numFmtId="{shape}" fontId="{_FONTS.get(colour, 0)}" fillId="{_FILLS.get(colour, 0)}" borderId="{head}" xfId="0" applyNumberFormat="1"'
            f' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"{mark}>'
            f'<alignment vertical="center"{middle}/></xf>'
        )


_SOLID = "".join(
    f'<fill><patternFill patternType="solid"><fgColor rgb="{rgb}"/><bgColor indexed="64"/></patternFill></fill>'
    for rgb in _COLOURS.values()
)
_LOOKS = (
    '<fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font>'
    '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="宋体"/></font></fonts>'
    f'<fills count="{2 + len(_COLOURS)}"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>{_SOLID}</fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left/><right/><top/><bottom style="thin"><color rgb="FF8A9BA8"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
)
_NORMAL = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
