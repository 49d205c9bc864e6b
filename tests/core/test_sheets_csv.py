"""Fault 52, E9: CSV files of any usual encoding are read, everything else is refused by its place."""

from dataclasses import replace

import pytest

from core.sheets import DEFAULT_CAPS, RefusedFile, inspect_upload


def refusal(path, caps=DEFAULT_CAPS):
    with pytest.raises(RefusedFile) as caught:
        inspect_upload(path, caps)
    return caught.value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_of_a_csv_are_found(tmp_path, encoding, delimiter):
    path = tmp_path / "a.csv"
    path.write_bytes(f'姓名{delimiter}人数\r\n"覃𬭎{delimiter}\r\n山"{delimiter}3\r\n'.encode(encoding))
    facts = inspect_upload(path)
    assert facts.kind == "csv" and facts.delimiter == delimiter
    assert facts.encoding == {"utf-8": "utf-8-sig"}.get(encoding, encoding)
    assert (facts.sheets[0].rows, facts.sheets[0].cols) == (2, 2)


def test_a_formula_in_a_csv_is_refused_by_place(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('姓名,编号\n张三,"=""522399"""\n', encoding="utf-8")
    assert refusal(path).places == ("第 2 行第 2 列",)


@pytest.mark.parametrize(
    ("text", "caps", "code"),
    [
        ("a\n" * 11, {"rows": 10}, "too_many_rows"),
        ("a," * 10, {"columns": 10}, "too_many_columns"),
        ('a,"b\n', {}, "broken_file"),
        ('a,"' + "b" * 200_000 + '"\n', {}, "broken_file"),
    ],
    ids=["rows", "columns", "open quote", "huge field"],
)
def test_a_csv_beyond_the_caps_is_refused(tmp_path, text, caps, code):
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert refusal(path, replace(DEFAULT_CAPS, **caps)).code == code
