"""Drafts of forms: sealed, one person's, thirty days, and never written over by a window that did not write last (trust 5, 6, 7)."""

from datetime import timedelta

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone

from accounts import roles
from core import drafts
from core.errors import BadInput, Denied, StaleVersion
from core.models import AuditRow, FormDraft

KIND, SUBJECT = "test.form", "4228271022000001"
MINE, OTHER = "aaaaaaaa-0000", "bbbbbbbb-0000"


@pytest.fixture(autouse=True)
def kind(monkeypatch):
    monkeypatch.setitem(drafts._rights, KIND, roles.HOUSEHOLD_EDIT)


@pytest.fixture
def save(scope):
    def store(text="覃大山", login="cadre", tab=MINE, version=0, **more):
        data = QueryDict(mutable=True)
        data.update({"name": text, "csrfmiddlewaretoken": "secret-token", "draft-tab": tab})
        return drafts.save_draft(scope=scope(login), kind=KIND, subject=SUBJECT, data=data, tab=tab, version=version, **more)

    return store


def test_cadre_goes_on_at_another_machine_with_what_was_typed(save, scope):
    save("覃大山")
    assert drafts.draft_of(scope("cadre"), KIND, SUBJECT).data().dict() == {"name": "覃大山"}


def test_colleague_of_the_same_village_does_not_see_the_draft(save, scope):
    save()
    assert drafts.draft_of(scope("lead"), KIND, SUBJECT) is None


def test_typed_name_is_not_readable_in_the_database(save):
    row = save("覃大山")
    assert "覃大山" not in row.content_enc and "%E8" not in row.content_enc


def test_second_window_is_told_who_wrote_and_overwrites_nothing(save, scope):
    save("第一个窗口")
    with pytest.raises(StaleVersion) as told:
        save("第二个窗口", tab=OTHER)
    assert told.value.conflict.version == 1
    assert drafts.draft_of(scope("cadre"), KIND, SUBJECT).data()["name"] == "第一个窗口"


def test_second_window_may_take_over_and_the_first_is_told_then(save):
    save("第一个窗口")
    save("第二个窗口", tab=OTHER, take=True)
    with pytest.raises(StaleVersion):
        save("第一个窗口又写", version=1)


def test_window_that_opened_the_draft_goes_on_without_a_question(save):
    row = save()
    assert save("接着写", tab=OTHER, version=row.version).version == 2


def test_lost_answer_does_not_turn_a_window_against_itself(save):
    save()
    assert save("再写", version=0).version == 2


def test_draft_is_gone_after_thirty_days_before_anybody_tidies(save, scope):
    save()
    with time_machine.travel(timezone.now() + timedelta(days=drafts.DAYS, seconds=1)):
        assert drafts.draft_of(scope("cadre"), KIND, SUBJECT) is None
        assert drafts.remove_expired() == 1


def test_saving_a_draft_leaves_no_row_on_the_trail(save):
    before = AuditRow.objects.count()
    save()
    assert AuditRow.objects.count() == before


def test_viewer_keeps_no_draft_of_a_form_that_he_may_not_open(save):
    with pytest.raises(Denied):
        save(login="viewer")


@pytest.mark.parametrize("change", [{"text": "字" * 70_000}, {"tab": "<script>"}])
def test_draft_out_of_all_measure_is_refused(save, change):
    with pytest.raises(BadInput):
        save(**change)
    assert not FormDraft.objects.exists()


def test_script_saves_and_gets_the_version_back(db, cast, login):
    client = login("cadre")
    body = {"draft-kind": KIND, "draft-subject": SUBJECT, "draft-tab": MINE, "draft-version": "0", "name": "覃大山"}
    first = client.post("/drafts/", body, headers={"X-Autosave": "1"})
    second = client.post("/drafts/", body | {"draft-tab": OTHER}, headers={"X-Autosave": "1"})
    assert (first.status_code, first.json()["version"], second.status_code) == (200, 1, 412)
    assert second.json()["saved_at"] == first.json()["saved_at"]


def test_button_without_a_script_stores_and_leads_back_to_the_form(db, cast, login):
    body = {"draft-kind": KIND, "draft-subject": SUBJECT, "draft-tab": MINE, "draft-url": "/households/new/?village=1", "name": "覃大山"}
    assert login("cadre").post("/drafts/", body).url == "/households/new/?village=1&draft=1"


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/no-such-page/"])
def test_draft_leads_nobody_out_of_the_site(db, cast, login, url):
    assert login("cadre").post("/drafts/discard/", {"draft-kind": KIND, "draft-subject": SUBJECT, "draft-url": url}).url == "/"
