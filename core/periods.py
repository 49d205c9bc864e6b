"""Days, ages and deadlines. Pure: no clock is read here, the caller hands every date in (rulings 20)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def age_on(birth: date, day: date) -> int:
    """Full years on `day`. Born on 29 February: the birthday counts on 1 March of a common year (trust 92).

    Negative for a day before birth; the caller decides what that means.
    """
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def income_year(day: date) -> tuple[date, date]:
    """First and last day of the income year that holds `day`: 1 October to 30 September (brief 3.9)."""
    start_year = day.year if day.month >= 10 else day.year - 1
    return date(start_year, 10, 1), date(start_year + 1, 9, 30)


def notice_end(posted: datetime, days: int, tz: ZoneInfo = SHANGHAI) -> datetime:
    """The moment a notice is over: the day of posting is not counted, day N runs to 24:00 local (rulings 19).

    `posted` must carry its zone. The answer is aware, in `tz`: 00:00 of the day after day N.
    The floor of 7 days belongs to the procedure, not to the calendar.
    """
    if posted.tzinfo is None:
        raise ValueError("posted needs a time zone")
    if days < 1:
        raise ValueError("a notice lasts at least one whole day")
    last_day = posted.astimezone(tz).date() + timedelta(days=days)
    return datetime.combine(last_day + timedelta(days=1), time(), tzinfo=tz)


def notice_last_day(end: datetime, tz: ZoneInfo = SHANGHAI) -> date:
    """The last whole day of a notice, the date printed on the sheet, from the moment `notice_end` gave."""
    return (end.astimezone(tz) - timedelta(microseconds=1)).date()
