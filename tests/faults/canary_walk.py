"""A marked household that a village's list carries through every stage: numbers in its facts, told words in every text that anybody types."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from assessment import clock
from assessment.actions.due import conclude_due
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.actions.surveys import save_draft, submit_survey
from assessment.models import Case, Evidence, Notice, Objection, Sitting
from tests.assessment.meetings import Hall
from tests.assessment.papers_given import give_papers
from tests.core.scan_files import photo
from tests.ground import made_up_id

VILLAGE, ROUND, CODE = "422827102200", "2016-SB", "4228271022000001"
NUMBER, SPOUSE, TYPED = (made_up_id(4_300_000 + n) for n in range(3))
PHONE, TYPED_PHONE, LODGER_PHONE, CITIZEN_PHONE = "19034567812", "19045678123", "19056781234", "19067812345"
LODGER, CITIZEN = "覃不平", "向公道"
AMOUNTS = ("7654320", "8765430")
KINDS = (
    "note",
    "remark",
    "ballot",
    "return",
    "minutes",
    "amend",
    "end",
    "objection",
    "target",
    "finding",
    "review",
    "answer",
    "public",
    "refused",
)
TOLD = {kind: f"肾衰竭须换肾之{place}" for kind, place in zip(KINDS, "子丑寅卯辰巳午未申酉戌亥甲乙", strict=True)}
TEXT = NoticeText("大河扶公〔2016〕4号", "12317", "大河镇扶贫办", "大河镇人民政府一楼", "大河镇人民政府")

IDENTITIES = (NUMBER, SPOUSE, PHONE, *AMOUNTS)
"""Facts in columns of their own: each shows where its field class lets it."""
WORDS = (TYPED, TYPED_PHONE, *TOLD.values())
"""What people wrote into texts: illness, and a number that belongs nowhere."""
PEOPLE = (LODGER, CITIZEN, LODGER_PHONE, CITIZEN_PHONE)
EVERYTHING = (*IDENTITIES, *WORDS, *PEOPLE)

FORM = {
    "village": VILLAGE, "key": "canary", "group": f"{VILLAGE}01",
    "phone": PHONE, "members-TOTAL_FORMS": "2", "members-INITIAL_FORMS": "0",
    "members-0-name": "向大山", "members-0-relation": "01", "members-0-identity": NUMBER,
    "members-1-name": "田小水", "members-1-relation": "99", "members-1-identity": SPOUSE,
}  # fmt: skip
ASSETS = {"version": "1", "education_debt": AMOUNTS[0], "debt": AMOUNTS[1]}
"""Debts, not deposits: those would be an exclusion condition and end the walk at 乡核 (D6-02)."""


def told(kind: str) -> str:
    """A text as a careless hand writes it."""
    return f"{TOLD[kind]}，证号{TYPED}，电话{TYPED_PHONE}"


@dataclass
class Story:
    """The walked list, its papers, and every answer that a form of the walk got (address, text, headers)."""

    scope: Any
    cast: Any
    round: Any
    answers: list[tuple[str, str]] = field(default_factory=list)
    notice: Notice | None = None
    before: str = ""

    @property
    def case(self) -> Case:
        return Case.objects.get(household__code=CODE)

    @property
    def hall(self) -> Hall:
        return Hall(self.scope)

    def enter(self, who: str = "") -> Client:
        client = Client()
        if who:
            client.force_login(getattr(self.cast, who), backend="accounts.backends.LoginBackend")
        return client

    def send(self, who: str, address: str, expected: int, **data) -> str:
        answer = self.enter(who).post(address, {"key": uuid.uuid4().hex} | data)
        text = answer.content.decode()
        assert answer.status_code == expected, (address, answer.status_code, text[-600:])
        said = [str(message) for message in answer.wsgi_request._messages._queued_messages]
        self.answers.append((address, f"{answer.headers} {said} {'' if expected == 400 else text}"))
        return text

    def conclude(self) -> None:
        give_papers(Case.objects.all())
        conclude_due(self.notice.ends_at + timedelta(seconds=1))


def walk(scope, cast, round_, make_case) -> Story:
    """Household 1 is marked; 2 ends, 3 goes along and is objected to by a citizen, 4 stands in a group that is missing at 村议."""
    story = Story(scope, cast, round_)
    story.send("cadre", "/households/new/", 302, **FORM)
    story.send("cadre", f"/households/{CODE}/edit/?section=assets", 302, **ASSETS)
    story.send("cadre", f"/households/{CODE}/edit/?section=house", 302, version="2", structure="brick_wood")  # against the answer 无房
    _survey(scope("cadre"), round_, "note", "remark")
    for number, group in ((2, 1), (3, 1), (4, 2)):
        make_case(number=number, group=group)
    _first_pass(story)
    _back_and_again(story)
    _show(story)
    _object(story)
    return story


def _survey(scope, round_, note: str, remark: str, **more) -> None:
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    draft = save_draft(
        scope=scope, household_code=CODE, round_code=ROUND, answers=answers, notes=dict.fromkeys(answers, told(note)),
        remarks={"F": told(remark)}, surveyed_on=date(2016, 7, 1), surveyor_name="覃晓燕", **more,
    )  # fmt: skip
    submit_survey(scope=scope, household_code=CODE, round_code=ROUND, version=draft.version)


def _first_pass(story: Story) -> None:
    """组评 with the words in ballot and minutes, 村议 without group 2, 乡核 returns the marked household."""
    hall = story.hall
    sitting = hall.head(hall.open("zp"), minutes=told("minutes"))
    hall.ballot(sitting, story.case, note=told("ballot"))
    hall.close(sitting)
    story.send("township", f"/households/{VILLAGE}0002/end/", 302, reason="died", note=told("end"))
    hall.close(_ready(hall, "cy"))
    sitting = _ready(hall, "xh")
    hall.ballot(sitting, story.case, "return", return_to="zp", note=told("return"))
    hall.close(sitting)


def _ready(hall: Hall, stage: str) -> Sitting:
    """A meeting with its head; 村议 is held without group 2."""
    lacking = {"missing_reason": "二组组长外出，下周补开"} if stage == "cy" else {}
    return hall.head(hall.open(stage, **lacking), **lacking)


def _back_and_again(story: Story) -> None:
    """The returned household passes 组评 and 村议 again, is changed by name, and goes the whole way; a wrong reason is refused."""
    hall = story.hall
    for stage in ("zp", "cy"):
        hall.close(_ready(hall, stage))
    story.send("cadre", f"/households/{CODE}/amend/", 400, subject="no such", reason=told("refused"))
    story.send("cadre", f"/households/{CODE}/amend/", 302, subject="members", reason=told("amend"))
    for stage in ("zp", "cy", "xh", "xd"):
        sitting = _ready(hall, stage)
        story.send(
            {"zp": "cadre", "cy": "lead", "xh": "township", "xd": "county"}[stage], f"/sittings/{sitting.uuid}/ballots/", 302,
            case=str(story.case.uuid), opinion="agree", version="0", note=told("ballot"),
        )  # fmt: skip
        if stage == "xd":
            scan = SimpleUploadedFile(f"{NUMBER} {TOLD['note']}.jpg", photo(), content_type="image/jpeg")
            where = f"/evidence/new/?sitting={sitting.uuid}&kind=minutes"
            story.send("county", where, 400, title=told("refused"), file=scan)
            scan.seek(0)
            story.send("county", where, 302, title="签字页", file=scan)
        hall.close(sitting)


def _show(story: Story) -> None:
    scope, caller = story.scope, story.enter()
    notice = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=VILLAGE, text=TEXT)
    story.before = caller.get(f"/public/notices/{notice.token}/").content.decode()
    for sheet in notice.sheets.all():
        post_sheet(
            scope=scope("cadre"), notice=str(notice.uuid), sheet=str(sheet.uuid), posted_at=clock.now(),
            posted_place="村委会公示栏", posted_name="覃晓燕",
        )  # fmt: skip
    notice.refresh_from_db()
    story.notice = notice


def _object(story: Story) -> None:
    """A neighbour objects at the village office and gets an answer; a citizen objects on the web and waits; one family is left out."""
    where = f"/objections/new/?notice={story.notice.uuid}"
    said = {"notice": str(story.notice.uuid), "kind": "wrong", "household": CODE, "text": told("objection")}
    story.send("cadre", where, 302, **said, lodger=LODGER, phone=LODGER_PHONE)
    _answer(story, Objection.objects.get().code)
    other = story.notice.lines.exclude(household__code=CODE).first()
    public = {
        "kind": "wrong",
        "position": other.position,
        "text": told("public"),
        "lodger": CITIZEN,
        "phone": CITIZEN_PHONE,
    }
    story.send("", f"/public/notices/{story.notice.token}/objections/", 200, **public)
    omitted = {"kind": "omitted", "target": told("target"), "text": "这户漏评了，请看一看。", "anonymous": "on"}
    story.send("cadre", where, 302, notice=str(story.notice.uuid), **omitted)


def _answer(story: Story, code: str) -> None:
    """Taken, looked into with a form of its own, confirmed by the county."""
    base = f"/objections/{code}"
    story.send("township2", f"{base}/take/", 302)
    _survey(story.scope("township2"), story.round, "review", "review", version=0)
    seen = {"finding": told("finding"), "visited_on": f"{timezone.localdate():%Y-%m-%d}"}
    story.send("township2", f"{base}/propose/", 302, proposal="keep", **seen)
    story.send("county2", f"{base}/confirm/", 302, accept="1", answer=told("answer"), outcome="keep")


def found(text: str, markers: Iterable[str] = EVERYTHING) -> list[str]:
    """Markers in the text, however their digits are grouped."""
    plain = re.sub(r"(?<=\d)[,， \u00a0](?=\d)", "", text)
    return [marker for marker in markers if marker in text or marker in plain]


def logged(caplog) -> list[str]:
    """What was logged while the fixtures were made and since, SQL apart; each with its traceback and its arguments."""
    records = [*caplog.get_records("setup"), *caplog.get_records("call")]
    return [f"{caplog.handler.format(row)} {row.args}" for row in records if row.name != "django.db.backends"]


def papers(story: Story) -> dict[str, list[str]]:
    """Addresses of the list's pages by kind."""
    meetings = [str(value) for value in Sitting.objects.values_list("uuid", flat=True)]
    cases = [str(value) for value in Case.objects.values_list("uuid", flat=True)]
    objections = list(Objection.objects.values_list("code", flat=True))
    notice = f"/notices/{story.notice.uuid}/"
    return {
        "lists": [
            "/", "/rounds/", f"/rounds/{ROUND}/", f"/rounds/{ROUND}/?township=422827102", f"/rounds/{ROUND}/villages/{VILLAGE}/", "/sittings/",
            "/notices/", notice, "/objections/", "/panels/", "/households/", f"/households/{CODE}/amend/", f"/households/{CODE}/end/", "/jobs/", "/manage/audit/",
        ],
        "meetings": [f"/sittings/{meeting}/?case={case}" for meeting in meetings for case in cases],
        "printed": [f"/sittings/{meeting}/{what}/print/" for meeting in meetings for what in ("minutes", "sign-in")],
        "file": [f"/households/{code}/{page}" for code in (CODE, f"{VILLAGE}0002") for page in ("", "file/print/")],
        "objections": [f"/objections/{code}/" for code in objections] + [f"/objections/{code}/print/" for code in objections],
        "poster": [notice + "print/"],
        "public": [f"/public/notices/{story.notice.token}/", f"/public/notices/{story.notice.token}/objections/", "/public/objections/"],
        "evidence": [f"/evidence/{value}/" for value in Evidence.objects.values_list("uuid", flat=True)],
    }  # fmt: skip
