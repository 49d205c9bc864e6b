"""The administrators' pages and doors (trust A3, I4, L1)."""

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Assignment, User
from core.actions import record
from core.models import AuditRow
from tests.ground import PASSWORD

pytestmark = pytest.mark.once  # what a page shows is the same on any database

PAGES = {
    "/manage/accounts/": "sysadmin",
    "/manage/accounts/new/": "sysadmin",
    "/manage/accounts/bulk/": "sysadmin",
    "/manage/accounts/hand-over/": "sysadmin",
    "/manage/places/": "sysadmin",
    "/manage/places/422827102200/": "sysadmin",
    "/manage/assignments/": "secadmin",
    "/manage/audit/": "auditor",
    "/manage/county/": "county",
}


@pytest.mark.parametrize("url", PAGES)
@pytest.mark.parametrize("who", ["cadre", "township", "county", "viewer", "sysadmin", "secadmin", "auditor", "nobody"])
def test_an_administration_page_opens_for_its_own_role_only(login, url, who):
    assert login(who).get(url).status_code == (200 if PAGES[url] == who else 403)


def test_sysadmin_makes_an_account_on_the_page_and_sees_its_password_once(login):
    response = login("sysadmin").post("/manage/accounts/new/", {"login": "newone", "name": "向小明"})
    assert User.objects.filter(login="newone").exists()
    assert "只显示这一次" in response.content.decode()


def test_sysadmin_gets_what_was_typed_back_with_the_error(login):
    response = login("sysadmin").post("/manage/accounts/new/", {"login": "cadre", "name": "向小明"})
    assert "已经用过" in response.content.decode() and "向小明" in response.content.decode()


def _workbook(tmp_path, *rows):
    book = openpyxl.Workbook()
    for row in (("登录名", "姓名", "职务", "岗位", "地区代码"), *rows):
        book.active.append(row)
    path = tmp_path / "accounts.xlsx"
    book.save(path)
    return SimpleUploadedFile("accounts.xlsx", path.read_bytes())


def test_sysadmin_makes_accounts_from_a_workbook(login, tmp_path):
    upload = _workbook(tmp_path, ("xiangming", "向明", "驻村队员", "村干部", "422827102200"), ("tianli", "田丽", None, None, None))
    login("sysadmin").post("/manage/accounts/bulk/", {"file": upload})
    assert User.objects.get(login="xiangming").assignments.get().proposed
    assert User.objects.filter(login="tianli").exists()


def test_a_workbook_with_an_unknown_role_makes_no_account_and_names_the_row(login, tmp_path):
    upload = _workbook(tmp_path, ("xiangming", "向明", None, "村长", "422827102200"))
    response = login("sysadmin").post("/manage/accounts/bulk/", {"file": upload})
    assert "第 2 行" in response.content.decode() and not User.objects.filter(login="xiangming").exists()


def test_wrong_passwords_lock_the_account_and_not_the_address(client, cast):
    for _ in range(6):
        client.post("/login/", {"username": "cadre", "password": "wrong"})
    locked = client.post("/login/", {"username": "cadre", "password": PASSWORD})
    assert locked.status_code == 429
    assert client.post("/login/", {"username": "lead", "password": PASSWORD}).status_code == 302


def test_log_in_is_on_the_audit_trail(client, cast):
    client.post("/login/", {"username": "cadre", "password": PASSWORD})
    assert AuditRow.objects.filter(action="account.login", actor_login="cadre", result="ok").exists()


def test_a_failed_log_in_is_on_the_audit_trail(client, cast):
    client.post("/login/", {"username": "cadre", "password": "wrong"})
    assert AuditRow.objects.filter(action="account.login", actor_login="cadre", result="denied").exists()


def test_a_user_with_a_first_password_is_led_to_change_it(login, cast):
    User.objects.filter(pk=cast.cadre.pk).update(must_change_password=True)
    assert login("cadre").get("/households/").url == "/password/"


def test_a_logged_out_session_cannot_be_used_again(login):
    client = login("sysadmin")
    cookie = client.cookies["sessionid"].value
    client.post("/logout/")
    client.cookies["sessionid"] = cookie
    assert client.get("/manage/accounts/").status_code == 302


def test_auditor_filters_the_trail_by_actor(login, scope):
    from accounts import actions

    actions.reset_password(scope=scope("sysadmin"), login="lead")
    page = login("auditor").get("/manage/audit/", {"actor": "sysadmin"}).content.decode()
    assert "重置密码" in page


def test_reading_the_trail_is_on_the_trail(login):
    login("auditor").get("/manage/audit/")
    assert AuditRow.objects.filter(action="audit.read", actor_login="auditor").exists()


# --- lists longer than a page ----------------------------------------------------------------------------------


def test_sysadmin_pages_through_every_account(login):
    User.objects.bulk_create(User(login=f"many{n:03d}", name=f"多{n}") for n in range(130))
    client, seen, address = login("sysadmin"), [], ""
    while address is not None:
        page = client.get(f"/manage/accounts/{address}")
        seen += [account.login for account in page.context["page"].rows]
        address = page.context["next"] or None
    assert seen == list(User.objects.order_by("login").values_list("login", flat=True))


def test_secadmin_pages_through_every_post(login, cast):
    holders = User.objects.bulk_create(User(login=f"many{n:03d}", name=f"多{n}") for n in range(120))
    Assignment.objects.bulk_create(Assignment(user=user, role="auditor", since="2016-01-01") for user in holders)
    client, seen, address = login("secadmin"), [], ""
    while address is not None:
        page = client.get(f"/manage/assignments/{address}")
        seen += [post.pk for post in page.context["page"].rows]
        address = page.context["next"] or None
    assert sorted(seen) == sorted(Assignment.objects.filter(proposed=False).values_list("pk", flat=True))


def test_auditor_reads_how_long_the_trail_is_and_goes_back_by_pages(login, scope):
    for number in range(60):
        record(scope("sysadmin"), "audit.read", None, "audit", str(number))
    client = login("auditor")
    first = client.get("/manage/audit/")
    older = client.get("/manage/audit/" + first.context["next"])
    numbers = [row.seq for page in (first, older) for row, _, _ in page.context["lines"]]
    assert numbers == sorted(set(numbers), reverse=True) and " 条</span>" in first.content.decode()


def test_sysadmin_is_offered_a_new_account_where_none_is_found(login):
    assert "没有符合条件的账号" in login("sysadmin").get("/manage/accounts/?q=zzz").content.decode()


def test_secadmin_reads_that_nobody_found_holds_a_post(login):
    assert "没有符合条件的任职" in login("secadmin").get("/manage/assignments/?q=zzz").content.decode()
