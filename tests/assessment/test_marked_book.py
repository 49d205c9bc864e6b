"""The uploader's own workbook back with its errors in their cells (trust 56): what is where, what never is, and who gets it how long."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from accounts.scopes import scope_of
from assessment.importing import marking, service
from assessment.importing.service import cancel_import, purge_expired
from core.models import AuditRow
from core.sheets import inspect_upload
from households.importing.layout import ROSTER
from households.importing.model import ERROR, WARNING, Fault
from households.models import Household, ImportRun
from tests.assessment.roster_book import HEADERS, book, household, import_book, survey
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401 - fixtures

pytestmark = pytest.mark.once
RED, YELLOW = "FFFFC7CE", "FFFFEB9C"
OWN_ORDER = ["人编号", "证件号码", *(name for name in HEADERS if name not in ("人编号", "证件号码", "民族")), "民族"]


@pytest.fixture
def marked(cast, round_, tmp_path):
    """Import these rows as the township; the run, and its marked workbook opened."""

    def made(rows, **how):
        run = import_book(cast.township, book(tmp_path / "名册.xlsx", rows, **how))
        path = service.marked_book(run)
        return run, path and load_workbook(path)

    return made


def test_the_clerk_finds_each_error_red_in_its_cell_with_reason_and_remedy(marked):
    rows = household(1)
    rows[1]["民族"] = "不知道"
    run, found = marked(rows, headers=OWN_ORDER)
    cell = found["花名册"].cell(3, OWN_ORDER.index("民族") + 1)
    assert (cell.value, cell.fill.fgColor.rgb) == ("不知道", RED)
    assert "不是“民族”的规定选项" in cell.comment.text and "改正：" in cell.comment.text
    assert run.state == "refused" and not Household.objects.exists()


def test_what_the_clerk_typed_comes_back_in_its_order_and_as_text(marked):
    rows = household(1)
    rows[0]["民族"] = "1+1"
    _, found = marked(rows, headers=OWN_ORDER)
    sheet = found["花名册"]
    assert [cell.value for cell in sheet[1]] == OWN_ORDER
    assert [cell.value for cell in sheet[2]] == [rows[0].get(name) for name in OWN_ORDER]
    identity = sheet["B2"]
    assert (identity.data_type, identity.number_format, len(identity.value)) == ("s", "@", 18)


def test_a_warning_is_yellow_and_does_not_keep_the_file_from_being_imported(marked):
    rows = household(1)
    rows[1]["自然村"] = "2组"
    run, found = marked(rows)
    assert run.state == "committed"
    assert found["花名册"].cell(3, HEADERS.index("自然村") + 1).fill.fgColor.rgb == YELLOW


def test_a_file_without_a_fault_is_not_kept(marked):
    assert marked(household(1))[1] is None


def test_the_list_leads_to_each_cell(marked):
    rows = household(1)
    rows[0]["民族"] = rows[1]["危房户"] = "甲"
    _, found = marked(rows, surveys=[survey(1)])
    listed = found.active
    assert (listed.title, found.sheetnames) == ("错误清单", ["花名册", "六看评估", "错误清单"])
    lines = {row[2].value: row for row in listed.iter_rows(min_row=2)}
    letter = found["花名册"].cell(1, HEADERS.index("民族") + 1).column_letter
    assert lines["民族"][0].hyperlink.location == f"'花名册'!{letter}2"
    assert all(row[0].hyperlink.target is None for row in lines.values())


def test_a_heading_of_another_spelling_is_found(tmp_path):
    path = book(tmp_path / "r.xlsx", [{"身份证号": "1"}], headers=["姓名", "身份证号"])
    faults = [
        Fault(ERROR, "花名册", 2, "证件号码", "", "位数不对"),
        Fault(WARNING, "花名册", 2, "人数", "", "没有这一列"),
    ]
    marking.mark_upload(path, inspect_upload(path), tmp_path / "m.xlsx", faults, [ROSTER], lambda *told: None)
    sheet = load_workbook(tmp_path / "m.xlsx")["花名册"]
    assert (sheet["B2"].fill.fgColor.rgb, sheet["A2"].fill.fgColor.rgb) == (RED, YELLOW)
    assert "（人数）" in sheet["A2"].comment.text


def test_a_csv_comes_back_as_a_workbook(cast, round_, tmp_path):
    rows = household(1)
    rows[0]["民族"] = "不知道"
    path = tmp_path / "名册.csv"
    lines = [HEADERS, *([str(row.get(name, "") or "") for name in HEADERS] for row in rows)]
    path.write_bytes("\n".join(",".join(line) for line in lines).encode("gb18030"))
    found = load_workbook(service.marked_book(import_book(cast.township, path)))
    assert found["花名册"].cell(2, HEADERS.index("民族") + 1).fill.fgColor.rgb == RED


def test_the_marked_book_passes_the_gate_and_its_old_list_is_left_out(marked, cast, tmp_path):
    rows = household(1)
    rows[0]["民族"] = "不知道"
    run, _ = marked(rows)
    again = import_book(cast.township, service.marked_book(run))
    assert load_workbook(service.marked_book(again)).sheetnames == ["花名册", "错误清单"]
    assert again.counts["errors"] == run.counts["errors"]


def test_a_typed_formula_start_stays_text(tmp_path):
    path = book(tmp_path / "r.xlsx", [{"姓名": "+86 甲", "民族": "-"}], headers=["姓名", "民族"])
    marking.mark_upload(
        path,
        inspect_upload(path),
        tmp_path / "m.xlsx",
        [Fault(ERROR, "花名册", 2, "民族", "", "错")],
        [ROSTER],
        lambda *t: None,
    )
    assert {cell.data_type for cell in load_workbook(tmp_path / "m.xlsx")["花名册"][2]} == {"s"}


def test_a_file_refused_at_the_gate_gives_the_list_alone(marked, cast, tmp_path):
    run, found = marked([{"姓名": "=1+1"}], headers=["姓名"])
    assert (run.state, found) == ("refused", None)


def test_only_the_uploader_fetches_it_and_only_for_its_days(marked, login):
    rows = household(1)
    rows[0]["民族"] = "不知道"
    run, _ = marked(rows)
    address = f"/imports/{run.uuid}/errors.xlsx"
    client = login("township")
    assert client.get(address).getvalue() == service.marked_book(run).read_bytes()
    assert AuditRow.objects.filter(action="import.errors", detail__marked=True).count() == 1
    assert login("township2").get(address).status_code == 404
    ImportRun.objects.update(created_at=timezone.now() - timedelta(days=4))
    run.refresh_from_db()
    assert service.marked_book(run) is None
    assert len(client.get(address).getvalue()) < 20_000


def test_it_goes_with_its_days_and_with_a_cancelled_import(cast, round_, tmp_path):
    rows = household(1)
    rows[1]["自然村"] = "2组"
    run = import_book(cast.township, book(tmp_path / "a.xlsx", rows), dry_run=True)
    kept = service.marked_path(run)
    assert kept.stat().st_mode & 0o777 == 0o600
    cancel_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid)
    assert not kept.exists()
    run = import_book(cast.township, book(tmp_path / "b.xlsx", rows), dry_run=True)
    long_ago = (timezone.now() - timedelta(days=4)).timestamp()
    os.utime(service.marked_path(run), (long_ago, long_ago))
    purge_expired()
    assert not service.marked_path(run).exists()


def test_a_worker_killed_while_marking_leaves_no_half_file(cast, round_, tmp_path, monkeypatch):
    rows = household(1)
    rows[0]["民族"] = "不知道"

    class Killed(BaseException):
        pass

    def dies(*args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(marking, "_write_list", dies)
        with pytest.raises(Killed):
            import_book(cast.township, book(tmp_path / "a.xlsx", rows))
    run = ImportRun.objects.get()
    assert service.marked_book(run) is None and not list(service.imports_dir().glob(f"{run.uuid}*.part"))
