"""Two at once on a notice, with real threads on both databases (ruling 32; trust 73)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assessment.actions.due import conclude_due
from assessment.models import Case, Notice, Verdict
from core.errors import DomainError, WrongState
from core.models import AuditRow
from tests.assessment.notice_ground import shanghai

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
LATER = shanghai("2126-12-01 00:00")


def _together(*works):
    """Run the works at the same moment; their results or refusals."""
    barrier = Barrier(len(works))

    def begin(work):
        barrier.wait()
        try:
            return work()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(begin, work) for work in works]]


def test_two_workers_conclude_one_notice_and_the_effect_is_one(reach_notice, start, post):
    for number in range(1, 7):
        reach_notice(number)
    post(start())
    results = _together(*[lambda: conclude_due(LATER)] * 3)
    assert sorted(result["cases"] for result in results) == [0, 0, 6]
    assert Verdict.objects.count() == 6 and set(Case.objects.values_list("state", flat=True)) == {"concluded"}
    assert AuditRow.objects.filter(action="notice.conclude", result="ok").count() == 1


def test_two_clerks_start_a_notice_of_one_village_and_one_is_told_why(reach_notice, start, cast):
    reach_notice(1), reach_notice(2)
    results = _together(lambda: start(), lambda: start(who="township2"))
    assert sorted(type(result).__name__ for result in results) == ["Notice", "WrongState"]
    assert Notice.objects.count() == 1


def test_two_cadres_post_the_last_two_sheets_at_once_and_the_clock_starts_once(reach_notice, start, post):
    reach_notice(1, group=1), reach_notice(2, group=2)
    notice = start()
    results = _together(lambda: post(notice, 0), lambda: post(Notice.objects.get(pk=notice.pk), 1, who="lead"))
    assert not [result for result in results if isinstance(result, WrongState)]
    notice.refresh_from_db()
    assert notice.status == "open" and notice.opened_at == max(notice.sheets.values_list("posted_at", flat=True))


def test_one_sheet_posted_by_two_at_once_is_entered_once(reach_notice, start, post):
    reach_notice(1)
    notice = start()
    results = _together(
        lambda: post(notice), lambda: post(Notice.objects.get(pk=notice.pk), who="lead", posted_name="另一人")
    )
    assert sorted(type(result).__name__ for result in results) == ["Notice", "WrongState"]
