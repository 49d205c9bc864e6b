"""The auditor reads Chinese: every action of the code has a name (ui.md)."""

import re
from pathlib import Path

import pytest

from accounts.audit_words import ACTIONS, action_label, detail_lines

ROOT = Path(__file__).resolve().parents[2]
CALL = re.compile(r'(?:acting|record|record_refusal)\(\s*[^"()]*"([a-z_]+\.[a-z_]+)"')


def _names():
    for app in ("core", "villages", "accounts", "households", "assessment", "reports", "fupin"):
        for path in (ROOT / app).rglob("*.py"):
            yield from CALL.findall(path.read_text(encoding="utf-8"))


def test_every_action_of_the_code_has_a_chinese_name():
    assert sorted(set(_names()) - set(ACTIONS)) == []


@pytest.mark.parametrize(("detail", "shown"), [({"refusal": "denied"}, ("原因", "没有权限")), ({"dry_run": True}, ("只核对", "是")), ({"codes": list("abcd")}, ("编号", "a、b、c 等 4 项")), ({"counts": {"households": {"new": 5, "same": 0}}}, ("数量", "户 新增 5，不变 0"))])
def test_a_detail_is_told_in_words(detail, shown):
    assert detail_lines(detail) == [shown]


def test_a_refused_page_is_named_as_a_page():
    assert action_label("page.household") == "打开页面"
