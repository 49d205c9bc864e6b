"""Papers that a household signs itself (A8-01, A8-13, B-16, B-19): who may sign, when, which version; screen, scan, 作废, reading."""

import base64
import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from core.errors import BadInput, Denied, NotFound, WrongState
from core.models import AuditRow
from core.uploads import drawings, store
from households.actions.papers import add_paper, open_paper, set_aside_paper, sign_on_screen
from households.consent import PaperEntry, Signer, day_faults, signer_faults, year_fault
from households.models import Household, IncomeYear, Membership, Paper
from households.paper_context import context_of
from households.selectors_papers import income_confirmed, lines_of, needed
from tests.core.scan_files import pdf, photo

pytestmark = pytest.mark.once

TODAY = date(2016, 7, 1)


def drawn(strokes: int = 1, size: tuple[int, int] = (600, 220)) -> str:
    """A canvas as the browser sends it, with so many strokes."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    for number in range(strokes):
        pen.line([(60, 60 + 20 * number), (300, 160), (420, 50)], fill=(17, 17, 17, 255), width=4)
    written = io.BytesIO()
    picture.save(written, "PNG")
    return drawings.PREFIX + base64.b64encode(written.getvalue()).decode()


# --- rules, pure -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "signer, field",
    [
        (Signer("张1", "01", date(1970, 1, 1)), ""),
        (Signer("张1", "01", None), ""),
        (Signer("李1", "04", date(1998, 7, 1)), ""),
        (Signer("李1", "04", date(1998, 7, 2)), "signer"),
        (Signer(""), "signer"),
        (Signer("覃晓燕", "01", date(1970, 1, 1)), "signer"),
        (Signer("覃晓燕", by_proxy=True, proxy_reason="away"), "proxy_name"),
        (Signer("张远", by_proxy=True), "proxy_reason"),
        (Signer("张远", by_proxy=True, proxy_reason="away"), ""),
    ],
)
def test_who_may_sign(signer, field):
    """A8-13: an adult of the household, or one of the family with the reason; whoever keeps the files signs for nobody."""
    assert list(signer_faults(signer, TODAY, {"覃晓燕"})) == ([field] if field else [])


@pytest.mark.parametrize(
    "day, said", [(None, "请填"), (TODAY, ""), (TODAY + timedelta(days=1), "不能晚于今天"), (date(2016, 1, 1), ""), (date(2015, 12, 31), "才登记")]
)
def test_a_paper_is_signed_between_registration_and_today(day, said):
    found = day_faults(day, date(2016, 1, 1), TODAY).get("signed_on", "")
    assert said in found and bool(found) is bool(said)


@pytest.mark.parametrize("year, good", [(None, False), (2012, False), (2013, True), (2016, True), (2017, True), (2018, False)])
def test_an_income_sheet_is_of_a_year_that_can_be(year, good):
    assert (year_fault(year, TODAY) == "") is good


@pytest.mark.parametrize(
    "sent, said",
    [
        ("", "还没有签字"),
        (drawn(0), "看不清签字"),
        ("data:image/jpeg;base64,AAAA", "没有传上来"),
        (drawings.PREFIX + "%%%%", "没有传完整"),
        (drawings.PREFIX + base64.b64encode(photo()).decode(), "没有传完整"),
        (drawings.PREFIX + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode(), "没有传完整"),
        (drawn(1, (5000, 50)), "太大"),
        (drawings.PREFIX + "A" * 800_000, "太大"),
    ],
)
def test_what_is_no_signature_is_refused_with_the_way_out(sent, said):
    with pytest.raises(BadInput) as refused:
        drawings.signature(sent)
    assert said in refused.value.fields["drawing"][0]


def test_a_painted_canvas_is_no_signature():
    written = io.BytesIO()
    Image.new("RGB", (300, 120), "black").save(written, "PNG")
    with pytest.raises(BadInput) as refused:
        drawings.signature(drawings.PREFIX + base64.b64encode(written.getvalue()).decode())
    assert "涂满" in refused.value.fields["drawing"][0]


def test_a_signature_is_kept_in_grey_cut_to_the_ink():
    with Image.open(io.BytesIO(drawings.signature(drawn()).content)) as kept:
        assert kept.mode == "L" and kept.width < 450 and kept.getextrema()[0] < 60


# --- actions -----------------------------------------------------------------------------------------------------


@pytest.fixture
def household(make_household, round_):
    return make_household(number=1)


@pytest.fixture
def entry(household):
    """`entry("wish", surveyor_name=…)` → what is entered of a paper that the head signed today."""

    def make(kind: str = "application", **more) -> PaperEntry:
        head = Membership.objects.get(household=household, relation="01")
        return PaperEntry(**({"kind": kind, "signed_on": timezone.localdate(), "signer": str(head.uuid)} | more))

    return make


@pytest.fixture
def add(scope, household, entry):
    def make(kind: str = "application", who: str = "cadre", key: str = "", inside: bytes = b"", **more) -> Paper:
        return add_paper(scope=scope(who), household=household.code, entry=entry(kind, **more), file=io.BytesIO(pdf(inside)), key=key)

    return make


BOTH = {"surveyor_name": "覃晓燕", "face_to_face": True}


def test_a_paper_says_who_signed_what_when_and_which_version(add, household, round_):
    row = add("survey", **BOTH)
    said = (row.signer_name, row.signer_relation, row.surveyor_name, row.face_to_face, row.round_code, row.household_version, len(row.facts_digest))
    assert said == ("张1", "01", "覃晓燕", True, round_.code, household.version, 64)
    assert store.fetch(row.sha256) == pdf()
    trail = AuditRow.objects.get(action="paper.add")
    assert trail.detail["subject"] == "贫困农户评估表" and "张1" not in str(trail.detail)


def test_a_locked_household_signs_and_a_closed_one_does_not(add, household):
    Household.objects.filter(pk=household.pk).update(hold=True, hold_reason="名单已锁定")
    assert add().pk
    Household.objects.filter(pk=household.pk).update(closed_on=date(2016, 8, 1))
    with pytest.raises(WrongState, match="已销户"):
        add("wish")


def test_a_click_sent_twice_and_the_same_scan_again_are_one_paper(add):
    first = add(key="k")
    assert add(key="k").pk == first.pk == add().pk
    assert Paper.objects.count() == 1


@pytest.mark.parametrize(
    "kind, more, field",
    [
        ("application", {"signer": "00000000-0000-4000-8000-000000000000"}, "signer"),
        ("application", {"signer": "", "by_proxy": True, "proxy_name": "张3三", "proxy_reason": "away"}, "proxy_name"),
        ("application", {"signer": "", "by_proxy": True, "proxy_name": "cadre", "proxy_reason": "sick"}, "proxy_reason"),
        ("survey", {"surveyor_name": "  "}, "surveyor_name"),
        ("income", {"year": None, **BOTH}, "year"),
        ("else", {}, "kind"),
    ],
)
def test_a_paper_that_lacks_something_is_refused_at_its_field(add, kind, more, field):
    with pytest.raises(BadInput) as refused:
        add(kind, **more)
    assert field in refused.value.fields and not Paper.objects.exists()


def test_the_cadre_signs_for_nobody(add, cast):
    """A8-13: 不替人当家."""
    with pytest.raises(BadInput) as refused:
        add(signer="", by_proxy=True, proxy_name=cast.lead.name, proxy_reason="cannot_write")
    assert "不能替农户签字" in refused.value.fields["proxy_name"][0]


def test_one_of_the_family_signs_by_proxy_with_the_reason(add):
    row = add(signer="", by_proxy=True, proxy_name="张 远 山", proxy_relation="03", proxy_reason="away")
    assert (row.signer_name, row.signer_relation, row.by_proxy, row.get_proxy_reason_display()) == ("张远山", "03", True, "本人外出，已电话同意")


def test_a_member_who_has_left_signs_nothing(add, household):
    Membership.objects.filter(household=household, relation="01").update(until=date(2016, 6, 1))
    with pytest.raises(BadInput) as refused:
        add()
    assert "在册的家庭成员" in refused.value.fields["signer"][0]


@pytest.mark.parametrize("who, refusal", [("township", Denied), ("county", Denied), ("cadre2", NotFound), ("cadre_other", NotFound)])
def test_only_the_village_takes_papers_in(add, who, refusal):
    with pytest.raises(refusal):
        add(who=who)
    assert AuditRow.objects.order_by("-seq").first().result == "denied"


def test_without_an_open_round_nobody_applies(add, round_):
    type(round_).objects.update(status="closed")
    with pytest.raises(WrongState, match="批次"):
        add()
    assert add("registration").round_code == ""


def test_a_signature_on_the_screen_is_a_paper_too(scope, household, entry):
    row = sign_on_screen(scope=scope("cadre"), household=household.code, entry=entry("wish", face_to_face=True), drawing=drawn())
    assert (row.way, row.media_type) == ("screen", "image/png") and store.fetch(row.sha256).startswith(b"\x89PNG")


def test_a_paper_set_aside_stays_and_counts_no_more(add, scope, household):
    row = add()
    set_aside_paper(scope=scope("lead"), paper=str(row.uuid), reason="传成了别家的")
    lines = lines_of(scope("cadre"), household, context_of(household))
    assert [line.void for line in lines] == ["传成了别家的"] and needed(lines, context_of(household))[0].newest is None
    with pytest.raises(WrongState, match="已经作废"):
        set_aside_paper(scope=scope("lead"), paper=str(row.uuid), reason="传成了别家的")
    assert add().pk != row.pk, "the same scan may come in again, put right"


@pytest.mark.parametrize("reason", ["错", "证件 522399197001010013 不对"])
def test_a_paper_is_not_set_aside_without_a_reason_that_may_be_read(add, scope, reason):
    row = add()
    with pytest.raises(BadInput):
        set_aside_paper(scope=scope("cadre"), paper=str(row.uuid), reason=reason)


def test_a_paper_opens_for_those_who_see_numbers_and_each_reading_is_on_the_trail(add, scope):
    row = add()
    assert open_paper(scope=scope("township"), paper=str(row.uuid))[1] == pdf()
    assert AuditRow.objects.filter(action="paper.read", result="ok").count() == 1
    for who, refusal in (("county", Denied), ("viewer", Denied), ("cadre2", NotFound)):
        with pytest.raises(refusal):
            open_paper(scope=scope(who), paper=str(row.uuid))


# --- which version -----------------------------------------------------------------------------------------------


def test_a_registration_form_of_an_older_version_is_told_so_and_a_wish_is_not(add, scope, household):
    add("registration"), add("wish", inside=b"wish")
    Household.objects.filter(pk=household.pk).update(version=household.version + 1)
    household.refresh_from_db()
    said = {line.row.kind: line.outdated for line in lines_of(scope("cadre"), household, context_of(household))}
    assert said == {"registration": f"签的是第 {household.version - 1} 版，现在第 {household.version} 版", "wish": ""}


def test_income_is_confirmed_by_the_signed_sheet_of_that_year_until_it_changes(add, household):
    """A8-13: 不代人算账."""
    place = {name: getattr(household, name) for name in ("county_id", "township_id", "village_id")}
    year = timezone.localdate().year
    sheet = IncomeYear.objects.create(household=household, year=year, wage=5000, persons=2, **place)
    assert income_confirmed(household, year) is None
    add("income", year=year, **BOTH)
    found = income_confirmed(household, year)
    assert (found.who, found.surveyor, found.outdated) == ("张1", "覃晓燕", False) and income_confirmed(household, year - 1) is None
    sheet.wage = 6000
    sheet.save()
    assert income_confirmed(household, year).outdated


def test_a_sheet_that_nobody_signed_face_to_face_confirms_nothing(add, household):
    year = timezone.localdate().year
    add("income", year=year, surveyor_name="覃晓燕", face_to_face=False)
    assert income_confirmed(household, year) is None


# --- pages -------------------------------------------------------------------------------------------------------


def test_the_cadre_uploads_a_paper_and_finds_it_in_the_list(login, household, entry):
    client, address = login("cadre"), f"/households/{household.code}/papers/"
    scan = SimpleUploadedFile("a.pdf", pdf(), "application/pdf")
    data = {"signer": entry().signer, "signed_on": f"{timezone.localdate()}", "face_to_face": "on", "key": "p1", "file": scan}
    answer = client.post(f"{address}new/?kind=application", data)
    assert answer.status_code == 302 and answer.url == address
    text = client.get(address).content.decode()
    assert "已有材料</h2><span class=\"mute small\">1 份" in text and "张1（户主）" in text and "面对面" in text


def test_the_page_of_a_refused_signature_says_why_in_words(login, household, entry):
    answer = login("cadre").post(f"/households/{household.code}/papers/sign/?kind=wish", {"signer": entry().signer, "drawing": drawn(0)})
    assert answer.status_code == 400 and "看不清签字" in answer.content.decode()


def test_the_list_of_papers_costs_the_same_for_one_and_for_many(login, add, household):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = login("cadre")
    add()
    client.get(f"/households/{household.code}/papers/")
    counts = []
    for more in ((), (b"1", b"2", b"3")):
        for inside in more:
            add("wish", inside=inside)
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/households/{household.code}/papers/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_kind_that_nobody_signs_is_not_found(login, household):
    assert login("cadre").get(f"/households/{household.code}/papers/new/?kind=event").status_code == 404
