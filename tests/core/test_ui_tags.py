"""What a reader sees: numbers, dates, fields and bars as the templates write them."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from core.templatetags import ui


def render(text: str, **context) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


class _Form(forms.Form):
    name = forms.CharField(label="姓名", help_text="照户口本写")
    note = forms.CharField(label="备注", required=False)
    agreed = forms.BooleanField(label="同意", required=False)
    sex = forms.ChoiceField(label="性别", choices=[("1", "男"), ("2", "女")], widget=forms.RadioSelect)


@pytest.mark.parametrize(
    "value, shown",
    [(1347, "1,347"), (0, "0"), (None, "不可算"), ("", "不可算"), (Decimal("2924.50"), "2,924.5"), (-2300, "-2,300")],
)
def test_a_reader_sees_a_number_with_separators_and_an_unknown_one_as_not_computable(value, shown):
    assert ui.num(value) == shown


@pytest.mark.parametrize("value, shown", [(0.108, "10.8"), (Decimal("1"), "100.0"), (0, "0.0"), (None, "不可算")])
def test_a_reader_sees_a_rate_with_one_decimal_and_an_unknown_one_as_not_computable(value, shown):
    assert ui.pct(value) == shown


def test_a_reader_sees_money_in_yuan_and_a_dash_where_none_is_known():
    assert [ui.yuan(2924), ui.yuan(0), ui.yuan(None)] == ["2,924 元", "0 元", "—"]


def test_a_reader_sees_a_date_in_chinese_without_leading_zeros():
    assert ui.cn_date(date(2016, 3, 5)) == "2016年3月5日"


def test_a_reader_sees_a_late_evening_moment_on_the_local_day_not_the_utc_day():
    moment = datetime(2016, 3, 5, 16, 30, tzinfo=UTC)
    assert ui.cn_datetime(moment) == "2016年3月6日 00:30"
    assert ui.cn_date(moment) == "2016年3月6日"


def test_a_clerk_who_turns_the_page_keeps_the_filters_that_were_set():
    request = RequestFactory().get("/households/", {"tier": "A", "page": "2"})
    assert render("{% querystring_with page=3 %}", request=request) == "?tier=A&amp;page=3"
    assert render("{% querystring_with page='' %}", request=request) == "?tier=A"


def test_a_reader_with_a_screen_reader_hears_each_bar_once_with_its_number():
    html = render("{% hbars rows '户数' '户' %}", rows=[{"label": "甲", "value": 40}, {"label": "乙", "value": 10}])
    assert html.count('aria-label="甲 40 户"') == 1
    assert '<span class="fp-hbars__k" aria-hidden="true">甲</span>' in html


def test_the_longest_bar_fills_its_track_and_the_others_keep_their_share():
    html = render("{% hbars rows '户数' %}", rows=[{"label": "甲", "value": 40}, {"label": "乙", "value": 10}])
    assert 'width="100.0"' in html
    assert 'width="25.0"' in html


def test_a_chart_of_nothing_but_zeros_and_a_chart_without_rows_are_drawn_without_a_fault():
    assert 'width="0.0"' in render("{% hbars rows '户数' %}", rows=[{"label": "甲", "value": 0}])
    assert "<li>" not in render("{% hbars rows '户数' %}", rows=[])


@pytest.mark.parametrize("value, most, width", [(72, 81, "88.9"), (5, 0, "0.0"), (None, 8, "0.0"), (90, 81, "100.0")])
def test_a_progress_bar_stays_inside_its_track_whatever_the_numbers(value, most, width):
    assert f'class="fg" width="{width}"' in render("{% bar value most %}", value=value, most=most)


def test_a_cadre_sees_which_fields_must_be_filled():
    form = _Form()
    assert "必填" in render("{% field bound %}", bound=form["name"])
    assert "必填" not in render("{% field bound %}", bound=form["note"])


def test_a_field_in_fault_names_its_help_and_its_error_to_a_screen_reader_and_keeps_what_was_typed():
    form = _Form({"name": "", "note": "已搬迁"})
    html = render("{% field bound %}", bound=form["name"])
    assert 'aria-invalid="true"' in html
    named = html.split('aria-describedby="')[1].split('"')[0].split()
    assert set(named) == {"id_name_helptext", "id_name_error"}
    assert all(f'id="{name}"' in html for name in named)
    assert 'value="已搬迁"' in render("{% field bound %}", bound=form["note"])


def test_a_choice_of_one_is_a_group_with_a_legend_and_a_label_for_each_option():
    html = render("{% field bound %}", bound=_Form()["sex"])
    assert "<fieldset" in html and "<legend" in html
    assert html.count("<label") == 2


def test_a_name_with_markup_in_it_is_shown_as_text():
    html = render(
        "{% hbars rows '户数' %}{% tag_label label 'tier' 'X' %}", rows=[{"label": "<b>", "value": 1}], label="<i>"
    )
    assert "<b>&lt;" not in html and "&lt;b&gt;" in html and "&lt;i&gt;" in html


def test_an_icon_without_words_is_hidden_from_a_screen_reader():
    assert 'aria-hidden="true"' in render("{% icon 'print' %}")
    assert 'aria-label="打印"' in render("{% icon 'print' '打印' %}")
