"""Pages by keyset: every row once, both ways, and an address that leads nowhere leads to the beginning."""

from datetime import UTC, datetime, timedelta

import pytest

from core.api.paging import Keyset, encode
from core.models import Job
from core.web.paging import page_of, paged

pytestmark = pytest.mark.django_db
DAY = datetime(2016, 6, 1, tzinfo=UTC)
MIXED = Keyset(("state", "-created_at", "id"))


@pytest.fixture
def jobs(cast):
    """Nine jobs of three states, three at the same moment."""
    rows = [
        Job(kind="x", title=str(n), requested_by=cast.county, state=("done", "failed", "queued")[n % 3], created_at=DAY + timedelta(days=n // 3))
        for n in range(9)
    ]
    Job.objects.bulk_create(rows)
    return Job.objects.all()


def titles(page):
    return [row.title for row in page.rows]


def test_a_reader_who_goes_on_sees_every_row_once_in_order(jobs):
    seen, after = [], ""
    while True:
        page = page_of(jobs, MIXED, after=after, size=2)
        seen += titles(page)
        if not (after := page.next):
            break
    assert seen == [row.title for row in jobs.order_by("state", "-created_at", "id")]


def test_a_reader_who_goes_back_sees_the_page_before(jobs):
    first = page_of(jobs, MIXED, size=4)
    second = page_of(jobs, MIXED, after=first.next, size=4)
    assert titles(page_of(jobs, MIXED, before=second.previous, size=4)) == titles(first)


def test_the_first_page_has_nothing_before_it_however_it_was_reached(jobs):
    second = page_of(jobs, MIXED, after=page_of(jobs, MIXED, size=4).next, size=4)
    assert page_of(jobs, MIXED, before=second.previous, size=4).previous == ""


def test_the_last_page_has_nothing_behind_it(jobs):
    assert page_of(jobs, MIXED, size=9).next == ""


def test_a_row_added_meanwhile_is_neither_lost_nor_does_it_show_another_twice(jobs, cast):
    first = page_of(jobs, MIXED, size=4)
    Job.objects.create(kind="x", title="new", requested_by=cast.county, state="done", created_at=DAY + timedelta(days=9))
    assert not set(titles(first)) & set(titles(page_of(jobs, MIXED, after=first.next, size=9)))


def test_a_reader_whose_page_has_emptied_meanwhile_finds_the_beginning(jobs):
    first = page_of(jobs, MIXED, size=4)
    jobs.exclude(title__in=titles(first)).delete()
    assert titles(page_of(jobs, MIXED, after=first.next, size=4)) == titles(first)


@pytest.mark.parametrize("cursor", ["x", "令", encode(["done"]), encode(["done", "0001-01-01T00:00:00+14:00", "a8098c1a-f86e-11da-bd1a-00112444be1e"])])
def test_a_cursor_written_by_hand_leads_to_the_beginning(jobs, cursor):
    assert titles(page_of(jobs, MIXED, after=cursor, size=4)) == titles(page_of(jobs, MIXED, size=4))


def test_the_count_of_a_long_list_stops_and_is_asked_with_its_rows(jobs, monkeypatch, rf, django_assert_num_queries):
    monkeypatch.setattr("core.web.paging.COUNT_CAP", 5)
    lists = (jobs, jobs.filter(state="done"), jobs.filter(state="none"))
    with django_assert_num_queries(3):
        assert [paged(rf.get("/"), rows, MIXED, "件").count_text for rows in lists] == ["5 件以上", "3 件", "0 件"]
    assert paged(rf.get("/", {"after": encode(["done", DAY, 1])}), jobs, MIXED, "件", size=2).count_text == "5 件以上"
