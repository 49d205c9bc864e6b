"""The 编辑用名册 out, edited outside, and back: cell by cell, with rows that say which they are (trust 58)."""

import pytest
from openpyxl import load_workbook

from accounts.scopes import scope_of
from assessment.importing import service
from assessment.importing.service import confirm_import
from core import jobs
from core.models import AuditRow, Change, Job
from households.actions.update import update_household
from households.codes import HEALTH, STRUCTURE
from households.entries import HouseholdEntry
from households.models import Household, HouseholdVersion, ImportRun, Membership
from households.roundtrip.layout import HOUSEHOLDS, MEMBERS
from households.secrets import reveal
from reports.exporting import export_to_file
from tests.assessment.roster_book import VILLAGE, begin, book, household, import_book
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401 - fixtures

FIRST, SECOND = f"{VILLAGE}0001", f"{VILLAGE}0002"


@pytest.fixture(scope="module")
def laid(standing, tmp_path_factory):
    """Two households imported, and the township's export of them."""
    folder = tmp_path_factory.mktemp("edit")
    assert (
        import_book(standing.cast.township, book(folder / "r.xlsx", household(1) + household(2))).state == "committed"
    )
    path = folder / "编辑.xlsx"
    export_to_file(scope=standing.scope("township"), table="edit", round_code="2016-SB", area=VILLAGE, path=path)
    return path


class Edited:
    """The export opened in another program."""

    def __init__(self, path, to):
        self.book, self.to = load_workbook(path), to

    def put(self, layout, row: int, heading: str, value):
        sheet = self.book[layout.title]
        sheet.cell(row, self.place(layout, heading)).value = value
        return self

    def place(self, layout, heading: str) -> int:
        return next(cell.column for cell in self.book[layout.title][1] if cell.value == heading)

    def upload(self, user, *, dry_run=False) -> ImportRun:
        self.book.save(self.to)
        return import_book(user, self.to, dry_run=dry_run)


@pytest.fixture
def edited(laid, db, tmp_path):
    return Edited(laid, tmp_path / "改过.xlsx")


def save_elsewhere(cast, **facts):
    row = Household.objects.get(code=FIRST)
    update_household(scope=scope_of(cast.cadre), code=FIRST, version=row.version, entry=HouseholdEntry(None, facts))


def reasons(run) -> list[str]:
    return list(run.problems.values_list("reason", flat=True))


def test_an_export_sent_back_as_it_is_changes_nothing(cast, edited):
    run = edited.upload(cast.township)
    assert (run.state, run.counts["cells"]["mine"], run.counts["warnings"]) == ("committed", 0, 0)
    assert run.counts["households"] == {"new": 0, "changed": 0, "same": 2}
    assert run.counts["persons"]["same"] == 4 and set(Household.objects.values_list("version", flat=True)) == {1}


def test_a_cell_changed_outside_is_written_with_its_trail(cast, edited):
    edited.put(HOUSEHOLDS, 2, "房屋主要结构", list(STRUCTURE.items.values())[1])
    edited.put(HOUSEHOLDS, 2, "住房面积（㎡）", 86.5).put(HOUSEHOLDS, 2, "家用电器", "都没有")
    run = edited.put(HOUSEHOLDS, 2, "银行卡号", "6222020000000000018").upload(cast.township)
    assert run.state == "committed", reasons(run)
    row = Household.objects.get(code=FIRST)
    assert row.structure == list(STRUCTURE.items)[1]
    assert (str(row.area_m2), row.appliances, reveal(row, "bank_card"), row.version) == (
        "86.50",
        [],
        "6222020000000000018",
        2,
    )
    assert (
        row.updated_by == cast.township and HouseholdVersion.objects.get(household=row, version=2).by == cast.township
    )
    assert Household.objects.get(code=SECOND).version == 1
    assert Change.objects.filter(kind="household", code=FIRST).count() == 2
    trail = AuditRow.objects.get(action="import.commit", object_code=FIRST).detail
    assert trail["changed"]["bank_card"] == "***" and "area_m2" in trail["changed"]
    assert Job.objects.filter(kind="quality", params__villages=[VILLAGE]).exists()


def test_a_member_changed_outside_is_written_and_the_others_are_not(cast, edited):
    run = (
        edited.put(MEMBERS, 3, "务工时间（月）", 7)
        .put(MEMBERS, 3, "健康状况", HEALTH.items["03"])
        .upload(cast.township)
    )
    assert run.state == "committed", reasons(run)
    changed = Membership.objects.get(work_months=7)
    assert (changed.health, changed.code, changed.household.version) == ("03", f"{FIRST}02", 2)
    assert run.counts["persons"]["changed"] == 1


def test_what_only_the_other_changed_is_kept(cast, edited):
    save_elsewhere(cast, fuel="", plan="种茶")
    run = edited.put(HOUSEHOLDS, 2, "住房面积（㎡）", 50).upload(cast.township)
    row = Household.objects.get(code=FIRST)
    assert (run.state, row.plan, str(row.area_m2), run.counts["warnings"]) == ("committed", "种茶", "50.00", 0)


def test_what_both_changed_alike_is_no_conflict(cast, edited):
    save_elsewhere(cast, plan="种茶")
    run = edited.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").upload(cast.township)
    assert (run.counts["cells"]["agreed"], run.counts["cells"]["conflict"]) == (1, 0)
    assert Household.objects.get(code=FIRST).version == 2


def test_what_both_changed_differently_comes_back_marked_and_the_rest_is_written(cast, edited):
    save_elsewhere(cast, area_m2=60)
    edited.put(HOUSEHOLDS, 2, "住房面积（㎡）", 70).put(HOUSEHOLDS, 2, "帮扶计划", "种茶")
    run = edited.upload(cast.township)
    row = Household.objects.get(code=FIRST)
    assert (str(row.area_m2), row.plan) == ("60.00", "种茶")
    marked = load_workbook(service.marked_book(run))["编辑-户"]
    cell = marked.cell(2, edited.place(HOUSEHOLDS, "住房面积（㎡）"))
    assert cell.value == 70 and "系统里现在是“60" in cell.comment.text
    assert marked.column_dimensions["A"].hidden


def test_the_clerk_may_leave_households_with_a_conflict_out(cast, edited, login):
    save_elsewhere(cast, area_m2=60)
    edited.put(HOUSEHOLDS, 2, "住房面积（㎡）", 70).put(HOUSEHOLDS, 2, "帮扶计划", "种茶").put(
        HOUSEHOLDS, 3, "帮扶计划", "养牛"
    )
    run = edited.upload(cast.township, dry_run=True)
    client = login("township")
    assert "有冲突的户整户不写入" in client.get(f"/imports/{run.uuid}/").content.decode()
    client.post(f"/imports/{run.uuid}/confirm/", {"conflicts": "whole"})
    jobs.run(str(Job.objects.get(kind="import_commit").pk))
    assert dict(Household.objects.values_list("code", "plan")) == {FIRST: "", SECOND: "养牛"}
    assert "整户没有写入的：1 户" in client.get(f"/imports/{run.uuid}/").content.decode()


def test_a_household_that_moves_after_the_check_is_checked_again(cast, edited):
    run = edited.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").upload(cast.township, dry_run=True)
    save_elsewhere(cast, fuel="")
    confirm_import(scope=scope_of(cast.township), user=cast.township, run_uuid=run.uuid, nudge=False)
    job = jobs.run(str(Job.objects.get(kind="import_commit").pk))
    assert job.state == "failed" and "重新上传核对" in job.error
    assert Household.objects.get(code=FIRST).plan == ""


def test_rows_and_columns_deleted_outside_mean_nothing(cast, edited):
    sheet = edited.book["编辑-户"]
    sheet.delete_cols(edited.place(HOUSEHOLDS, "饮水安全"))
    sheet.delete_rows(2)
    del edited.book["编辑-成员"]
    run = edited.put(HOUSEHOLDS, 2, "帮扶计划", "养牛").upload(cast.township)
    assert run.state == "committed", reasons(run)
    first = Household.objects.get(code=FIRST)
    assert (first.persons, first.version, first.water_safe) == (2, 1, True)
    assert Household.objects.get(code=SECOND).plan == "养牛"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda sheet: setattr(sheet.cell(3, 1), "value", None), "这一行没有行标识"),
        (lambda sheet: sheet.cell(3, 1, sheet.cell(2, 1).value), "移到了别的行"),
        (lambda sheet: sheet.cell(3, 1, "H" + "A" * 22 + "." + "0" * 32), "标识被改过"),
        (lambda sheet: sheet.cell(3, 2, 9), "标识被改过"),
        (lambda sheet: [sheet.cell(4, n, sheet.cell(3, n).value) for n in range(1, 9)], "是同一行"),
        (lambda sheet: sheet.delete_cols(1), "缺少用来认行的列"),
    ],
    ids=["none", "another row's", "made up", "version", "twice", "column gone"],
)
def test_a_row_that_does_not_say_which_it_is_refuses_the_file(cast, edited, spoil, said):
    spoil(edited.book["编辑-户"])
    run = edited.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").upload(cast.township)
    assert run.state == "refused" and any(said in reason for reason in reasons(run)), reasons(run)
    assert not Household.objects.exclude(plan="").exists()


def test_a_value_that_the_page_refuses_is_refused_here_with_its_cell(cast, edited):
    edited.put(HOUSEHOLDS, 2, "住房面积（㎡）", -3).put(HOUSEHOLDS, 2, "饮水安全", "也许").put(
        HOUSEHOLDS, 3, "帮扶计划", "电话19000000001"
    )
    run = edited.put(MEMBERS, 2, "务工时间（月）", 13).upload(cast.township)
    assert run.state == "refused" and run.counts["errors"] == 4
    assert set(run.problems.values_list("row", "column")) == {
        (2, "住房面积（㎡）"), (2, "饮水安全"), (3, "帮扶计划"), (2, "务工时间（月）"),
    }  # fmt: skip


def test_a_locked_household_is_refused_by_name(cast, edited):
    Household.objects.filter(code=FIRST).update(hold=True, hold_reason="村级评议")
    run = edited.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").upload(cast.township)
    assert run.state == "refused" and any("张11户已锁定" in reason for reason in reasons(run))
    assert edited.put(HOUSEHOLDS, 2, "帮扶计划", None).upload(cast.township).state == "committed"


def test_stars_are_never_written_back(cast, edited, laid, standing, tmp_path):
    path = tmp_path / "county.xlsx"
    export_to_file(scope=standing.scope("county"), table="edit", round_code="2016-SB", area=VILLAGE, path=path)
    theirs = Edited(path, tmp_path / "c.xlsx")
    assert "*" in theirs.book["编辑-户"].cell(2, theirs.place(HOUSEHOLDS, "联系电话")).value
    run = (
        theirs.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").put(HOUSEHOLDS, 3, "联系电话", "19000000009").upload(cast.county)
    )
    assert (run.state, run.counts["cells"]["mine"], run.counts["cells"]["hidden"]) == ("committed", 1, 1)
    assert [reveal(row, "phone") for row in Household.objects.order_by("code")] == ["19000000001"] * 2


def test_no_identity_number_is_in_the_file_to_edit(laid):
    book_ = load_workbook(laid)
    cells = {str(cell) for sheet in book_ for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert not any("522399" in cell for cell in cells)


def test_the_other_township_cannot_bring_these_rows(cast, edited):
    run = edited.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").upload(cast.township_other)
    assert run.state == "refused" and all("不在您负责的范围" in reason for reason in reasons(run))


def test_the_commit_of_a_worker_that_dies_is_done_once(cast, edited, monkeypatch):
    class Killed(BaseException):
        pass

    def dies(*args):
        raise Killed

    edited.book.save(edited.put(HOUSEHOLDS, 2, "帮扶计划", "种茶").to)
    run = begin(cast.township, edited.to)
    with monkeypatch.context() as patch:
        patch.setattr("assessment.importing.run._committed", dies)
        with pytest.raises(Killed):
            jobs.run(str(run.job_id))
    assert Household.objects.get(code=FIRST).plan == ""
    Job.objects.update(state="queued", lease_token="")
    jobs.run(str(run.job_id))
    row = Household.objects.get(code=FIRST)
    assert (row.plan, row.version) == ("种茶", 2)


def test_lists_to_choose_from_stand_beside_coded_columns(laid):
    sheet = load_workbook(laid)["编辑-户"]
    lists = {next(iter(one.sqref.ranges)).min_col: one.formula1 for one in sheet.data_validations.dataValidation}
    place = next(cell.column for cell in sheet[1] if cell.value == "饮水安全")
    assert lists[place].startswith("'选项'!$A$2")
    assert all(sheet.column_dimensions[letter].hidden for letter in "AB")


def test_a_sheet_saved_as_csv_is_known_by_its_tokens_also_after_it_was_marked(cast, edited, tmp_path):
    edited.put(HOUSEHOLDS, 2, "饮水安全", "也许")
    lines = [
        ["" if cell is None else str(cell) for cell in row]
        for row in edited.book["编辑-户"].iter_rows(values_only=True)
    ]
    path = tmp_path / "改过.csv"
    path.write_text("\n".join(",".join(line) for line in lines), "utf-8-sig")
    run = import_book(cast.township, path)
    assert (run.counts["kind"], list(run.problems.values_list("row", "column"))) == ("edit", [(2, "饮水安全")])
    again = (
        Edited(service.marked_book(run), tmp_path / "again.xlsx")
        .put(HOUSEHOLDS, 2, "饮水安全", "否")
        .upload(cast.township)
    )
    assert again.state == "committed" and Household.objects.get(code=FIRST).water_safe is False, reasons(again)
