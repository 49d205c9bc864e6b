"""The township's import, the county's tables, the three administrators."""

import pytest
from openpyxl import load_workbook

from tests.assessment.roster_book import book, household, survey
from tests.browser.conftest import overflows
from tests.ground import PASSWORD

pytestmark = pytest.mark.browser
NEW_PASSWORD = "shan-lu-shi-ba-wan"


def _upload(page, path) -> None:
    page.goto("/imports/new/")
    page.get_by_label("文件").set_input_files(path)
    dry_run = page.locator("[name=dry_run]")
    if not dry_run.is_checked():
        dry_run.check()
    page.get_by_role("button", name="上传并核对").click()
    page.wait_for_url("**/imports/*-*/")


def test_a_township_clerk_uploads_a_faulty_roster_reads_what_is_wrong_then_imports_the_right_one(
    visit, worker, round_, tmp_path
):
    from households.models import Household

    page = visit("township")
    faulty = household(1)
    faulty[0]["民族"] = "土人族"
    _upload(page, book(tmp_path / "有错.xlsx", faulty))
    page.get_by_text("没有写入任何数据").wait_for()
    row = page.get_by_role("row").filter(has_text="民族").inner_text()
    assert "土人族" in row
    assert "规定选项" in row
    assert page.get_by_role("button", name="确认导入").count() == 0

    right = book(tmp_path / "改好.xlsx", household(1) + household(2), [survey(1), survey(2)])
    _upload(page, right)
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("heading", name="已导入").wait_for()
    assert page.get_by_role("row").filter(has_text="户").first.inner_text().split()[1] == "2"
    assert not overflows(page)
    assert Household.objects.count() == 2


def test_a_county_officer_builds_the_tables_opens_a_number_and_downloads_the_same_number(
    visit, worker, round_, make_household, tmp_path
):
    for number in (1, 2, 3):
        make_household(number=number)
    page = visit("county")
    page.goto("/tables/county/")
    page.get_by_role("button", name="汇总").click()
    page.get_by_role("link", name="看报表").click()
    line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="大河镇"))
    cell = line.get_by_role("cell").first
    assert cell.inner_text() == "3"

    cell.get_by_role("link").click()
    page.wait_for_url("**/cell/*")
    assert page.get_by_role("rowheader").all_inner_texts() == ["张1", "张2", "张3"]
    page.get_by_role("link", name="回到报表").click()
    page.get_by_role("button", name="导出 Excel").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载").click()
    waiting.value.save_as(tmp_path / "county.xlsx")
    sheet = load_workbook(tmp_path / "county.xlsx").worksheets[0]
    assert next(row[1] for row in sheet.iter_rows(values_only=True) if row[0] == "大河镇") == 3


def test_an_account_proposed_by_one_administrator_and_confirmed_by_another_logs_in_after_a_new_password(visit, cast):
    sysadmin, secadmin, newcomer = visit("sysadmin"), visit("secadmin"), visit()
    sysadmin.goto("/manage/accounts/new/")
    sysadmin.get_by_label("登录名").fill("wangfeng")
    sysadmin.get_by_label("姓名").fill("王凤")
    sysadmin.get_by_label("拟任岗位").select_option("cadre")
    sysadmin.get_by_label("地区代码").fill("422827102200")
    sysadmin.get_by_role("button", name="建立账号").click()
    first_password = sysadmin.locator(".fp-secret").inner_text().strip()

    secadmin.goto("/manage/assignments/")
    secadmin.get_by_role("row").filter(has_text="王凤").get_by_role("button", name="确认").click()
    secadmin.get_by_text("没有待确认的岗位").wait_for()

    newcomer.goto("/")
    newcomer.get_by_label("账号").fill("wangfeng")
    newcomer.get_by_label("密码").fill(first_password)
    newcomer.get_by_role("button", name="登录").click()
    newcomer.wait_for_url("**/password/*")
    newcomer.goto("/households/")
    assert newcomer.url.endswith("/password/")
    for name, text in (("old", first_password), ("new", NEW_PASSWORD), ("again", NEW_PASSWORD)):
        newcomer.locator(f"[name={name}]").fill(text)
    newcomer.get_by_role("button", name="换成新密码").click()
    newcomer.get_by_role("heading", name="工作台").wait_for()
    assert "桐子园村" in newcomer.locator("body").inner_text()


def test_the_auditor_finds_a_refused_log_in_in_the_trail_and_no_password(visit, cast):
    stranger, auditor = visit(), visit("auditor")
    stranger.goto("/login/")
    stranger.get_by_label("账号").fill("cadre")
    stranger.get_by_label("密码").fill(PASSWORD + "x")
    stranger.get_by_role("button", name="登录").click()
    stranger.get_by_role("alert").wait_for()
    stranger.get_by_label("密码").fill(PASSWORD)
    stranger.get_by_role("button", name="登录").click()
    stranger.get_by_role("heading", name="工作台").wait_for()

    auditor.goto("/manage/audit/")
    auditor.get_by_label("操作人").fill("cadre")
    auditor.get_by_role("button", name="筛选").click()
    lines = auditor.get_by_role("row").filter(has_text="cadre").all_inner_texts()
    assert any("登录" in line and "成功" in line for line in lines)
    assert any("登录" in line and "被拒绝" in line for line in lines)
    assert PASSWORD not in auditor.content()
