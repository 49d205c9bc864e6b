"""What people click while a list goes through its stages: each function is one errand of one person, through the pages only."""

from collections.abc import Sequence

from django.utils import timezone

ROUND, VILLAGE = "2016-SB", "422827102200"
VILLAGE_LIST = f"/rounds/{ROUND}/villages/{VILLAGE}/"
REPRESENTATIVES = ("覃世华", "田永兰", "张德明", "彭桂英", "黄长青")
INSPECTORS = ("田维珍", "罗明", "余兰", "舒国强", "冉红")
GATES = {"omitted": "no", "policy": "yes", "clan": "no", "favour": "no"}


def import_roster(page, path) -> None:
    """Upload, look at what was found, confirm."""
    page.goto("/")
    page.get_by_role("link", name="导入名册").click()
    page.get_by_role("link", name="上传花名册").first.click()
    page.get_by_label("文件").set_input_files(path)
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("heading", name="已导入").wait_for()


def save_panel(page, kind: str, where: str, names: Sequence[str]) -> None:
    """评议小组, 村民代表 or 清查组 of one place; more rows than are there are asked for."""
    page.goto("/sittings/")
    page.get_by_role("link", name="评议小组").first.click()
    page.locator("select[name=kind]").select_option(label=kind)
    page.wait_for_url("**kind=*")
    page.locator("tr", has_text=where).get_by_role("link", name="新建").click()
    rows = page.locator("fieldset.fp-person")
    rows.first.wait_for()  # a click does not wait for the page it leads to: rows counted too early are the old page's
    if rows.count() < len(names):
        with page.expect_navigation():
            page.get_by_role("button", name="再加几行").click()
    for row, name in zip(rows.all(), names, strict=False):
        row.get_by_label("姓名").fill(name)
        row.get_by_label("身份或职务").fill("村民代表")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text(f"，{len(names)} 人。").first.wait_for()


def take_up(page, words: str) -> None:
    """What waits on the home page: the line with these words."""
    page.goto("/")
    page.locator("#work tr", has_text=words).get_by_role("link").first.click()


def open_meeting(page, words: str) -> None:
    """From the home page to the desk of a new meeting."""
    take_up(page, words)
    page.locator("main form button", has_text="名单").click()
    page.locator("[data-desk]").wait_for()


def fill_head(page, *, panel: bool = True, document_no: str = "", gates: bool = False) -> None:
    """会议情况, with the saved panel brought in."""
    if panel:
        page.get_by_role("button", name="带入名单").click()
        page.locator("[name=member-present]:checked").first.wait_for()
    for name, text in (
        ("held_at", "村委会会议室"),
        ("chair", "向主持"),
        ("recorder", "覃记录"),
        ("minutes", "逐户评议，结果当场宣布。"),
    ):
        page.locator(f"#head-{name}").fill(text)
    page.locator("#head-held_on").fill(f"{timezone.localdate():%Y-%m-%d}")
    if document_no:
        page.locator("#head-document_no").fill(document_no)
    for code, answer in GATES.items() if gates else ():
        page.locator(f"[name=check-{code}][value={answer}]").check()
    page.get_by_role("button", name="保存会议情况").click()
    page.get_by_text("会议情况已保存").wait_for()


def choose(page, head: str) -> None:
    page.locator("[data-roll] tbody a", has_text=head).click()
    page.locator("#hh-h", has_text=head).wait_for()


def answer(page, head: str, word: str, *, reason: str = "", category: str = "", note: str = "") -> None:
    """One household's answer, by pointing at it."""
    choose(page, head)
    page.get_by_role("radio", name=word, exact=True).check()
    if category:
        page.locator("#category").select_option(label=category)
    if reason:
        page.locator(".fp-chip:visible", has_text=reason).first.click()
    if note:
        page.get_by_label("补充说明").fill(note)
    page.locator("[data-ballot] .fp-go button").click()
    page.get_by_text("已记下").wait_for()


def close(page, *, rest: bool = True) -> str:
    """锁定名单; what the page says it did."""
    if rest:
        page.locator("#rest_agree").check()
    page.get_by_role("button", name="锁定名单").click()
    page.get_by_role("heading", name="名单已锁定").wait_for()
    return page.locator("section", has=page.locator("#rs")).inner_text()


def start_notice(page) -> str:
    """Look at the preview, start; the address of the notice."""
    take_up(page, "发起公示")
    page.get_by_role("button", name="定稿并发起公示").click()
    page.get_by_text("公示已发起").wait_for()
    return page.url


def post_sheets(page, count: int) -> None:
    """Every group's sheet is put up."""
    take_up(page, "待张贴")
    page.on("dialog", lambda dialog: dialog.accept())
    for _ in range(count):
        page.get_by_label("张贴地点").first.fill("村口公示栏")
        with page.expect_navigation():
            page.get_by_role("button", name="已张贴").first.click()
        page.get_by_text("张贴已登记").wait_for()


def object_in_public(page, line: str, text: str) -> str:
    """A visitor without an account, without a name; the receipt number."""
    page.get_by_role("link", name="提出异议").first.click()
    page.get_by_label("错评").check()
    box = page.locator("#id_position")
    box.select_option(box.locator("option", has_text=line).first.get_attribute("value"))
    page.get_by_label("意见和理由").fill(text)
    page.get_by_role("button", name="提交异议").click()
    page.get_by_role("heading", name="异议已收到").wait_for()
    return page.locator(".fp-secret").inner_text().strip()


def take_objection(page, code: str) -> None:
    take_up(page, code)
    page.get_by_role("button", name="受理并核查").click()
    page.get_by_text("已受理，由您核查").wait_for()


def propose(page, outcome: str, finding: str) -> None:
    page.get_by_role("link", name="提出核查意见").click()
    page.get_by_label(outcome).check()
    page.get_by_label("核查情况").fill(finding)
    page.get_by_role("button", name="报县扶贫办定案").click()
    page.get_by_text("核查意见已报县扶贫办定案").wait_for()


def confirm(page, code: str, answer: str) -> None:
    take_up(page, code)
    page.get_by_role("link", name="定案").click()
    page.get_by_label("答复").fill(answer)
    page.get_by_role("button", name="同意并定案").click()
    page.get_by_text("已定案").first.wait_for()
