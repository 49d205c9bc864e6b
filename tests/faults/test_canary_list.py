"""Marked words followed through a list: from the meeting of the group to the end of the notice, in every page, paper, answer and table
(trust A2, C1, C5, L1, N1-N3; ruling 6; issue 3.9). What is left in logs and files: test_canary_traces.py."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from assessment import clock
from assessment.actions.notices import withdraw_notice
from assessment.models import Case, Objection
from core.errors import BadInput
from core.models import AuditRow, Job
from tests.api.conftest import api, make_token  # noqa: F401  # the client program of the API tests
from tests.faults.canary_home import cells, exported
from tests.faults.canary_walk import (
    CODE,
    EVERYTHING,
    IDENTITIES,
    NUMBER,
    PEOPLE,
    PHONE,
    ROUND,
    SPOUSE,
    TOLD,
    VILLAGE,
    WORDS,
    Story,
    found,
    papers,
    walk,
)
from tests.standing import cast, db, fresh, places, round_, rubric_version, standing  # noqa: F401  # ground laid once for the module

pytestmark = pytest.mark.once

INSIDE = ("cadre", "lead", "township", "township2", "county", "viewer")
OUTSIDE = ("cadre2", "township_other", "auditor")
OFFICES = ("sysadmin", "secadmin", "nobody")
EVERY_PAPER = ("lists", "meetings", "printed", "file", "objections", "poster", "public", "evidence")
ID_AND_PHONE = (NUMBER, SPOUSE, PHONE)


@pytest.fixture(scope="module")
def told(standing, tmp_path_factory) -> Story:
    standing.patch.setattr(settings, "EVIDENCE_DIR", tmp_path_factory.mktemp("evidence"))
    return walk(standing.scope, standing.cast, standing.round, standing.make_case)


@pytest.fixture
def story(told, db) -> Story:
    return fresh(told)


READ: dict[tuple[str, str], tuple[int, str]] = {}
"""(who, address) → the page of the story as it was told: each is fetched once and searched by many."""


def now(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
    return answer.status_code, f"{text} {answer.headers}"


def shown(story: Story, who: str, kinds: tuple[str, ...], markers) -> dict[str, list[str]]:
    """Address → markers met there; what the caller may not open holds nothing either."""
    met, addresses = {}, [address for kind in kinds for address in papers(story)[kind]]
    if missing := [address for address in addresses if (who, address) not in READ]:
        client = story.enter(who)
        READ.update({(who, address): now(client, address) for address in missing})
    for address in addresses:
        status, text = READ[who, address]
        if markers_met := found(text, markers):
            met[f"{who} {status} {address}"] = markers_met
    return met


def by_roles(story: Story, roles, kinds: tuple[str, ...], markers) -> dict[str, list[str]]:
    met: dict[str, list[str]] = {}
    for who in roles:
        met |= shown(story, who, kinds, markers)
    return met


def test_the_walk_went_through_every_stage(story):
    """Else nothing below proves anything."""
    opinions = list(story.case.verdicts.values_list("stage", "pass_no", "opinion"))
    assert ("xh", 1, "return") in opinions and ("xd", 3, "agree") in opinions
    assert story.case.amendments.count() == 1 and Case.objects.filter(state="ended").count() == 1
    assert set(Objection.objects.values_list("channel", "status")) == {
        ("village", "closed"),
        ("public", "lodged"),
        ("village", "lodged"),
    }


def test_the_township_does_read_the_words_so_that_the_search_can_fail(story):
    """Every text that was typed is read somewhere by whom it is for. A 复核 form is read while it is filled; a refused text is kept nowhere."""
    met = {word for words in shown(story, "township2", EVERY_PAPER, TOLD.values()).values() for word in words}
    survey = story.enter("cadre").get(f"/households/{CODE}/survey/print/").content.decode()
    assert set(TOLD.values()) - met - set(found(survey, TOLD.values())) == {TOLD["refused"], TOLD["review"]}


def test_the_public_page_shows_no_marker_before_while_and_after(story):
    assert found(story.before) == [] and "网页自动撤下" in story.before
    assert shown(story, "", ("public",), EVERYTHING) == {}
    story.conclude()
    with clock.stepped_to(story.notice.ends_at + timedelta(seconds=1)):
        texts = [now(story.enter(), address)[1] for address in papers(story)["public"]]
    assert texts and [found(text) for text in texts if found(text)] == []


def test_the_public_page_names_nobody_in_full(story):
    text = story.enter().get(f"/public/notices/{story.notice.token}/").content.decode()
    assert "向*" in text and found(text, ("向大山", "张3", CODE)) == []


def test_a_visitor_gets_nothing_of_the_list_by_any_other_address(story):
    assert shown(story, "", EVERY_PAPER, EVERYTHING) == {}


def test_the_receipt_of_a_public_objection_repeats_nothing_of_it(story):
    (receipt,) = [text for address, text in story.answers if address.startswith("/public/")]
    assert Objection.objects.get(channel="public").code in receipt and found(receipt) == []


def test_looking_up_a_receipt_number_tells_neither_words_nor_people(story):
    for code in Objection.objects.values_list("code", flat=True):
        answer = story.enter().post("/public/objections/", {"code": code})
        assert answer.status_code == 200 and found(answer.content.decode()) == []


def test_the_poster_shows_no_marker_to_any_role(story):
    assert by_roles(story, INSIDE, ("poster",), EVERYTHING) == {}
    assert "向大山" in story.enter("lead").get(papers(story)["poster"][0]).content.decode()


def test_no_list_board_or_home_page_shows_a_marker_to_any_role(story):
    assert by_roles(story, INSIDE, ("lists",), EVERYTHING) == {}


@pytest.mark.parametrize("roles", [OUTSIDE, pytest.param(OFFICES, marks=pytest.mark.long)], ids=["outside", "without-cases"])
def test_no_paper_shows_anything_to_a_role_of_another_place_or_office(story, roles):
    assert by_roles(story, roles, EVERY_PAPER, EVERYTHING) == {}


def test_the_viewer_reads_neither_words_nor_numbers_nor_who_objects(story):
    assert shown(story, "viewer", EVERY_PAPER, EVERYTHING) == {}


def test_no_page_of_the_list_shows_the_county_an_id_or_a_phone(story):
    assert shown(story, "county", EVERY_PAPER, ID_AND_PHONE) == {}


def test_no_page_of_the_list_shows_anybody_an_id_unasked(story):
    assert by_roles(story, ("cadre", "lead", "township"), EVERY_PAPER, (NUMBER, SPOUSE)) == {}


def test_printed_minutes_and_sign_in_sheets_hold_no_number_of_the_household(story):
    assert by_roles(story, INSIDE, ("printed",), IDENTITIES) == {}


def test_who_objects_is_read_only_where_objections_are_handled(story):
    kinds = tuple(kind for kind in EVERY_PAPER if kind != "objections")
    assert by_roles(story, INSIDE, kinds, PEOPLE) == {}


def test_no_answer_to_a_form_carries_a_marker_in_page_header_message_or_address(story):
    assert any("已办理变更" in text for _, text in story.answers), "no message was caught"
    assert {address: found(text) for address, text in story.answers if found(text)} == {}


def test_no_export_or_table_holds_words_or_people(story, cast):
    files = [
        ("county", "roster", "422827"),
        ("cadre", "roster", VILLAGE),
        ("viewer", "county", "422827"),
        ("township", "township", "422827102"),
        ("cadre", "village", VILLAGE),
    ]
    for who, table, area in files:
        text = cells(Path(exported(getattr(cast, who), table, area).file_path))
        assert found(text, (*WORDS, *PEOPLE)) == [], (who, table)
        assert who == "cadre" or found(text, ID_AND_PHONE) == [], (who, table)


@pytest.mark.parametrize("area", ["422827", "422827102", "422827102200"])
def test_no_api_answer_about_the_list_holds_a_marker(story, api, area):
    client, query = api(area), {"round": ROUND}
    objects = [f"cases/{CODE}@{ROUND}/", f"notices/{story.notice.uuid}/", f"households/{CODE}/"]
    objects += [f"sittings/{row.uuid}/" for row in story.case.round.sittings.all()]
    objects += [f"objections/{code}/" for code in Objection.objects.values_list("code", flat=True)]
    for path in (
        *objects,
        "cases/",
        "sittings/",
        "notices/",
        "objections/",
        "rounds/",
        "surveys/",
        "households/",
        "changes/",
    ):
        answer = client.get(path, **({} if path in objects else query))
        assert answer.status_code in (200, 400), path
        assert found(answer.content.decode() + str(answer.headers)) == [], path


def test_no_row_of_any_table_holds_a_marker_in_the_clear(story, cast):
    """Trail, feed, keys of submissions, jobs and their parameters, frozen lines, verdicts, ballots, rows staged."""
    exported(cast.county, "roster", "422827")
    story.conclude()
    for model in apps.get_models():
        for row in model._base_manager.values():
            assert found(str(row)) == [], model._meta.label
    assert AuditRow.objects.filter(action="objection.lodge").count() == 3 and Job.objects.exists()


def test_no_session_holds_a_marker(story):
    sessions = " ".join(str(session.get_decoded()) for session in Session.objects.all())
    assert sessions and found(sessions) == []


def test_no_address_on_a_page_of_the_list_holds_a_marker_or_a_name(story):
    client = story.enter("township2")
    for kind in ("lists", "meetings", "objections", "file", "poster"):
        for address in papers(story)[kind]:
            links = re.findall(r'(?:href|action|src)="([^"]*)"', client.get(address).content.decode())
            assert found(" ".join(links), (*EVERYTHING, "向大山", "%E5%90%91")) == [], address


def test_an_uploaded_scan_leaves_its_file_name_nowhere(story):
    """The name of the file was the person's number; what comes back is named by the system."""
    names = " ".join(
        str(path)
        for folder in (settings.EVIDENCE_DIR, settings.FILES_DIR, settings.FILE_UPLOAD_TEMP_DIR)
        for path in folder.rglob("*")
    )
    (address,) = papers(story)["evidence"]
    answer = story.enter("county").get(address)
    assert answer.status_code == 200 and found(f"{names} {answer.headers}") == []


@pytest.mark.parametrize("text", [f"请打 {PHONE}", "她患尿毒症"])
def test_a_withdrawal_is_explained_without_number_or_illness(scope, story, text):
    with pytest.raises(BadInput) as refused:
        withdraw_notice(scope=scope("county"), notice=str(story.notice.uuid), reason=f"名单有误：{text}")
    assert list(refused.value.fields) == ["reason"]
