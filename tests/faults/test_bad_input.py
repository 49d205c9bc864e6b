"""Every field of every form of the project is sent what phones paste and forgers write: put right or refused in Chinese, never a 500 (issue 4; trust C7).

The forms are read from the pages themselves, so a new page is under test by being in the route walk. FUPIN_NASTY=all sends every value to
every field one by one (minutes); as a rule several fields share a request.
"""

import json
import os
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve

from households.editing import SECTIONS
from households.models import Household
from households.secrets import reveal
from households.views_family import STEPS
from tests.faults.canary_home import FORM, NUMBER, PHONE, SPOUSE
from tests.faults.nasty import COUNTS, FORBIDDEN, VALUES, WORST, Form, forms_of
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module
from tests.test_route_walk import WALK, laid, world  # noqa: F401  # the ground of the route walk: a row of everything
from tests.walk.rows import CODE, GET

THOROUGH = os.environ.get("FUPIN_NASTY") == "all"
TAKEN = {200, 201, 302, 400, 401, 403, 404, 405, 409, 412, 413, 415}
ALONE, TURNS = 2, len(VALUES) if THOROUGH else 1
"""So many fields of a form are sent alone, the others being right; so often it is sent with every field wrong."""
TYPED = "application/x-www-form-urlencoded"
FIRST = ("cadre", "lead", "township", "county", "sysadmin", "secadmin", "auditor")
SKIPPED = {"login", "logout", "password"}
"""Logging in and out is the subject of tests/accounts; here it would only end the session."""
MORE = [
    *[("cadre", f"/households/{CODE}/edit/?section={one}") for one in SECTIONS],
    *[("cadre", f"/households/{CODE}/family/{one}/") for one in STEPS],
    *[("cadre", f"/households/{CODE}/survey/?look={one}") for one in "BCDEF"],
    *[("cadre", f"/households/{CODE}/{one}") for one in ("survey/?review=1", "income/2016/", "income/", "photos/?look=D")],
]
"""Other faces of pages of the walk."""


class Sender:
    """Sends as one of the cast and takes every effect back, so that each request meets the same world."""

    def __init__(self, cast):
        self.cast, self.clients, self.faults, self.count = cast, {}, [], 0

    def client(self, login: str) -> Client:
        if login not in self.clients:
            self.clients[login] = Client(raise_request_exception=False)
            self.clients[login].force_login(getattr(self.cast, login), backend="accounts.backends.LoginBackend")
        return self.clients[login]

    def send(self, login: str, method: str, address: str, body=None, what: str = "", content_type: str = "", looked_at: bool = False):
        self.count += 1
        block = transaction.atomic()
        block._from_testcase = True  # an action's own transaction is then none inside another
        with block:
            answer = self._sent(self.client(login), method, address, body or {}, content_type)
            if answer.status_code not in TAKEN:
                fault = repr(answer.exc_info[1])[:160] + where(answer.exc_info[2]) if answer.exc_info else ""
                self.faults.append(f"{login} {method} {address[:90]} {what[:70]!r}: {answer.status_code} {fault}")
            elif looked_at and answer.status_code == 302:
                self.faults += [f"{method} {address[:90]} {what[:70]!r} stored {one}" for one in dirty_cells()]
            transaction.set_rollback(True)
        return answer

    def _sent(self, client, method, address, body, content_type):
        if content_type:
            return client.post(address, body, content_type=content_type)
        if any(is_file(values) for values in body.values()):
            return client.post(address, body)
        text = urlencode([(name, one.encode("utf-8", "surrogatepass")) for name, values in body.items() for one in values])
        if method == "get" and body:
            return client.get(f"{address}{'&' if '?' in address else '?'}{text}")
        return client.get(address) if method == "get" else client.post(address, text, content_type=TYPED)


def is_file(value) -> bool:
    return isinstance(value, SimpleUploadedFile)


def where(trace) -> str:
    """The innermost line of ours."""
    found = ""
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if "site-packages" not in name and "/tests/" not in name:
            found = f" at {'/'.join(name.split('/')[-2:])}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def dirty_cells() -> Iterator[str]:
    """Columns of the household's tables that hold what no stored text may hold."""
    for model in apps.get_app_config("households").get_models():
        for row in model._base_manager.all():
            for column in model._meta.concrete_fields:
                value = getattr(row, column.attname)
                if column.attname.endswith("_enc") and value:
                    value = reveal(row, column.attname.removesuffix("_enc"))
                text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else ""
                if bad := [repr(one) for one in FORBIDDEN if one in text]:
                    yield f"{model.__name__}.{column.attname} {bad}"


@pytest.fixture
def sender(world, cast, monkeypatch, settings, tmp_path):
    monkeypatch.setattr("core.jobs.runner._nudge", lambda job_id: None)
    return Sender(cast)


def pages() -> Iterator[tuple[str, str]]:
    for row in WALK:
        if row.method == GET and row.ok == 200 and row.may and row.name not in SKIPPED:
            yield next((one for one in FIRST if one in row.may), min(row.may)), row.url
    yield from MORE


def all_forms(sender: Sender) -> list[tuple[str, Form]]:
    """Each form once, whatever page shows it and of whatever row; a form that leads to another one (who? which household?) is followed."""
    met: dict[tuple, tuple[str, Form]] = {}
    other = Household.objects.exclude(code=CODE).values_list("code", flat=True)[0]
    waiting = list(pages())
    while waiting:
        login, address = waiting.pop(0)
        for form in shown(sender.client(login).get(address), address):
            name = resolve(urlsplit(form.action).path).url_name
            kind = (form.method, name, "section" in form.values and form.values["section"][0], tuple(sorted(re.sub(r"[0-9]+", "*", one) for one in form.names)))
            if name in SKIPPED or not form.values or kind in met:
                continue
            met[kind] = login, form
            if form.method == "get" and "/family/" in form.action:
                asked = {one: values if any(values) else [other] for one, values in form.values.items()}
                waiting.append((login, f"{form.action}?{urlencode(asked, doseq=True)}"))
    return list(met.values())


def shown(answer, address: str) -> list[Form]:
    html = answer.status_code == 200 and "html" in answer.headers["Content-Type"]
    return forms_of(address, answer.content.decode()) if html else []


def turned(form: Form, turn: int) -> dict[str, list[str]]:
    """Every typed field another value; the next turn moves them on."""
    return form.values | {name: [VALUES[(turn * 5 + number * 7) % len(VALUES)]] for number, name in enumerate(form.names) if name not in ("section", "step")}


def bodies(form: Form, number: int) -> Iterator[tuple[str, dict]]:
    for turn in range(TURNS):
        yield f"turn {turn}", turned(form, turn + number)
    names = form.names
    for place, name in enumerate(names):
        if not THOROUGH and (place + number) % (len(names) // ALONE + 1):
            continue
        for value in WORST if THOROUGH else (WORST[(place + number) % len(WORST)],):
            yield f"{name}={value[:20]!r}", form.values | {name: [value]}
    for name in [name for name in names if name.endswith("_FORMS")]:
        for value in COUNTS if THOROUGH else COUNTS[number % 2 :: 2]:
            rest = {other: values for other, values in form.values.items() if other != name}
            yield f"{name}={value}", rest if value is None else rest | {name: [value]}


def test_no_field_of_any_form_brings_the_server_down(sender):
    forms = all_forms(sender)
    assert len(forms) > 60, [form.action for _, form in forms]
    for number, (login, form) in enumerate(forms):
        for what, body in bodies(form, number):
            sender.send(login, form.method, form.action, body, what, looked_at=True)
        if form.method == "post":
            kind = "application/json" if number % 2 else "multipart/form-data; boundary=x"
            sender.send(login, "post", form.action, b"{\xff", kind, kind)
            sender.send(login, "post", form.action, form.values | {name: SimpleUploadedFile("一.pdf", b"x") for name in form.names[:9]}, "files for texts")
    assert not sender.faults, "\n".join(sender.faults)
    assert sender.count > (500 if THOROUGH else 250)


MENDED = FORM | {
    "phone": f"+86 {PHONE[:3]}-{PHONE[3:7]} {PHONE[7:]}", "members-0-name": " 艾孜提\u200b•买买提 ", "members-0-identity": f"{NUMBER[:6]}\u00a0{NUMBER[6:]}",
    "members-1-name": "田\u202e小\u3000水", "members-1-identity": "".join(chr(ord(one) + 0xFEE0) for one in SPOUSE.lower()),
}  # fmt: skip


def test_what_is_pasted_from_a_chat_is_stored_plain(sender, scope):
    """Full-width digits, x for X, zero-width and no-break spaces, another dot in a name (brief 3.13)."""
    answer = sender.client("cadre").post("/households/new/", MENDED)
    assert answer.status_code == 302
    household = Household.objects.get(code=answer.url.split("/")[2])
    people = [(one.person.name, reveal(one.person, "id")) for one in household.memberships.order_by("relation").select_related("person")]
    assert people == [("艾孜提·买买提", NUMBER), ("田小水", SPOUSE)] and reveal(household, "phone") == PHONE and list(dirty_cells()) == []


REMEDIES = {
    ("members-0-identity", NUMBER[:6] + NUMBER[8:17]): "15位旧号码", ("members-0-identity", "52239920150229001X"): "日", ("members-0-name", "张三😀"): "表情",
    ("members-0-name", "张3"): "数字", ("phone", "12345"): "11 位",
}  # fmt: skip


@pytest.mark.parametrize(("field", "value"), REMEDIES, ids=lambda one: one.replace("members-0-", ""))
def test_what_cannot_be_mended_is_refused_with_the_way_out(sender, field, value):
    answer = sender.client("cadre").post("/households/new/", FORM | {field: value})
    said = " ".join(re.findall(r'class="[^"]*(?:fp-err|invalid|bad)[^"]*"[^>]*>(.*?)</', answer.content.decode(), re.S))
    assert answer.status_code == 400 and REMEDIES[field, value] in said, said
    assert not Household.objects.filter(head_name="向大山").exists()


def test_a_hundred_thousand_members_are_refused_before_they_are_read(sender):
    body = "&".join(f"members-{number}-name=a" for number in range(100_000))
    answer = sender.client("cadre").post("/households/new/", body, content_type=TYPED)
    assert answer.status_code == 400 and "没有保存" in answer.content.decode()


HAND = ["%00", "x" * 3000, "-1", "9" * 40, "²", "１", "😀", "'\">"]
CURSORS = ("/households/?after={0}&q={0}&village={0}", "/doubts/?after={0}&rule={0}&household={0}", "/doubts/today/?after={0}", "/coverage/?kind={0}&after={0}&village={0}")
CURSORS += ("/transfers/?list=asked&state={0}&after={0}", "/jobs/?kind={0}&state={0}&before={0}", "/papers/?area={0}&paper={0}", "/doubts/counts/?area={0}&township={0}", "/drafts/?x={0}")
CURSORS += (f"/households/{CODE}/edit/?section={{0}}&version={{0}}", f"/households/{CODE}/photos/?look={{0}}&round={{0}}", f"/households/{CODE}/papers/new/?kind={{0}}&year={{0}}")
CURSORS += (f"/households/{CODE}/papers/sign/?kind={{0}}", f"/households/{CODE}/family/split/?members={{0}}&head={{0}}", f"/households/{CODE}/survey/?look={{0}}&round={{0}}")
CURSORS += ("/households/{0}/", f"/households/{CODE}/income/{{0}}/", f"/households/{CODE}/members/{{0}}/", "/papers/wish/{0}/", f"/papers/{{0}}/{CODE}/", "/doubts/{0}/")
CURSORS += ("/rounds/2016-SB/groups/{0}/signing/", "/signed/{0}/", "/households/{0}/exclusions/", "/transfers/{0}/", "/api/v1/households/?page_size={0}&cursor={0}")


def test_an_address_written_by_hand_is_no_fault_of_the_server(sender):
    for number, address in enumerate(CURSORS):
        for value in HAND if THOROUGH else HAND[number % 4 :: 4]:  # two of the eight, others in the next address
            sender.send("cadre", "get", address.format(value if value[0] == "%" else quote(value)))
    assert not sender.faults, "\n".join(sender.faults)
