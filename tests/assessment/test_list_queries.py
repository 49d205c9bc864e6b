"""A page of a list asks the database as often for 60 households as for 3 (ruling 31). Village list, board, list of meetings and of
notices, homes and minutes are asked in the tests of their pages; here those that the whole stack draws from a long list."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment import clock
from assessment.actions.income_checks import save_income_check
from assessment.actions.notices import post_sheet, start_notice
from assessment.actions.samples import RecheckEntry, draw_sample, record_recheck
from assessment.models import Case, Notice, Objection, Sitting
from tests.assessment.meetings import Hall
from tests.assessment.notice_ground import TEXT
from tests.assessment.objection_ground import from_public
from tests.assessment.queues import rank_by_score
from tests.standing import cast, db, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once

SHORT, LONG, ROUND = "422827102200", "422827102201", "2016-SB"
SIZES = {SHORT: 3, LONG: 60}
VILLAGERS = {SHORT: ("cadre", "lead"), LONG: ("cadre2", "lead2")}


@pytest.fixture(scope="module")
def once_at_township(standing):
    """Two villages at 乡核, one of 3 households and one of 60, each with one household that came back and one that is filled in."""
    make_case, scope = standing.make_case, standing.scope
    for village, size in SIZES.items():
        cadre, lead = VILLAGERS[village]
        hall = Hall(scope, village)
        for number in range(1, size + 1):
            make_case(number=number, village_code=village, points=40 + number % 50)
        ranked = hall.ready("zp", by=cadre)
        rank_by_score(scope(cadre), ranked)
        hall.close(ranked, by=cadre)
        hall.decide("cy", by=lead)
        sitting = hall.ready("xh")
        hall.ballot(sitting, Case.objects.filter(village__code=village).first(), "agree", category="TUOPIN")
        revisit(scope("township"), sitting)


def revisit(scope, sitting) -> None:
    """A sample is drawn, all of it is visited, one household's income is reckoned."""
    sample = draw_sample(scope=scope, sitting=str(sitting.uuid))
    for line in sample.lines.all():
        entry = RecheckEntry("same", timezone.localdate(), ("代表1", "代表2"))
        record_recheck(scope=scope, sitting=str(sitting.uuid), case=str(line.case.uuid), seen=0, entry=entry)
    save_income_check(
        scope=scope, sitting=str(sitting.uuid), case=str(line.case.uuid), seen=0, year=2015, parts={"wage": Decimal(5000)}, persons=2, rest_zero=True
    )


@pytest.fixture
def at_township(once_at_township, db):
    """Each test begins there."""


@pytest.fixture
def on_show(at_township, scope):
    """Both lists hang; each has one objection."""
    for village in SIZES:
        hall = Hall(scope, village)
        hall.close(Sitting.objects.get(village__code=village, stage="xh"))
        hall.decide("xd")
        notice = start_notice(scope=scope("township"), round_code=ROUND, stage="gs", village_code=village, text=TEXT)
        for sheet in notice.sheets.all():
            post_sheet(
                scope=scope(VILLAGERS[village][0]), notice=str(notice.uuid), sheet=str(sheet.uuid), posted_at=clock.now(),
                posted_place="村委会公示栏", posted_name="覃晓燕",
            )  # fmt: skip
        from_public(notice, 1)


def cost(client, address: str) -> int:
    """Queries of the second call: the first may note the session's activity and fill the cache of places."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(asked)


def costs(client, addresses) -> dict[str, tuple[int, int]]:
    """Address of the short village → queries there and in the long village, where they differ."""
    found = {short: (cost(client, short), cost(client, long)) for short, long in addresses}
    return {address: pair for address, pair in found.items() if pair[0] != pair[1]}


def meeting_pages(query: str = "") -> list[tuple[str, str]]:
    pages = []
    for stage in ("zp", "cy", "xh"):
        pages.append(tuple(f"/sittings/{Sitting.objects.get(village__code=v, stage=stage).uuid}/{query}" for v in SIZES))
    return pages


@pytest.mark.parametrize("query", ["", "?show=blank", "?show=doubts", "minutes/print/", "sign-in/print/", "minutes/print/?blank=1"])
def test_a_meeting_open_or_closed(at_township, login, query):
    assert costs(login("township"), meeting_pages(query)) == {}


def test_a_meeting_with_a_chosen_household(at_township, login):
    chosen = [Case.objects.filter(village__code=village).last().uuid for village in SIZES]
    pages = [tuple(f"{page}?case={case}" for page, case in zip(pair, chosen, strict=True)) for pair in meeting_pages()]
    assert costs(login("township"), pages) == {}


def test_the_sample_and_the_reckonings_of_a_list(at_township, login):
    uuids = [Sitting.objects.get(village__code=village, stage="xh").uuid for village in SIZES]
    pages = [tuple(f"/sittings/{uuid}/{page}" for uuid in uuids) for page in ("sample/", "sample/print/")]
    assert costs(login("township"), pages) == {}


def test_a_meeting_read_by_the_county_viewer(at_township, login):
    assert costs(login("viewer"), meeting_pages()) == {}


@pytest.mark.parametrize("page", ["ranking/", "ranking/0/", "ranking/print/"])
def test_the_queue_of_a_closed_meeting(at_township, login, page):
    assert costs(login("township"), meeting_pages(page)[:1]) == {}


@pytest.mark.parametrize("page", ["", "ranking/", "ranking/0/", "ranking/print/?blank=1"])
def test_the_queue_of_an_open_meeting(standing, at_township, scope, login, page):
    sittings = []
    for group, size in ((2, 2), (3, 9)):
        for number in range(size):
            standing.make_case(number=100 * group + number, group=group, points=40 + number)
        sittings.append(Hall(scope, SHORT).ready("zp", group=group))
        rank_by_score(scope("cadre"), sittings[-1])
    assert costs(login("cadre"), [tuple(f"/sittings/{sitting.uuid}/{page}" for sitting in sittings)]) == {}


def test_the_file_and_the_steps_of_one_household_of_the_list(at_township, login):
    pages = [f"/households/{{}}0001/{page}" for page in ("", "file/print/", "end/")]
    assert costs(login("township"), [tuple(page.format(village) for village in SIZES) for page in pages]) == {}


def test_the_village_list_at_every_filter(at_township, login):
    page = f"/rounds/{ROUND}/villages/{{}}/"
    pages = [page, page + "?stage=xh", page + "?group={}01", page + "?state=differs"]
    assert costs(login("county"), [tuple(address.format(v, v) for v in SIZES) for address in pages]) == {}


def test_starting_a_notice(at_township, login, scope):
    for village in SIZES:
        hall = Hall(scope, village)
        hall.close(Sitting.objects.get(village__code=village, stage="xh"))
        hall.decide("xd")
    pages = [tuple(f"/notices/new/?round={ROUND}&stage=gs&village={village}" for village in SIZES)]
    assert costs(login("township"), pages) == {}


@pytest.mark.parametrize("page", ["/notices/{}/", "/notices/{}/print/", "/objections/new/?notice={}"])
def test_a_notice_on_show(on_show, login, page):
    ids = [Notice.objects.get(village__code=village).uuid for village in SIZES]
    assert costs(login("township"), [tuple(page.format(value) for value in ids)]) == {}


@pytest.mark.parametrize("page", ["/public/notices/{}/", "/public/notices/{}/objections/"])
def test_a_public_page(on_show, client, page):
    tokens = [Notice.objects.get(village__code=village).token for village in SIZES]
    assert costs(client, [tuple(page.format(value) for value in tokens)]) == {}


def test_an_objection_to_a_household_of_the_list(on_show, login):
    codes = [Objection.objects.get(village__code=village).code for village in SIZES]
    assert costs(login("township2"), [tuple(f"/objections/{code}/" for code in codes)]) == {}


def test_the_list_of_objections(on_show, login):
    client = login("county")
    few = cost(client, "/objections/")
    notice = Notice.objects.get(village__code=LONG)
    for position in range(2, 31):
        from_public(notice, position, ip=f"203.0.113.{position}")
    assert Objection.objects.count() == 31 and cost(client, "/objections/") == few
