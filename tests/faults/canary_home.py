"""A household whose number, phones, amounts and words of illness occur nowhere else, brought in by every door."""

import io
import re
from datetime import date
from pathlib import Path

import openpyxl
from django.test import Client

from accounts.scopes import scope_of
from assessment.actions.surveys import save_draft, submit_survey
from core import jobs
from core.models import Job
from households.models import Household
from reports.actions import roll_up, system_scope
from reports.exporting import request_export
from tests.api.conftest import api, make_token  # noqa: F401  # the client program of the API tests
from tests.assessment.roster_book import book, import_book, person
from tests.faults import canary_day as day
from tests.ground import made_up_id

CODE = "4228271022000001"
NUMBER, SPOUSE, IMPORTED = (made_up_id(4_200_000 + n) for n in range(3))
FAULTY = IMPORTED[:-1] + ("0" if IMPORTED[-1] != "0" else "1")
PHONE, IMPORTED_PHONE = "19012349876", "19023459871"
AMOUNTS = ("7654321", "8765432", "6543217")
ILLNESS = "尿毒症每周透析三次"
PURPOSE = "核对户口本"
IDENTITIES = (NUMBER, SPOUSE, IMPORTED, FAULTY, PHONE, IMPORTED_PHONE)
EVERYTHING = (*IDENTITIES, *AMOUNTS, ILLNESS, *day.EVERYTHING)
SEALED = tuple(marker for marker in EVERYTHING if marker not in day.AMOUNTS)
"""Income by its parts is counted by the database and lies there in the clear, behind the field class FINANCE."""
LISTED_ILLNESS = "患有大病"

FORM = {
    "village": "422827102200", "key": "canary", "group": "42282710220001", "attribute": "01", "exit_status": "0", "cause": "01",
    "phone": PHONE, "members-TOTAL_FORMS": "2", "members-INITIAL_FORMS": "0",
    "members-0-name": "向大山", "members-0-relation": "01", "members-0-identity": NUMBER,
    "members-1-name": "田小水", "members-1-relation": "99", "members-1-identity": SPOUSE,
}  # fmt: skip
ASSETS = {"section": "assets", "savings": AMOUNTS[0], "debt": AMOUNTS[1], "education_debt": AMOUNTS[2]}


def found(text: str, markers=EVERYTHING) -> list[str]:
    """Markers in the text, however their digits are grouped."""
    plain = re.sub(r"(?<=\d)[,， \u00a0](?=\d)", "", text)
    return [marker for marker in markers if marker in text or marker in plain]


def cells(content: bytes | Path) -> str:
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    return "\n".join(str(c.value) for sheet in openpyxl.load_workbook(source) for row in sheet.iter_rows() for c in row)


def bring_in(cast, round_, folder: Path) -> Household:
    """The marked household comes in by every door: form, refused form, stale form, survey, opened numbers, import, refused import."""
    cadre = Client()
    cadre.force_login(cast.cadre, backend="accounts.backends.LoginBackend")
    assert cadre.post("/households/new/", FORM).status_code == 302
    assert cadre.post("/households/new/", FORM | {"key": "again"}).status_code == 400
    household = Household.objects.get(code=CODE)
    head = household.memberships.get(relation="01")
    people = FORM | {"members-TOTAL_FORMS": "1", "members-0-uuid": str(head.uuid), "members-0-health": ["03"]}
    for section in (people, ASSETS):
        assert cadre.post(f"/households/{CODE}/edit/", section | {"version": "0"}).status_code == 412
        assert cadre.post(f"/households/{CODE}/edit/", section | {"version": Household.objects.get().version}).status_code == 302
    _survey(scope_of(cast.cadre), round_)
    household.pages = day.live(cadre, scope_of(cast.cadre), CODE, round_.code, PHONE)
    opened = cadre.post(f"/households/{CODE}/reveal/", {"purpose": PURPOSE})
    assert NUMBER in opened.content.decode(), "the marker is not where it should be"
    rows = [person(21, 1, 证件号码=IMPORTED, 联系电话=IMPORTED_PHONE, 健康状况=LISTED_ILLNESS)]
    assert import_book(cast.township, book(folder / "r.xlsx", rows)).state == "committed"
    rows = [person(22, 1, 证件号码=FAULTY, 联系电话=IMPORTED_PHONE + "1"), person(23, 1, 证件号码=NUMBER)]
    assert import_book(cast.township, book(folder / "s.xlsx", rows)).state == "refused"
    roll_up(scope=system_scope(round_), round_code=round_.code)
    return household


def _survey(scope, round_) -> None:
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    notes = dict.fromkeys(answers, ILLNESS)
    draft = save_draft(
        scope=scope, household_code=CODE, round_code=round_.code, answers=answers, notes=notes, remarks={"F": ILLNESS},
        surveyed_on=date(2016, 7, 1), surveyor_name="覃晓燕",
    )  # fmt: skip
    submit_survey(scope=scope, household_code=CODE, round_code=round_.code, version=draft.version)


def exported(user, table: str, area: str) -> Job:
    job = request_export(scope=scope_of(user), table=table, round_code="2016-SB", area=area)
    return jobs.run(str(job.pk))
