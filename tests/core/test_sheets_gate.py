"""Faults 39 to 44, 51, 52 and E6: what the gate lets in, and what it refuses before reading a cell."""

import io
import struct
import time
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook

from core.sheets import DEFAULT_CAPS, RefusedFile, inspect_upload

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROOT = f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">'
CELL = '<c r="A1" t="inlineStr"><is><t>姓名</t></is></c>'


def plain_workbook(path, fill=None):
    book = Workbook()
    book.active.append(["姓名", "人数"])
    book.active.append(["张三", 3])
    if fill:
        fill(book)
    book.save(path)
    return path


def rebuilt(path, changes=None, additions=None, compression=zipfile.ZIP_DEFLATED):
    """A plain workbook with some parts replaced (by name) or added."""
    source = io.BytesIO()
    plain_workbook(source)
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", compression) as new:
        for name in old.namelist():
            data = old.read(name)
            change = (changes or {}).get(name)
            new.writestr(name, change(data) if callable(change) else change if change is not None else data)
        for name, data in (additions or {}).items():
            new.writestr(name, data)
    return path


def with_sheet(path, body):
    return rebuilt(path, {"xl/worksheets/sheet1.xml": f"{ROOT}{body}</worksheet>"})


def refusal(path, caps=DEFAULT_CAPS):
    with pytest.raises(RefusedFile) as caught:
        inspect_upload(path, caps)
    return caught.value


# -- what gets in -----------------------------------------------------------------------------------------------
def test_a_clerks_plain_workbook_passes_with_its_facts(tmp_path):
    facts = inspect_upload(plain_workbook(tmp_path / "a.xlsx"))
    (sheet,) = facts.sheets
    assert (facts.kind, sheet.name, sheet.rows, sheet.cols, sheet.hidden) == ("xlsx", "Sheet", 2, 2, False)


def test_a_workbook_named_csv_is_still_a_workbook(tmp_path):
    assert inspect_upload(plain_workbook(tmp_path / "a.csv")).kind == "xlsx"


def test_hidden_sheets_rows_and_columns_are_counted_for_the_clerk(tmp_path):
    def hide(book):
        book.create_sheet("旧表").sheet_state = "hidden"
        book.active.row_dimensions[2].hidden = True
        book.active.column_dimensions["B"].hidden = True
        book.active.auto_filter.ref = "A1:B2"

    facts = inspect_upload(plain_workbook(tmp_path / "a.xlsx", hide))
    assert (facts.hidden_sheets, facts.hidden_rows, facts.hidden_cols) == (1, 1, 1)
    assert facts.sheets[0].filtered


def test_a_lying_dimension_harms_nobody(tmp_path):
    path = with_sheet(
        tmp_path / "a.xlsx", f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{CELL}</row></sheetData>'
    )
    assert inspect_upload(path).sheets[0].rows == 1


def test_cells_without_addresses_are_counted_by_their_order(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", "<sheetData><row><c/><c/><c/></row><row><c/></row></sheetData>")
    sheet = inspect_upload(path).sheets[0]
    assert (sheet.rows, sheet.cols) == (2, 3)


# -- formats ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"MZ\x90\x00 not a table", "not_a_table"),
        (b"%PDF-1.7", "not_a_table"),
        ("﻿ <html><table><tr><td>姓名</td></tr></table></html>".encode(), "not_a_table"),
        (b'<?xml version="1.0"?><Workbook/>', "not_a_table"),
        (b"a,b\n1,\x002\n", "not_a_table"),
        (b"PK\x03\x04 and then nothing", "broken_file"),
        (b"name,n\nx\xff\xff\xff,1\n", "encoding"),
    ],
    ids=["empty", "xls", "encrypted", "exe", "pdf", "html", "xml", "nul", "cut zip", "no encoding"],
)
def test_a_renamed_or_broken_file_is_refused_by_its_content(tmp_path, content, code):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(content)
    assert refusal(path).code == code


def test_a_zip_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert refusal(tmp_path / "a.xlsx").code == "not_a_workbook"


def test_a_word_document_in_workbook_clothes_is_refused(tmp_path):
    path = rebuilt(tmp_path / "a.xlsx", {"[Content_Types].xml": lambda b: b.replace(b"spreadsheetml.sheet.main", b"x")})
    assert refusal(path).code == "not_a_workbook"


def test_a_file_above_the_size_limit_is_refused_unopened(tmp_path):
    path = plain_workbook(tmp_path / "a.xlsx")
    assert refusal(path, replace(DEFAULT_CAPS, file_bytes=100)).code == "too_large"


# -- active content ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "external_links"),
        ("xl/connections.xml", "external_links"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
    ],
)
def test_macros_links_and_embedded_objects_are_refused(tmp_path, name, code):
    assert refusal(rebuilt(tmp_path / "a.xlsx", additions={name: b"<a/>"})).code == code


def test_a_macro_workbook_is_known_by_its_content_type(tmp_path):
    def macro(types):
        return types.replace(
            b"vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", b"vnd.ms-excel.sheet.macroEnabled.main"
        )

    assert refusal(rebuilt(tmp_path / "a.xlsx", {"[Content_Types].xml": macro})).code == "macros"


def test_a_link_to_an_outside_file_is_refused_whatever_the_part_is_called(tmp_path):
    link = b'<Relationship Id="rX" Type="http://x/oleObject" Target="file:///c:/x" TargetMode="External"/></Rel'
    path = rebuilt(tmp_path / "a.xlsx", {"xl/_rels/workbook.xml.rels": lambda b: b.replace(b"</Rel", link)})
    assert refusal(path).code == "external_links"


def test_a_mail_address_made_a_hyperlink_by_excel_is_no_reason_to_refuse(tmp_path):
    def link(book):
        book.active["A2"].hyperlink = "mailto:x@example.invalid"

    assert inspect_upload(plain_workbook(tmp_path / "a.xlsx", link)).kind == "xlsx"


def test_formulas_are_refused_by_address(tmp_path):
    def add(book):
        book.active["C2"] = "=A1"
        book.active["D7"] = '=cmd|"/c calc"!A1'

    found = refusal(plain_workbook(tmp_path / "a.xlsx", add))
    assert found.code == "formulas" and found.places == ("Sheet!C2", "Sheet!D7")
    assert "C2、D7" in found.message_zh


def test_a_long_list_of_formulas_is_cut(tmp_path):
    def add(book):
        for row in range(1, 500):
            book.active[f"C{row}"] = "=1"

    found = refusal(plain_workbook(tmp_path / "a.xlsx", add))
    assert found.message_zh.count("、") == DEFAULT_CAPS.listed - 1 and "等" in found.message_zh


def test_merged_cells_are_refused_by_range(tmp_path):
    found = refusal(plain_workbook(tmp_path / "a.xlsx", lambda book: book.active.merge_cells("A2:B3")))
    assert (found.code, found.places) == ("merged_cells", ("Sheet!A2:B3",))


def test_error_values_are_refused_by_address_because_the_reader_would_drop_them(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", '<sheetData><row r="1"><c r="B1" t="e"><v>#N/A</v></c></row></sheetData>')
    assert refusal(path).places == ("Sheet!B1",)


def test_a_formula_of_a_drop_down_list_is_not_a_cell_formula(tmp_path):
    from openpyxl.worksheet.datavalidation import DataValidation

    def add(book):
        check = DataValidation(type="list", formula1='"是,否"')
        check.add("A2:A9")
        book.active.add_data_validation(check)

    assert inspect_upload(plain_workbook(tmp_path / "a.xlsx", add)).kind == "xlsx"


# -- sizes ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<row r="1048576"><c r="A1048576"/></row>', "too_many_rows"),
        ('<row r="1"><c r="A1048576"/></row>', "too_many_rows"),
        ('<row r="1"><c r="XFD1"/></row>', "too_many_columns"),
        ('<row r="1"><c r="ZZZZZZZ1"/></row>', "too_many_columns"),
        ('<row r="1"><c r="A٣"/></row>', "hostile_xml"),
        ('<row r="1"><c r="1A"/></row>', "hostile_xml"),
        ('<row r="-5"/>', "hostile_xml"),
    ],
)
def test_cells_far_out_are_refused(tmp_path, body, code):
    assert refusal(with_sheet(tmp_path / "a.xlsx", f"<sheetData>{body}</sheetData>")).code == code


def test_a_million_empty_styled_rows_stop_at_the_cap(tmp_path):
    rows = "".join(f'<row r="{n}" s="1"/>' for n in range(1, 1_000_001))
    path = with_sheet(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    start = time.monotonic()
    assert refusal(path).code == "too_many_rows"
    assert time.monotonic() - start < 10


def test_rows_that_all_claim_to_be_the_first_are_refused(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", "<sheetData>" + '<row r="1"/>' * 50 + "</sheetData>")
    assert "第 1 行排在第 1 行之后" in refusal(path).message_zh


def test_the_whole_rectangle_is_capped_even_when_nearly_empty(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", '<sheetData><row r="9"><c r="I9"/></row></sheetData>')
    assert refusal(path, replace(DEFAULT_CAPS, area=80)).code == "too_large"


def test_too_many_cells_are_refused(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", '<sheetData><row r="1">' + "<c/>" * 11 + "</row></sheetData>")
    assert refusal(path, replace(DEFAULT_CAPS, cells=10)).code == "too_many_cells"


def test_one_endless_tag_is_refused(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", f'<sheetData x="{"ab" * 1_500_000}"/>')
    assert refusal(path, replace(DEFAULT_CAPS, ratio=10_000)).code == "hostile_xml"


def test_a_check_that_takes_too_long_is_ended(tmp_path):
    assert refusal(plain_workbook(tmp_path / "a.xlsx"), replace(DEFAULT_CAPS, gate_seconds=-1)).code == "too_slow"


# -- archives ---------------------------------------------------------------------------------------------------
def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", " " * 20_000_000)
    assert refusal(path).code == "zip_bomb"


def test_declared_sizes_are_summed_before_anything_is_inflated(tmp_path):
    path = plain_workbook(tmp_path / "a.xlsx")
    assert refusal(path, replace(DEFAULT_CAPS, inflated_bytes=2000)).code == "too_large"


def test_a_part_that_lies_about_its_size_is_refused(tmp_path):
    path = rebuilt(tmp_path / "a.xlsx", {"docProps/app.xml": "<a>" + "x" * 500_000 + "</a>"})
    data = bytearray(path.read_bytes())
    place = data.rfind(b"docProps/app.xml") - 46  # Its entry in the central directory.
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = struct.pack("<I", 100)
    path.write_bytes(data)
    assert refusal(path).code == "broken_file"


def test_a_flipped_byte_in_a_part_is_refused(tmp_path):
    path = rebuilt(tmp_path / "a.xlsx", compression=zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace("张三".encode(), "张四".encode(), 1))
    assert refusal(path).code == "broken_file"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/x.xml", "xl\\..\\x.xml", "c:x.xml", "xl/../../x"])
def test_parts_that_point_outside_are_refused(tmp_path, name):
    assert refusal(rebuilt(tmp_path / "a.xlsx", additions={name: "<a/>"})).code == "hostile_archive"


def test_a_symbolic_link_inside_is_refused(tmp_path):
    link = zipfile.ZipInfo("xl/link.xml")
    link.external_attr = 0o120777 << 16
    assert refusal(rebuilt(tmp_path / "a.xlsx", additions={link: "/etc/passwd"})).code == "hostile_archive"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused(tmp_path):
    path = rebuilt(tmp_path / "a.xlsx", additions={"XL/workbook.xml": "<a/>"})
    assert refusal(path).code == "hostile_archive"


def test_one_hundred_thousand_parts_are_refused_by_the_end_record(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04" + b"\0" * 100 + b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff\xff\xff" + b"\0" * 10)
    assert refusal(path).code == "too_many_parts"


def test_a_few_hundred_parts_too_many_are_refused(tmp_path):
    path = rebuilt(tmp_path / "a.xlsx", additions={f"xl/media/{n}.png": b"" for n in range(30)})
    assert refusal(path, replace(DEFAULT_CAPS, entries=30)).code == "too_many_parts"


def test_an_archive_inside_the_archive_is_refused(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", "y")
    path = rebuilt(tmp_path / "a.xlsx", additions={"xl/media/image1.png": inner.getvalue()})
    assert refusal(path).code == "nested_archive"


def test_an_encrypted_part_is_refused(tmp_path):
    path = plain_workbook(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    place = data.find(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    assert refusal(path).code == "encrypted"


# -- XML --------------------------------------------------------------------------------------------------------
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)
EXTERNAL = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]
)
@pytest.mark.parametrize("attack", [BOMB, EXTERNAL], ids=["entities", "external"])
def test_entity_bombs_are_refused_in_every_part(tmp_path, part, attack):
    assert refusal(rebuilt(tmp_path / "a.xlsx", {part: attack})).code == "hostile_xml"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "gb18030"])
def test_a_sheet_not_in_utf_8_is_refused_because_two_parsers_would_differ(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    path = rebuilt(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": text.encode(encoding)})
    assert refusal(path).code == "hostile_xml"


def test_cells_in_a_foreign_namespace_are_refused(tmp_path):
    path = with_sheet(tmp_path / "a.xlsx", '<sheetData xmlns:e="urn:e"><row><e:c r="XFD1"/></row></sheetData>')
    assert refusal(path).code == "hostile_xml"


def test_a_sheet_hidden_behind_a_picture_name_is_refused(tmp_path):
    sheet = f'{ROOT}<sheetData><row r="1"><c r="A1"><f>1</f></c></row></sheetData></worksheet>'
    path = rebuilt(
        tmp_path / "a.xlsx",
        {"xl/_rels/workbook.xml.rels": lambda b: b.replace(b"worksheets/sheet1.xml", b"media/image1.png")},
        {"xl/media/image1.png": sheet},
    )
    assert refusal(path).code == "broken_file"


def test_a_cut_sheet_is_refused(tmp_path):
    path = rebuilt(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": f"{ROOT}<sheetData><row>"})
    assert refusal(path).code == "broken_file"


def test_no_refusal_quotes_a_cell(tmp_path):
    def add(book):
        book.active["A2"] = "522399195612021289"
        book.active["B2"] = "=A2"

    found = refusal(plain_workbook(tmp_path / "a.xlsx", add))
    assert "522399195612021289" not in found.message_zh + "".join(found.places)
