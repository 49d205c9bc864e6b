"""Help while filling the form: where an answer comes from, answers that follow the facts, answers against them, a second window; and
the distance to the next tier, which only those who decide see."""

import gzip
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from assessment.actions.surveys import save_draft, submit_survey
from assessment.derive import RULES
from assessment.form_state import current_survey
from assessment.models import Survey
from assessment.rubric import load_default
from assessment.sources import SOURCES, source_of

pytestmark = pytest.mark.once

HTML_MOST, ALL_MOST = 40_000, 150_000


@pytest.fixture
def household(make_household):
    return make_household("422827102200", 1, danger_level="C", structure="brick_wood")


@pytest.fixture
def url(household, round_):
    return f"/households/{household.code}/survey/"


def text(response) -> str:
    return response.content.decode()


def field(page: str, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def form_of(page: str) -> dict[str, str]:
    """What a browser sends of a page: hidden fields, checked answers, grounds."""
    data = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    data |= dict(re.findall(r'<input type="radio" name="(\w+)" value="([\w-]+)"[^>]*? checked', page))
    return data


def question(page: str, code: str) -> str:
    return re.search(rf'<fieldset[^>]*id="{code}".*?</fieldset>', page, re.S).group(0)


def change(household, **facts):
    type(household).objects.filter(pk=household.pk).update(**facts)


def test_every_rule_of_derivation_names_the_section_of_its_facts():
    assert set(SOURCES) == set(RULES)
    assert {item.code for item in load_default().indicators if source_of(item)} == set(RULES)


@pytest.mark.django_db
class TestSource:
    def test_a_cadre_goes_to_the_facts_of_an_answer_with_the_draft_saved(self, login, url, household):
        client = login("cadre")
        page = text(client.get(url))
        assert 'value="facts-house"' in question(page, "A2") and "危房鉴定等级为C级" in question(page, "A2")
        answer = client.post(url, form_of(page) | {"go": "facts-house", "remark-A": "东墙有缝"})
        assert (answer.status_code, answer["Location"]) == (302, f"/households/{household.code}/edit/?section=house&next=%2Fhouseholds%2F{household.code}%2Fsurvey%2F%3Fround%3D2016-SB%26look%3DA")
        assert Survey.objects.get().version == 1

    def test_income_facts_are_on_the_income_pages(self, login, url, household):
        answer = login("cadre").post(url, {"version": "0", "look": "B", "go": "facts-income"})
        assert answer["Location"].startswith(f"/households/{household.code}/income/2015/?next=")

    def test_a_button_that_names_no_section_leads_nowhere_else(self, login, url):
        answer = login("cadre").post(url, {"version": "0", "look": "A", "go": "facts-//evil.example"})
        assert answer["Location"].startswith(url)

    def test_an_answer_taken_from_facts_follows_them_and_says_so(self, login, url, household, round_):
        client = login("cadre")
        client.post(url, form_of(text(client.get(url))) | {"go": "facts-house"})
        change(household, danger_level="D")
        page = text(client.get(url))
        assert "由“C级”改为“无房或D级”" in question(page, "A2") and form_of(page)["A2"] == "A2-1"
        client.post(url, form_of(page))
        draft = current_survey(household, round_, "draft")
        assert (draft.answers[1], "A2" in draft.derived) == ("1", True)

    def test_an_answer_chosen_by_hand_stays_and_stands_against_the_facts_with_both_values(self, login, url, household):
        client = login("cadre")
        client.post(url, form_of(text(client.get(url))) | {"A2": "A2-4"})
        change(household, danger_level="D")
        part = question(text(client.get(url)), "A2")
        assert re.search(r'value="A2-4"[^>]*checked', part) and 'data-role="ground" aria-live="polite">' in part
        assert '<b data-role="chosen">A级</b>' in part and "<b>无房或D级</b>" in part and "危房鉴定等级为D级" in part

    def test_a_page_opened_before_the_facts_changed_does_not_bring_the_old_answer_back(self, login, url, household, round_):
        client = login("cadre")
        client.post(url, form_of(text(client.get(url))))
        opened = form_of(text(client.get(url)))
        change(household, danger_level="D")
        client.post(url, opened)
        assert current_survey(household, round_, "draft").answers[1] == "1"

    def test_the_old_answer_may_be_chosen_by_hand_after_the_facts_changed(self, login, url, household, round_):
        client = login("cadre")
        client.post(url, form_of(text(client.get(url))))
        change(household, danger_level="D")
        client.post(url, form_of(text(client.get(url))) | {"A2": "A2-2"})
        draft = current_survey(household, round_, "draft")
        assert (draft.answers[1], "A2" in draft.derived) == ("2", False)

    def test_a_submission_is_held_when_the_facts_changed_under_the_review_page(self, login, url, household, round_):
        client = login("cadre")
        client.post(url, form_of(text(client.get(url))))
        review = form_of(text(client.get(f"{url}?look=review"))) | {"surveyed_on": "2016-04-11", "surveyor_name": "测试cadre"}
        change(household, danger_level="D")
        page = text(client.post(f"{url}submit/", review))
        assert "户信息刚改过" in page and "住房安全等级：C级 → 无房或D级" in page
        assert not Survey.objects.exclude(status="draft").exists()


@pytest.mark.django_db
class TestSecondWindow:
    SAID = "刚保存过"

    def warned(self, client, url, came_from="") -> str:
        page = text(client.get(url, headers={"referer": f"http://testserver{came_from}"} if came_from else {}))
        return re.search(r'<div class="fp-note[^>]*data-role="elsewhere".*?</div>', page, re.S).group(0)

    def test_a_draft_saved_a_minute_ago_warns_a_window_opened_beside_it_without_a_write(self, login, url, household):
        client = login("cadre")
        client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
        before = Survey.objects.values().get()
        shown = self.warned(client, url, f"/households/{household.code}/")
        assert self.SAID in shown and " hidden" not in shown and Survey.objects.values().get() == before

    def test_the_way_from_look_to_look_and_back_from_the_facts_warns_of_nothing(self, login, url, household):
        client = login("cadre")
        client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
        for page in ("survey/?look=A", "edit/?section=house"):
            assert " hidden" in self.warned(client, url, f"/households/{household.code}/{page}")

    def test_a_colleague_is_told_that_somebody_else_is_filling_the_form(self, login, url):
        login("cadre").post(url, {"version": "0", "look": "A", "A1": "A1-5"})
        assert "由另一位同事保存过" in self.warned(login("lead"), url)

    def test_a_draft_of_yesterday_warns_nobody(self, login, url):
        client = login("cadre")
        client.post(url, {"version": "0", "look": "A", "A1": "A1-5"})
        Survey.objects.update(saved_at=timezone.now() - timedelta(days=1))
        assert " hidden" in self.warned(client, url)


@pytest.mark.django_db
class TestDistance:
    SAID = "离分档线"

    @pytest.fixture
    def submitted(self, scope, household, round_):
        common = {"scope": scope("cadre"), "household_code": household.code, "round_code": round_.code}
        answers = {item.code: item.options[-1].code for item in round_.rubric.value.indicators}
        notes = dict.fromkeys(answers, "入户看过，按现场填写。")
        draft = save_draft(**common, answers=answers, notes=notes, surveyed_on=date(2016, 4, 11), surveyor_name="测试cadre")
        return submit_survey(**common, version=draft.version)

    def test_those_who_decide_see_it_and_the_surveyor_and_the_viewer_do_not(self, login, submitted, household):
        seen = {who: self.SAID in text(login(who).get(f"/households/{household.code}/")) for who in ("lead", "township", "county", "cadre", "viewer")}
        assert seen == {"lead": True, "township": True, "county": True, "cadre": False, "viewer": False}

    def test_a_lead_who_had_a_hand_in_the_form_does_not_see_it(self, login, scope, household, round_):
        common = {"household_code": household.code, "round_code": round_.code}
        answers = {item.code: item.options[-1].code for item in round_.rubric.value.indicators}
        save_draft(scope=scope("lead"), **common, answers={"A1": "A1-5"})
        notes = dict.fromkeys(answers, "入户看过，按现场填写。")
        draft = save_draft(scope=scope("cadre"), **common, answers=answers, notes=notes, surveyed_on=date(2016, 4, 11), version=1)
        submit_survey(scope=scope("cadre"), **common, version=draft.version)
        assert self.SAID not in text(login("lead").get(f"/households/{household.code}/"))

    def test_a_lead_of_a_county_that_hides_the_score_does_not_see_it_and_the_township_does(self, login, submitted, household):
        type(household.county).objects.update(hide_score=True)
        seen = {who: self.SAID in text(login(who).get(f"/households/{household.code}/")) for who in ("lead", "township")}
        assert seen == {"lead": False, "township": True}

    def test_a_lead_does_not_see_it_while_the_household_is_asked_again(self, login, submitted, household, round_, url):
        login("cadre").post(f"{url}again/")
        assert self.SAID not in text(login("lead").get(f"/households/{household.code}/"))

    def test_the_form_itself_never_says_it(self, login, submitted, url):
        login("cadre").post(f"{url}again/")
        pages = [text(login("lead").get(f"{url}?look={look}")) for look in ("A", "review")]
        assert not any(self.SAID in page or "换档" in page for page in pages)


@pytest.mark.django_db
def test_a_look_weighs_little_on_a_village_line(login, url, round_):
    """The whole first visit within 150 kB as it is sent, a look within 40 kB before packing (issue 4)."""
    client = login("cadre")
    pages = [text(client.get(f"{url}?look={look.code}")) for look in round_.rubric.value.looks]
    assert max(len(page.encode()) for page in pages) <= HTML_MOST
    assets = {name for page in pages for name in re.findall(r'(?:href|src)="/static/([^"?]+)"', page)}
    sizes = [len(gzip.compress(Path(finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.)", "", name))).read_bytes())) for name in assets]
    assert sum(sizes) + len(gzip.compress(pages[0].encode())) <= ALL_MOST
