"""The print layer by itself: nothing of the data is evaluated, fonts are embedded, equal data gives equal bytes."""

from pathlib import Path

import pytest

from core.papers import FontsMissing, PaperFault, faults, fonts, render, texts_of, unprintable
from tests.pdf_reading import fonts_of, text_of

TEMPLATE = """#let data = json(bytes(sys.inputs.data))
#set document(date: none)
#set text(font: (sys.inputs.serif, sys.inputs.rare), lang: "zh", cjk-latin-spacing: none)
#for name in data.names [ #name #linebreak() ]
"""
HOSTILE = ('#eval("1+1")', "$x^2$", '"引号"', "\\u{41}", "@label", "[链接]", "*粗*", "`码`", "#import", "<b>&amp;</b>", "//注释", "#{panic()}", "买买提·阿卜杜")


@pytest.fixture
def template(tmp_path) -> Path:
    path = tmp_path / "names.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def _print(template: Path, *names: str) -> bytes:
    return render(template, {"names": list(names)}, title="试印")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_that_looks_like_code_prints_as_itself(template, name):
    assert text_of(_print(template, name)) == name.replace(" ", "")


def test_fonts_are_embedded_as_subsets(template):
    made = fonts_of(_print(template, "张三𠮷"))
    assert {name.split("+")[1].split("-")[0] for name, _, _ in made} == {"NotoSerifSC", "NotoSansCJKsc"}
    assert all(embedded and subset for _, embedded, subset in made)


def test_equal_data_gives_equal_bytes(template):
    assert _print(template, "张三", "李四") == _print(template, "张三", "李四") != _print(template, "张三", "李五")


def test_the_clock_does_not_reach_the_file(template):
    import time_machine

    with time_machine.travel("2031-05-06 07:08:09"):
        later = _print(template, "张三")
    assert later == _print(template, "张三")


def test_a_cadre_is_told_which_character_no_font_has():
    assert unprintable(["张三", "𠮷田 a1·", "王𪚥😀𪚥"]) == ["𪚥", "😀"]


@pytest.mark.parametrize("character", ["𠮷", "䶮", "㛃", "𫖮", "𬭎", "·", "㎡", "Ａ"])
def test_rare_characters_of_names_are_in_the_fonts(character):
    assert unprintable([character]) == []


def test_texts_are_found_at_every_depth():
    assert sorted(texts_of({"a": ["b", {"c": "d"}], "e": 1, "f": ("g",)})) == ["b", "d", "g"]


def test_a_server_without_the_fonts_says_what_to_install(monkeypatch):
    monkeypatch.setattr(fonts, "_found", lambda: dict.fromkeys(fonts.FAMILIES))
    fonts.typst_fonts.cache_clear()
    try:
        assert "pylopdf-fonts-zh-cn" in faults()[0]
        with pytest.raises(FontsMissing):
            unprintable(["张"])
    finally:
        fonts.typst_fonts.cache_clear()


def test_a_folder_of_ones_own_comes_first(monkeypatch, tmp_path):
    own = tmp_path / "NotoSansSC-Regular.otf"
    own.write_bytes(b"")
    monkeypatch.setenv("FUPIN_FONTS", str(tmp_path))
    assert next(iter(fonts._places("NotoSansSC-Regular.otf"))) == own


def test_a_faulty_template_is_a_fault_of_the_program(template):
    template.write_text("#nothing()", encoding="utf-8")
    with pytest.raises(PaperFault):
        _print(template)


def test_a_document_too_big_is_refused_before_it_is_set(template):
    with pytest.raises(PaperFault):
        _print(template, *["张" * 1000] * 9000)


def test_every_template_is_there_and_reads_no_clock():
    from reports.papers.register import PAPERS

    for paper in PAPERS.values():
        text = paper.template.read_text(encoding="utf-8")
        assert '#import "_parts.typ"' in text and "datetime.today" not in text, paper.code
