"""Ages, the income year and the clock of a notice (brief 3.9, rulings 19, trust 77, 92)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.periods import SHANGHAI, age_on, income_year, notice_end, notice_last_day


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(2000, 6, 30), date(2016, 6, 29), 15),
        (date(2000, 6, 30), date(2016, 6, 30), 16),
        (date(2000, 2, 29), date(2016, 2, 28), 15),
        (date(2000, 2, 29), date(2016, 2, 29), 16),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(1956, 1, 1), date(2016, 1, 1), 60),
        (date(2016, 6, 30), date(2016, 6, 30), 0),
    ],
)
def test_person_has_full_years_on_the_day(birth, day, age):
    assert age_on(birth, day) == age


def test_every_birthday_of_a_leap_year_adds_exactly_one_year():
    day, end = date(2004, 1, 1), date(2004, 12, 31)
    while day <= end:
        for year in (2018, 2020):
            birthday = date(year, 3, 1) if (day.month, day.day, year) == (2, 29, 2018) else day.replace(year=year)
            assert age_on(day, birthday) == year - 2004
            assert age_on(day, birthday - timedelta(days=1)) == year - 2005
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2015, 9, 30), date(2014, 10, 1)),
        (date(2015, 10, 1), date(2015, 10, 1)),
        (date(2015, 12, 31), date(2015, 10, 1)),
        (date(2016, 1, 1), date(2015, 10, 1)),
        (date(2016, 9, 30), date(2015, 10, 1)),
    ],
)
def test_income_year_runs_from_october_to_september(day, first):
    assert income_year(day) == (first, date(first.year + 1, 9, 30))


@settings(derandomize=True, max_examples=200)
@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_every_day_lies_in_its_income_year(day):
    start, end = income_year(day)
    assert start <= day <= end
    assert income_year(end + timedelta(days=1))[0] == end + timedelta(days=1)


def test_posting_day_is_not_counted_and_day_seven_runs_to_midnight():
    posted = datetime(2016, 6, 1, 9, 30, tzinfo=SHANGHAI)
    assert notice_end(posted, 7) == datetime(2016, 6, 9, 0, 0, tzinfo=SHANGHAI)


def test_posting_at_one_minute_to_midnight_ends_the_same_day_as_posting_at_dawn():
    late = datetime(2016, 6, 1, 23, 59, tzinfo=SHANGHAI)
    early = datetime(2016, 6, 1, 0, 0, tzinfo=SHANGHAI)
    assert notice_end(late, 7) == notice_end(early, 7)


def test_utc_evening_is_already_the_next_day_in_shanghai():
    posted = datetime(2016, 6, 1, 16, 30, tzinfo=UTC)
    assert notice_end(posted, 7) == datetime(2016, 6, 10, 0, 0, tzinfo=SHANGHAI)


def test_sheet_names_day_seven_as_the_last_day():
    posted = datetime(2016, 6, 1, 9, 30, tzinfo=SHANGHAI)
    assert notice_last_day(notice_end(posted, 7)) == date(2016, 6, 8)


def test_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        notice_end(datetime(2016, 6, 1), 7)


def test_notice_of_no_days_is_refused():
    with pytest.raises(ValueError, match="whole day"):
        notice_end(datetime(2016, 6, 1, tzinfo=SHANGHAI), 0)


@settings(derandomize=True, max_examples=200)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)), st.integers(1, 60))
def test_notice_always_holds_n_whole_days(posted, days):
    end = notice_end(posted, days)
    assert timedelta(days=days) < end - posted <= timedelta(days=days + 1)
    assert (end.hour, end.minute, end.second) == (0, 0, 0)
