"""Small things that spare a cadre taps: lists keep their filters, a detour leads back, a refusal says what to do."""

import pytest
from django import forms

from core.web.way_back import carrying, safe_path


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/households/4228271022000001/survey/?look=B", "/households/4228271022000001/survey/?look=B"),
        ("https://elsewhere.example/households/", ""), ("//elsewhere.example/", ""), ("/\\elsewhere.example", ""), ("/no/such/page/", ""),
        ("javascript:alert(1)", ""), ("", ""), ("/households/?q=" + "甲" * 500, ""),
    ],
)  # fmt: skip
def test_a_detour_leads_back_to_a_page_of_this_site_only(typed, kept):
    assert safe_path(typed) == kept


def test_the_way_back_is_one_more_value_of_the_address():
    assert carrying("/doubts/?rule=1", "/coverage/") == "/doubts/?rule=1&next=%2Fcoverage%2F"
    assert carrying("/doubts/", "") == "/doubts/"


class Paper(forms.Form):
    name = forms.CharField(max_length=3)
    kind = forms.ChoiceField(choices=[("1", "甲")])
    day = forms.DateField()
    file = forms.FileField()


def test_a_cadre_reads_what_to_do_in_every_box_left_empty():
    said = {name: errors[0] for name, errors in Paper({}).errors.items()}
    assert said == {"name": "请填写这一项。", "kind": "请选择一项。", "day": "请填写这一项。", "file": "请选择文件。"}


def test_a_cadre_reads_how_much_too_long_or_wrong_a_box_is():
    said = Paper({"name": "恩施土家", "kind": "9", "day": "2016-02-31"}).errors
    assert said["name"] == ["最多 3 字，现在 4 字。"]
    assert said["kind"] == ["列表里没有这一项，请重新选择。"]
    assert said["day"] == ["请填真实的日期，如 2016-04-11。"]


@pytest.mark.django_db
class TestRememberedFilters:
    def test_a_township_officer_who_comes_back_to_the_list_finds_the_filters_kept(self, login):
        client = login("township")
        client.get("/households/?q=向&surveyed=no&township=&after=4228271022000001")
        again = client.get("/households/")
        assert (again.status_code, again["Location"]) == (302, "/households/?q=%E5%90%91&surveyed=no")

    def test_a_cleared_list_stays_clear(self, login):
        client = login("township")
        client.get("/households/?surveyed=no")
        assert client.get("/households/?clear=1")["Location"] == "/households/"
        assert client.get("/households/").status_code == 200

    def test_a_page_further_on_and_one_households_doubts_leave_the_filters_as_they_were(self, login):
        client = login("township")
        client.get("/doubts/?severity=block")
        client.get("/doubts/?household=4228271022000001")
        assert client.get("/doubts/")["Location"] == "/doubts/?severity=block"

    def test_each_list_has_its_own_filters(self, login):
        client = login("township")
        client.get("/households/?surveyed=no")
        assert client.get("/notices/").status_code == 200

    @pytest.mark.parametrize(
        ("who", "path", "query"),
        [
            ("cadre", "/transfers/", "list=all&state=agreed"), ("township", "/panels/", "kind=village&village=422827102200"),
            ("cadre", "/jobs/", "state=failed"), ("township", "/imports/", "state=refused"), ("sysadmin", "/manage/accounts/", "q=abc"),
            ("secadmin", "/manage/assignments/", "q=abc"), ("auditor", "/manage/audit/", "result=denied"),
            ("sysadmin", "/manage/places/", "township=422827102"), ("cadre", "/sittings/", "status=closed"), ("township", "/objections/", "status=closed"),
            ("lead", "/rounds/2016-SB/villages/422827102200/", "state=open"),
        ],
    )  # fmt: skip
    def test_a_list_left_with_filters_opens_with_them_and_can_be_cleared(self, login, round_, who, path, query):
        client = login(who)
        assert f'href="{path}?clear=1"' in client.get(f"{path}?{query}").content.decode()
        assert client.get(path)["Location"] == f"{path}?{query}"
        assert client.get(client.get(f"{path}?clear=1")["Location"]).status_code == 200

    def test_the_session_keeps_the_lists_looked_at_last(self, login, monkeypatch):
        monkeypatch.setattr("core.web.remembered.MOST_LISTS", 2)
        client = login("township")
        for path in ("/households/?surveyed=no", "/doubts/?severity=block", "/jobs/?state=done"):
            client.get(path)
        assert list(client.session["lists"]) == ["/doubts/", "/jobs/"]
