"""One error class, one page and one JSON body: too often (429, with when to come again) and a full disk (507; trust 26)."""

import errno

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from core.api.errors import handle_exception
from core.disk import is_disk_full
from core.errors import DiskFull, TooOften
from core.web.errors import come_again, page_for
from core.web.middleware import DomainErrorMiddleware

pytestmark = pytest.mark.once


def asked():
    request = RequestFactory().get("/x/")
    request.session, request.scope = {}, None
    return request


@pytest.mark.parametrize(("error", "status"), [(TooOften("查询太频繁，请一小时后再试。", seconds=600), 429), (DiskFull(), 507)])
def test_page_and_api_give_one_refusal_the_same_status_and_words(error, status):
    page = page_for(asked(), error)
    answer = handle_exception(error, {"request": None, "view": None})
    assert page.status_code == answer.status_code == status
    assert error.message in page.content.decode() and answer.data["message"] == error.message
    assert page.headers.get("Retry-After") == answer.headers.get("Retry-After") == ("600" if status == 429 else None)


def test_any_other_refusal_says_nothing_of_when_to_come_again():
    assert "Retry-After" not in come_again(page_for(asked(), DiskFull()), None).headers


@pytest.mark.parametrize(
    ("fault", "full"),
    [(OSError(errno.ENOSPC, "No space left on device"), True), (OSError(errno.EDQUOT, "x"), True), (OperationalError("database or disk is full"), True),
     (OperationalError('could not extend file "base/1": No space left on device'), True), (OSError(errno.EACCES, "x"), False),
     (OperationalError("database is locked"), False), (ValueError("x"), False)],
    ids=str,
)  # fmt: skip
def test_a_full_disk_is_known_whoever_noticed_it(fault, full):
    assert is_disk_full(fault) is full


def test_a_disk_full_under_another_error_is_known_too():
    try:
        try:
            raise OSError(errno.ENOSPC, "x")
        except OSError as first:
            raise RuntimeError("writing failed") from first
    except RuntimeError as second:
        assert is_disk_full(second)


def test_a_page_whose_write_met_a_full_disk_says_so_and_shows_nothing_of_the_fault():
    page = DomainErrorMiddleware(lambda request: None).process_exception(asked(), OSError(errno.ENOSPC, "No space left", "/srv/secret"))
    text = page.content.decode()
    assert page.status_code == 507 and "服务器磁盘已满" in text and "腾出空间" in text and "secret" not in text and "space" not in text.split("<main")[-1]
