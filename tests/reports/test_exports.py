import stat

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from core.errors import Denied, NotFound
from core.models import AuditRow, Job
from reports.exporting import export_to_file, request_export
from reports.tables import build_table
from reports.workbooks.official import NOT_COMPUTABLE
from reports.workbooks.spreads import layout_of


@pytest.fixture
def export(rolled, scope, tmp_path):
    def make(who: str, table: str, area: str):
        path = tmp_path / f"{table}.xlsx"
        written = export_to_file(scope=scope(who), table=table, round_code=rolled.code, area=area, path=path)
        return openpyxl.load_workbook(path), written, path

    return make


def _cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


@pytest.mark.parametrize(
    ("table", "who", "area"),
    [("village", "cadre", "422827102200"), ("township", "township", "422827102"), ("county", "viewer", "422827")],
)
def test_official_table_holds_the_numbers_of_the_page(export, rolled, scope, table, who, area):
    book, written, _ = export(who, table, area)
    built = build_table(table, rolled, area, scope(who))
    sheet = book.worksheets[0]
    for offset, row in enumerate((*built.rows, built.total)):
        shown = [cell.value for cell in sheet[5 + offset]]
        wanted = [NOT_COMPUTABLE if row.values[c.code] is None else row.values[c.code] for c in built.columns]
        assert shown == [row.name, *wanted]
    assert written.digest == built.digest


def test_official_table_names_signer_seal_copies_and_digest(export, rolled, scope):
    book, written, _ = export("cadre", "village", "422827102200")
    text = "\n".join(str(cell.value) for cell in _cells(book.worksheets[0]))
    for part in (
        "村党支部书记（签字）",
        "村民委员会（公章）",
        "一式三份",
        "截至：",
        "2016年贫困户识别",
        written.digest[:4],
    ):
        assert part in text
    sheet = book.worksheets[0]
    assert (
        sheet.freeze_panes == "B5" and sheet.print_title_rows == "$1:$4" and sheet.page_setup.orientation == "landscape"
    )
    assert "&P" in sheet.oddFooter.center.text


def test_second_sheet_defines_every_column_and_names_the_making(export, rolled, scope):
    book, written, _ = export("county", "county", "422827")
    lines = [[cell.value for cell in row] for row in book["口径说明"].iter_rows()]
    text = {line[0]: line[1] for line in lines}
    built = build_table("county", rolled, "422827", scope("county"))
    assert {column.code for column in built.columns} <= {line[3] for line in lines}
    assert (
        text["评估表校验码"] == rolled.rubric.digest
        and text["内容校验码"] == written.digest
        and text["导出人"] == "测试county"
    )


@pytest.mark.parametrize("table", ["village", "roster"])
def test_workbook_holds_no_formula_even_for_a_name_that_starts_like_one(export, rolled, counted, places, table):
    household = counted[0]
    person = household.memberships.get(relation="01").person
    person.name = "=HYPERLINK(1)"
    person.save()
    group = places.groups["42282710220001"]
    group.name = "=1+1"
    group.save()
    book, _, _ = export("cadre", table, "422827102200")
    cells = [cell for sheet in book for cell in _cells(sheet)]
    assert "=1+1" in [cell.value for cell in cells]
    assert [cell for cell in cells if cell.data_type == "f"] == []


NATIONAL = (
    "序号 县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 与户主关系 民族 文化程度 在校生状况 健康状况 劳动技能 务工状况 "
    "务工时间（月） 参加大病医疗 脱贫属性 贫困户属性 主要致贫原因 危房户 饮水安全 饮水困难 人均纯收入 联系电话"
).split()


def test_roster_has_the_national_columns_in_order(export):
    book, written, _ = export("township", "roster", "422827102")
    assert [cell.value for cell in book["花名册"][1]] == NATIONAL
    assert written.rows == 6 and book["花名册"].max_row == 7


def test_roster_codes_and_words_are_those_of_the_file(export, counted):
    book, _, _ = export("cadre", "roster", "422827102200")
    row = book["花名册"][2]
    assert row[5].value == counted[0].code and row[5].data_type == "s" and row[8].data_type == "s"
    assert (row[9].value, row[10].value, row[20].value) == (3, "户主", "一般贫困户")


def test_export_is_audited_with_rows_and_digest(export):
    _, written, _ = export("cadre", "roster", "422827102200")
    row = AuditRow.objects.filter(action="export.made").latest("seq")
    assert row.detail["rows"] == written.rows and row.detail["digest"] == written.digest and row.actor_login == "cadre"


def test_exported_file_is_readable_by_its_owner_only(export):
    _, _, path = export("cadre", "village", "422827102200")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_left_behind_when_the_audit_cannot_be_written(rolled, scope, tmp_path, monkeypatch):
    import reports.exporting as exporting

    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(exporting, "_audit", fail)
    path = tmp_path / "x.xlsx"
    with pytest.raises(RuntimeError):
        export_to_file(scope=scope("cadre"), table="village", round_code=rolled.code, area="422827102200", path=path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("who", "table", "area"),
    [("cadre", "roster", "422827102201"), ("cadre", "roster", "422827102"), ("township", "county", "422827")],
)
def test_export_outside_the_area_is_not_found_and_makes_no_job(rolled, scope, who, table, area):
    with pytest.raises(NotFound):
        request_export(scope=scope(who), table=table, round_code=rolled.code, area=area)
    assert not Job.objects.exists()


def test_viewer_may_not_export_the_roster(rolled, scope):
    with pytest.raises(Denied):
        request_export(scope=scope("viewer"), table="roster", round_code=rolled.code, area="422827")


def test_export_command_writes_the_file(rolled, cast, tmp_path, capsys):
    path = tmp_path / "out.xlsx"
    call_command(
        "export", "township", "--round", rolled.code, "--area", "422827102", "--as", "township", "--out", str(path)
    )
    assert path.exists() and "2 行" in capsys.readouterr().out


def test_export_command_refuses_an_account_without_the_area(rolled, cast, tmp_path):
    path = tmp_path / "out.xlsx"
    with pytest.raises(CommandError):
        call_command(
            "export", "township", "--round", rolled.code, "--area", "422827102", "--as", "cadre", "--out", str(path)
        )
    assert not path.exists()


def test_wide_table_lies_on_pages_cut_between_groups_each_with_its_title(export, rolled, scope):
    book, _, _ = export("county", "county", "422827")
    sheet, columns = book.worksheets[0], build_table("county", rolled, "422827", scope("county")).columns
    layout = layout_of([column.group_title for column in columns])
    assert len(columns) > 60 and sheet.page_setup.scale == layout.scale >= 80
    assert [cut.id for cut in sheet.col_breaks.brk] == [spread.stop + 1 for spread in layout.spreads[:-1]]
    for spread in layout.spreads[1:]:
        assert columns[spread.start - 1].group_title != columns[spread.start].group_title
        assert "县表" in sheet.cell(1, spread.start + 2).value


def test_official_table_carries_the_watermark_of_who_when_and_which_file(export, rolled, scope):
    book, written, _ = export("county", "county", "422827")
    for sheet in book:
        assert "测试county" in sheet.oddFooter.left.text and written.serial in sheet.oddFooter.left.text
