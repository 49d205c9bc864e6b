"""Each procedure is a row of data: the same actions walk its list to the end, with no line of code of its own (rulings 18, 19; issue 5.1)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from assessment.actions.due import conclude_due
from assessment.actions.listing import list_households
from assessment.actions.notices import NoticeText, post_sheet, start_notice
from assessment.actions.sittings import SittingHead, close_sitting, open_sitting, save_head
from assessment.actions.surveys import save_draft, submit_survey
from assessment.models import Case, Notice, NoticeLine, NoticeSheet, Round, Signature, Signing, Verdict
from assessment.procedures import OURS, Level, Mode, Stage
from assessment.procedures.identify import CHANGJI, QINGYANG, XINJIANG
from assessment.verification import verify_list
from core.errors import BadInput, Denied, NotFound, WrongState
from households.models import Household
from tests.assessment.list_ground import edit
from tests.assessment.papers_given import give_papers
from tests.assessment.queues import rank_by_score

VILLAGE = "422827102200"
TEXT = NoticeText(office="大河镇扶贫办", office_place="镇政府一楼", signed_by="大河镇人民政府")
POSTERS = {Level.GROUP: "cadre", Level.VILLAGE: "cadre", Level.TOWNSHIP: "township", Level.COUNTY: "county"}
STARTERS = {Level.VILLAGE: "lead", Level.TOWNSHIP: "township", Level.COUNTY: "county"}
SITTERS = {Level.GROUP: ("cadre",), Level.VILLAGE: ("lead",), Level.TOWNSHIP: ("township", "township2"), Level.COUNTY: ("county", "county2")}


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def listed(clock, cast, round_, make_case):
    """`listed(procedure)` → three households at its first stage, with the papers that it asks for; in 1组."""

    def begin(procedure):
        round_.procedure = procedure.code
        round_.save()
        cases = [make_case(number=n, points=40 + 10 * n) for n in (1, 2, 3)]
        Case.objects.update(stage=procedure.first.code)
        if not procedure.first.needs_survey:  # on the list before anybody has been there
            Case.objects.update(survey=None)
            for case in cases:
                case.survey = None
        give_papers(cases, kinds=[need.kind for need in procedure.papers])
        return cases

    return begin


@dataclass
class Walk:
    """Takes a stage its own way on, by whom the stage names; no level decides twice as the same person."""

    scope: Any
    round: Any
    clock: Any
    group: Any
    sat: Counter = field(default_factory=Counter)

    def __call__(self, stage: Stage) -> None:
        (self.post if stage.mode is Mode.NOTICE else self.sit)(stage)

    def sit(self, stage: Stage) -> None:
        sitters = SITTERS[stage.level]
        who = self.scope(sitters[self.sat[stage.level] % len(sitters)])
        self.sat[stage.level] += 1
        if stage.signatures:
            self.sign()
        if stage.visits and Case.objects.filter(survey__isnull=True).exists():
            self.visit()
        group = self.group.code if stage.per_group else ""
        sitting = open_sitting(scope=who, round_code=self.round.code, stage=stage.code, village_code=VILLAGE, group_code=group)
        sitting = save_head(scope=who, sitting=str(sitting.uuid), version=sitting.version, head=head_of(stage))
        if stage.ranked:
            rank_by_score(who, sitting)
            sitting.refresh_from_db()
        close_sitting(scope=who, sitting=str(sitting.uuid), version=sitting.version, rest_agree=True, count=3)

    def visit(self) -> None:
        for household in Household.objects.filter(village__code=VILLAGE):
            answers = {item.code: item.options[0].code for item in self.round.rubric.value.indicators}
            notes = dict.fromkeys(answers, "入户看过，按现场填写。")
            data = {"scope": self.scope("cadre"), "household_code": household.code, "round_code": self.round.code}
            draft = save_draft(**data, answers=answers, notes=notes, surveyed_on=timezone.localdate(), surveyor_name="覃晓燕")
            submit_survey(**data, version=draft.version)

    def sign(self) -> None:
        """40 of the 50 households registered in the group."""
        now, group = timezone.now(), self.group
        sheet = Signing.objects.create(
            round=self.round, signed_on=timezone.localdate(now), sha256="0" * 64, media_type="application/pdf", size=1, by_id=self.scope("cadre").actor_id,
            at=now, county=group.county, township=group.township, village=group.village, group=group,
        )  # fmt: skip
        Signature.objects.bulk_create([Signature(signing=sheet, name=f"户主{n}") for n in range(40)])

    def post(self, stage: Stage) -> None:
        where = {"round_code": self.round.code, "stage": stage.code, "village_code": VILLAGE}
        notice = start_notice(scope=self.scope(STARTERS[stage.level]), **where, text=TEXT)
        for sheet in NoticeSheet.objects.filter(notice=notice):
            if NoticeSheet.objects.get(pk=sheet.pk).posted_at is None:
                put_up(self.scope(POSTERS[stage.notice.where]), notice, sheet)
        self.clock.shift(timedelta(days=stage.notice.days + 1))
        conclude_due(timezone.now())  # the database server's own clock cannot travel


def put_up(scope: Any, notice: Notice, sheet: NoticeSheet) -> NoticeSheet:
    where = {"posted_at": timezone.now(), "posted_place": "公示栏", "posted_name": "覃晓燕"}
    return post_sheet(scope=scope, notice=str(notice.uuid), sheet=str(sheet.uuid), **where)


def head_of(stage: Stage) -> SittingHead:
    size = (stage.panel.exactly or 5) if stage.panel else 0
    return SittingHead(
        held_on=timezone.localdate(), held_at="村委会", chair="张永富", recorder="覃晓燕", panel_name="小组" if size else "",
        panel=[{"name": f"成员{n}", "post": "村民代表", "present": True} for n in range(size)], expected=size or None, present=size or None,
        checks={check.code: check.good for check in stage.checks}, document_no="3号" if stage.needs_document else "",
    )  # fmt: skip


@pytest.fixture
def walk(scope, round_, clock, places):
    return Walk(scope, round_, clock, places.groups[f"{VILLAGE}01"])


@pytest.mark.parametrize("procedure", OURS, ids=lambda procedure: procedure.code)
def test_the_same_actions_walk_the_list_to_its_end(procedure, listed, walk, round_, places):
    listed(procedure)
    for stage in procedure.stages:
        assert set(Case.objects.values_list("stage", "state")) == {(stage.code, "open")}
        assert not Household.objects.exclude(standing="").exists(), "only the last stage writes the standing"
        walk(stage)
    assert set(Case.objects.values_list("state", flat=True)) == {"concluded"}
    assert not Household.objects.filter(standing="").exists()
    assert Verdict.objects.count() == 3 * len(procedure.stages)
    assert verify_list(round_, places.villages[VILLAGE]) == []


def test_a_first_notice_moves_on_and_writes_no_standing(listed, walk):
    listed(XINJIANG)
    for stage in XINJIANG.stages[:5]:
        walk(stage)
    assert set(Case.objects.values_list("stage", "state")) == {("sh", "open")}


# --- what single procedures ask for


@pytest.fixture
def discussed(round_, scope, make_household):
    """Two households that 昌吉's assembly is to discuss, nobody has visited them."""
    round_.procedure = CHANGJI.code
    round_.save()
    homes = [make_household(number=number) for number in (1, 2)]
    list_households(scope=scope("cadre"), round_code=round_.code, village_code=VILLAGE, households=[home.code for home in homes])
    return homes


def test_a_cadre_lists_households_before_anybody_has_been_there(discussed):
    assert list(Case.objects.values_list("household__code", "stage", "survey")) == [(home.code, "tl", None) for home in discussed]


def test_listing_the_same_household_again_leaves_one_case(discussed, scope, round_):
    again = {"scope": scope("lead"), "round_code": round_.code, "village_code": VILLAGE, "households": [discussed[0].code]}
    assert list_households(**again) == 0 and Case.objects.count() == 2


@pytest.mark.parametrize(("who", "refusal"), [("township", Denied), ("county", Denied), ("cadre2", NotFound)])
def test_nobody_but_the_village_lists_its_households(round_, scope, make_household, who, refusal):
    round_.procedure = CHANGJI.code
    round_.save()
    with pytest.raises(refusal):
        list_households(scope=scope(who), round_code=round_.code, village_code=VILLAGE, households=[make_household(number=1).code])


def test_a_household_of_another_village_is_refused_by_its_number(discussed, scope, round_, make_household):
    stranger = make_household("422827102201", 1)
    with pytest.raises(BadInput) as refused:
        list_households(scope=scope("cadre"), round_code=round_.code, village_code=VILLAGE, households=[stranger.code])
    assert stranger.code in refused.value.fields["households"][0]


def test_where_the_visit_comes_first_nobody_is_listed_by_hand(scope, round_, make_household):
    with pytest.raises(WrongState, match="先入户评估"):
        list_households(scope=scope("cadre"), round_code=round_.code, village_code=VILLAGE, households=[make_household(number=1).code])


def test_the_cadre_ticks_households_on_the_page_and_finds_them_on_the_list(round_, login, make_household):
    round_.procedure = CHANGJI.code
    round_.save()
    home, address = make_household(number=1), f"/rounds/{round_.code}/villages/{VILLAGE}/listing/"
    client = login("cadre")
    assert "请勾选要讨论的户" in client.post(address, {"key": "k"}).content.decode()
    assert home.code in client.get(address).content.decode()
    assert client.post(address, {"key": "k2", "households": [home.code]}).status_code == 302
    assert "张1" in client.get(f"/rounds/{round_.code}/villages/{VILLAGE}/").content.decode()


def test_the_page_offers_nobody_who_is_still_on_another_list(round_, login, make_case, make_household):
    here, elsewhere = make_household(number=1), make_case(number=2)
    other = Round.objects.create(
        code="2015-SB", name="上一批次", county=round_.county, year=2015, reference_date=round_.reference_date, rubric=round_.rubric, opened_at=timezone.now()
    )
    Case.objects.filter(pk=elsewhere.pk).update(round=other)
    Round.objects.filter(pk=round_.pk).update(procedure=CHANGJI.code)
    page = login("cadre").get(f"/rounds/{round_.code}/villages/{VILLAGE}/listing/").content.decode()
    assert here.code in page and elsewhere.household.code not in page


def test_facts_are_locked_by_the_discussion_and_open_for_the_visit(listed, walk, round_, places, scope):
    listed(CHANGJI)
    walk(CHANGJI.by_code["tl"])
    assert set(Household.objects.values_list("hold", flat=True)) == {True}
    walk(CHANGJI.by_code["g1"])
    assert set(NoticeLine.objects.values_list("result", flat=True)) == {"拟入户调查"}
    home = Household.objects.order_by("code").first()
    assert not home.hold
    edit(scope("cadre"), home.code)
    assert verify_list(round_, places.villages[VILLAGE]) == [], "what the visit finds is no tampering"
    walk(CHANGJI.by_code["rh"])
    assert set(Household.objects.values_list("hold", flat=True)) == {True}


def test_the_representatives_cannot_decide_before_two_thirds_have_signed(listed, walk, monkeypatch):
    """B-19, the third signature."""
    listed(QINGYANG)
    walk(QINGYANG.by_code["zy"])
    with monkeypatch.context() as patch, pytest.raises(BadInput) as refused:
        patch.setattr(Signature.objects, "bulk_create", lambda rows: None)
        walk(QINGYANG.by_code["cd"])
    assert "三分之二以上" in refused.value.fields["signatures"][0] and "0/50" in refused.value.fields["signatures"][0]


@pytest.fixture
def announced(listed, walk, round_):
    """庆阳's list stands before 县区公告."""
    listed(QINGYANG)
    for stage in QINGYANG.stages[:-1]:
        walk(stage)
    return {"round_code": round_.code, "stage": "gg", "village_code": VILLAGE, "text": TEXT}


def test_an_announcement_of_the_county_is_started_and_posted_by_the_county(announced, scope):
    with pytest.raises(Denied):
        start_notice(scope=scope("township"), **announced)
    notice = start_notice(scope=scope("county"), **announced)
    assert notice.title.endswith("公告")
    with pytest.raises(Denied):
        put_up(scope("cadre"), notice, notice.sheets.first())
    put_up(scope("county"), notice, notice.sheets.first())
    assert Notice.objects.get(pk=notice.pk).status == "open"


def test_one_board_for_the_whole_village_is_posted_at_once(listed, walk, scope, round_, make_case, places):
    listed(QINGYANG)
    other = make_case(number=4, points=50, group=2)
    Case.objects.filter(pk=other.pk).update(stage="cg")
    for stage in QINGYANG.stages[:2]:
        walk(stage)
    notice = start_notice(scope=scope("lead"), round_code=round_.code, stage="cg", village_code=VILLAGE, text=TEXT)
    assert notice.sheets.count() == 2
    put_up(scope("cadre"), notice, notice.sheets.first())
    assert not notice.sheets.filter(posted_at__isnull=True).exists() and Notice.objects.get(pk=notice.pk).status == "open"
