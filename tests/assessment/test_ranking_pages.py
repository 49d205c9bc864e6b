"""The pages of 逐户排队, without scripts: from the first sheet to the seal, refusals, what a reader sees (A9-02, A9-03)."""

import re

import pytest

from assessment.models import Ballot, RankingSheet, Verdict
from tests.assessment.queues import sheet
from tests.assessment.ranked_ground import as_one, browser, cadre, close_plain, laid, meeting, ranked  # noqa: F401
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once  # what a page shows is the same on any database


def hidden(page: str, name: str, action: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page[page.index(f'action="{action}"') :]).group(1)


def test_a_cadre_ranks_by_pages_from_the_first_sheet_to_the_seal(ranked, cast):
    """No script: five columns typed, a line through a tie refused and drawn, ballots filled, the desk, the paper, the close."""
    client, base = browser(cast, "cadre"), f"/sittings/{ranked.sitting.uuid}/"
    for seat, order in enumerate(("1 2 3 4", "1 2 3 4", "1 3 2 4", "1 3 2 4", "1 2 2 4"), 1):
        address = f"{base}ranking/{seat}/"
        page = client.get(address).content.decode()
        sent = {name: hidden(page, name, address) for name in ("scorer", "version", "mark", "key")} | {"bulk": order, "do": "column"}
        assert client.post(address, sent).status_code == 302
    page = client.get(f"{base}ranking/").content.decode()
    assert "并列" in page and "划线" in page
    action = f"{base}ranking/line/"
    answer = client.post(action, {"queue": hidden(page, "queue", action), "key": "l1", "taken": "2"})
    assert answer.status_code == 409 and "张2、张3合计位次相同" in (page := answer.content.decode())
    action = f"{base}ranking/tie/"
    tie = {name: hidden(page, name, action) for name in ("queue", "taken", "key")} | {f"order-{ranked.cases[n].uuid}": str(n) for n in (1, 2)}
    assert "请写明理由" in (page := client.post(action, tie).content.decode()) and 'value="2"' in page
    assert client.post(action, tie | {"reason": "张3家劳力少"}).status_code == 302
    page = client.get(f"{base}ranking/").content.decode()
    assert "线下 2 户列为贫困户" in page and "得分是低保贫困户，排队在线上" in page
    action = f"{base}ranking/ballots/"
    assert client.post(action, {"queue": hidden(page, "queue", action), "key": "f1"}).status_code == 302
    assert Ballot.objects.count() == 3
    desk = client.get(f"{base}?case={ranked.cases[1].uuid}").content.decode()
    assert "得分是低保贫困户，排队在线上" in desk and "逐户排队" in desk and "请逐户填意见" in desk
    paper = client.get(f"{base}ranking/print/").content.decode()
    assert "从队尾取 2 户列为贫困户备选" in paper and paper.count("代表5") == 2 and "张3家劳力少" in paper
    client.post(f"{base}ballots/", {"case": str(ranked.cases[1].uuid), "version": "0", "opinion": "agree", "category": "TUOPIN", "note": "队列在线上，小组议定"})
    page, action = client.get(base).content.decode(), f"{base}close/"
    assert client.post(action, {name: hidden(page, name, action) for name in ("version", "count", "mark", "key")}).status_code == 302
    assert Verdict.objects.count() == 4 and "不能再改" in client.get(f"{base}ranking/").content.decode()


def test_a_sheet_that_is_refused_comes_back_with_all_that_was_typed(meeting, cast):
    client, address = browser(cast, "cadre"), f"/sittings/{meeting.sitting.uuid}/ranking/1/"
    page = client.get(address).content.decode()
    boxes = {f"place-{case.uuid}": text for case, text in zip(meeting.cases, ("1", "二", "3", ""), strict=True)}
    sent = {name: hidden(page, name, address) for name in ("scorer", "version", "mark", "key")} | boxes | {"do": "save"}
    answer = client.post(address, sent)
    assert answer.status_code == 400 and 'value="二"' in answer.content.decode() and "张2：位次“二”不是数" in answer.content.decode()
    bulk = client.post(address, sent | {"do": "column", "bulk": "1 2 3"}).content.decode()
    assert "名单有 4 户，这里有 3 个位次" in bulk and ">1 2 3</textarea>" in bulk


def test_an_overtaken_sheet_shows_what_was_typed_and_the_next_click_saves_it(meeting, cast, cadre):
    client, address = browser(cast, "cadre"), f"/sittings/{meeting.sitting.uuid}/ranking/1/"
    page = client.get(address).content.decode()
    sent = {name: hidden(page, name, address) for name in ("scorer", "version", "mark", "key")} | {"do": "save", "bulk": ""}
    sent |= {f"place-{case.uuid}": str(place) for place, case in enumerate(meeting.cases, 1)}
    sheet(cadre, meeting.sitting, "代表1", (4, 3, 2, 1))
    answer = client.post(address, sent)
    assert answer.status_code == 412 and "已被别人改过" in (page := answer.content.decode()) and 'value="4"' in page
    sent |= {name: hidden(page, name, address) for name in ("version", "mark", "key")}
    assert client.post(address, sent).status_code == 302
    assert sorted(RankingSheet.objects.get().places.values()) == [1, 2, 3, 4] and RankingSheet.objects.get().places[str(meeting.cases[0].uuid)] == 1


def test_the_blank_sheet_numbers_households_as_the_page_does(meeting, cast):
    client, base = browser(cast, "cadre"), f"/sittings/{meeting.sitting.uuid}/ranking/"
    paper, page = (client.get(f"{base}{tail}").content.decode() for tail in ("print/?blank=1", "1/"))
    names = re.findall(r'<td class="no">(\d)</td><th scope="row">(张\d)', paper)
    assert names == re.findall(r'<td class="num z">(\d)</td><th scope="row"><label[^>]*>(张\d)', page) and len(names) == 4


def test_who_only_reads_sees_the_queue_and_no_button(meeting, as_one, cadre, cast):
    sitting = as_one(1, 2, 3, 4)
    client = browser(cast, "township")
    page = client.get(f"/sittings/{sitting.uuid}/ranking/").content.decode()
    assert "张4" in page and "<button" not in page[page.index("<main") : page.index("</main")]
    assert "name=\"place-" not in client.get(f"/sittings/{sitting.uuid}/ranking/0/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("cadre2", 404), ("viewer", 200), ("auditor", 403)])
def test_the_queue_is_read_by_who_reads_the_list(meeting, cast, who, status):
    assert browser(cast, who).get(f"/sittings/{meeting.sitting.uuid}/ranking/").status_code == status


def test_a_village_meeting_has_no_queue(meeting, cadre, cast):
    close_plain(cadre, meeting.sitting)
    assembly = meeting.hall.open("cy")
    client = browser(cast, "lead")
    assert client.get(f"/sittings/{assembly.uuid}/ranking/").status_code == 404
    assert "逐户排队" not in client.get(f"/sittings/{assembly.uuid}/").content.decode()
