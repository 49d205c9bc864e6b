"""Fonts of printed papers: where they are, which are missing, and which characters they can show. Pure.

Looked for in the folder of FUPIN_FONTS, then in the installed packages, then in the system's folders. Each family is taken from the first
place that has it, so that a server with a font of its own prints the same as one without.
"""

import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import typst

from core.papers.cmap import characters_of

SERIF, SANS, RARE = "Noto Serif SC", "Noto Sans SC", "Noto Sans CJK SC"
FAMILIES = (SERIF, SANS, RARE)
FILES = {
    SERIF: ("NotoSerifSC-Regular.otf",),
    SANS: ("NotoSansSC-Regular.otf",),
    RARE: ("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"),
}
PACKAGES = ("pylopdf_fonts_zh_cn", "noto_cjk_sans_otc")
SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("C:/Windows/Fonts"))
_DRAWN_AS_NOTHING = frozenset(" \n\t\u3000\u00a0")


class FontsMissing(Exception):
    """The fonts of printed papers are not installed; the message is Chinese and says which."""


def faults() -> list[str]:
    """Chinese reasons why papers cannot be printed here; none when every family is there."""
    missing = [family for family, path in _found().items() if path is None]
    return [f"打印字体缺少 {'、'.join(missing)}。请安装 pylopdf-fonts-zh-cn 和 noto-cjk-sans-otc，或用 FUPIN_FONTS 指明字体目录。"] if missing else []


@lru_cache(maxsize=1)
def typst_fonts() -> typst.Fonts:
    """The families above and no others: equal papers on every machine. Raises FontsMissing."""
    wrong = faults()
    if wrong:
        raise FontsMissing(wrong[0])
    folders = sorted({str(path.parent) for path in _found().values()})
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def unprintable(texts: Iterable[str]) -> list[str]:
    """Characters of the texts that none of the fonts has, each once, in order. Raises FontsMissing."""
    typst_fonts()
    known = _known()
    wanted = dict.fromkeys(character for text in texts for character in text)
    return [character for character in wanted if character not in _DRAWN_AS_NOTHING and ord(character) not in known]


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    return frozenset().union(*(characters_of(path.read_bytes()) for path in _found().values()))


@lru_cache(maxsize=1)
def _found() -> dict[str, Path | None]:
    return {family: next((path for name in FILES[family] for path in _places(name)), None) for family in FAMILIES}


def _places(name: str) -> Iterator[Path]:
    own = os.environ.get("FUPIN_FONTS", "")
    folders = [Path(own)] if own else []
    for package in PACKAGES:
        spec = find_spec(package)
        folders += [Path(folder) for folder in (spec.submodule_search_locations or ())] if spec else []
    yield from (folder / name for folder in folders if (folder / name).is_file())
    for folder in SYSTEM:
        if folder.is_dir():
            yield from folder.rglob(name)
