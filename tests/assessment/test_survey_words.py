"""Words that the cadre types on the review page about the household's own doubts: kept in the draft, sealed, until the form is submitted."""

import re

import pytest

from assessment.actions.surveys import save_draft
from assessment.form_state import open_said
from assessment.models import Survey
from households.models import Doubt
from households.secrets import reveal
from households.selectors_findings import standing_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORDS = "病历在县医院，下周去取。"


@pytest.fixture
def household(make_household, round_):
    """Poor by illness although nobody in it is ill."""
    return make_household("422827102200", 1, cause="01")


@pytest.fixture
def mark(household):
    return next(row.mark for row in standing_of(household) if row.asks)


@pytest.fixture
def url(household):
    return f"/households/{household.code}/survey/"


@pytest.fixture
def answered(scope, household, round_):
    """The draft with everything answered and grounded, ready for the review page."""
    answers = {item.code: item.options[0].code for item in round_.rubric.value.indicators}
    return save_draft(
        scope=scope("cadre"), household_code=household.code, round_code=round_.code, answers=answers, notes=dict.fromkeys(answers, "入户看过。")
    )


def review_of(client, url) -> tuple[str, dict[str, str]]:
    """The review page and what a browser would send of it."""
    page = client.get(f"{url}?look=review").content.decode()
    sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    sent |= dict(re.findall(r'name="(surveyed_on|surveyor_name)"[^>]*value="([^"]*)"', page))
    return page, sent


def test_words_on_a_doubt_are_there_again_after_the_draft_was_saved(login, url, mark, answered):
    client = login("cadre")
    _, sent = review_of(client, url)
    answer = client.post(url, sent | {f"doubt-{mark}": WORDS, "go": "review"})
    assert answer["Location"] == f"{url}?look=review"
    assert f">{WORDS}</textarea>" in review_of(client, url)[0]


def test_words_on_a_doubt_are_kept_sealed(login, url, mark, answered):
    client = login("cadre")
    client.post(url, review_of(client, url)[1] | {f"doubt-{mark}": WORDS, "go": "review"})
    draft = Survey.objects.get()
    assert open_said(draft) == {mark: WORDS} and "病历" not in draft.remarks_enc


def test_a_page_of_another_look_leaves_the_words_as_they_are(login, url, mark, answered):
    client = login("cadre")
    client.post(url, review_of(client, url)[1] | {f"doubt-{mark}": WORDS, "go": "review"})
    client.post(url, {"version": str(Survey.objects.get().version), "look": "A", "remark-A": "东墙有缝", "go": "next"})
    assert open_said(Survey.objects.get()) == {mark: WORDS}


def test_words_of_no_doubt_of_the_household_are_not_kept(login, url, answered):
    client = login("cadre")
    client.post(url, review_of(client, url)[1] | {"doubt-nothing": WORDS, "go": "review"})
    assert open_said(Survey.objects.get()) == {}


def test_words_kept_in_the_draft_explain_the_doubt_when_it_is_submitted(login, url, mark, answered):
    client = login("cadre")
    client.post(url, review_of(client, url)[1] | {f"doubt-{mark}": WORDS, "go": "review"})
    client.post(f"{url}submit/", review_of(client, url)[1])
    doubt = Doubt.objects.get(fingerprint=mark)
    assert (Survey.objects.get().status, doubt.state, reveal(doubt, "note")) == ("submitted", "kept", WORDS)


def test_a_submitted_form_holds_the_words_no_more(login, url, mark, answered):
    client = login("cadre")
    client.post(f"{url}submit/", review_of(client, url)[1] | {f"doubt-{mark}": WORDS})
    assert Survey.objects.get().status == "submitted" and open_said(Survey.objects.get()) == {}


def test_a_refused_submission_keeps_the_words_in_the_draft(login, url, mark, answered):
    client = login("cadre")
    client.post(url, {"version": str(answered.version), "look": "A", "A1": "", "go": "next"})
    assert client.post(f"{url}submit/", review_of(client, url)[1] | {f"doubt-{mark}": WORDS}).status_code == 400
    assert open_said(Survey.objects.get()) == {mark: WORDS}


def test_the_way_to_the_fact_saves_the_words_and_leads_back_to_the_review(login, url, household, mark, answered):
    client = login("cadre")
    page, sent = review_of(client, url)
    assert f'name="go" value="mend-{mark}"' in page
    answer = client.post(url, sent | {f"doubt-{mark}": WORDS, "go": f"mend-{mark}"})
    assert answer["Location"].startswith(f"/households/{household.code}/edit/?section=") and "look%3Dreview" in answer["Location"]
    assert open_said(Survey.objects.get()) == {mark: WORDS}


def test_the_way_to_an_unanswered_item_saves_the_words_and_leads_to_the_item(login, url, mark, answered):
    client = login("cadre")
    client.post(url, {"version": str(answered.version), "look": "A", "A1": "", "go": "next"})
    page, sent = review_of(client, url)
    assert 'name="go" value="A1"' in page
    assert client.post(url, sent | {f"doubt-{mark}": WORDS, "go": "A1"})["Location"] == f"{url}?look=A#A1"
    assert open_said(Survey.objects.get()) == {mark: WORDS}


def test_words_typed_beside_a_colleagues_are_shown_with_theirs_and_kept(login, url, mark, answered):
    client = login("cadre")
    _, sent = review_of(client, url)
    client.post(url, sent | {f"doubt-{mark}": "同事写的。", "go": "review"})
    stale = client.post(url, sent | {f"doubt-{mark}": WORDS, "go": "review"})
    assert stale.status_code == 412 and "同事写的。" in stale.content.decode() and WORDS in stale.content.decode()
