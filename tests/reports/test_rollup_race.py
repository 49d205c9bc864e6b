"""Two roll-ups of one round at the same moment, on real connections (PostgreSQL: locks, SQLite: waiting)."""

import threading

import pytest
from django.db import connection

from reports.actions import roll_up, system_scope
from reports.checks import check_levels
from reports.models import Tally, TallyState

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_two_roll_ups_at_once_leave_each_figure_once(round_, counted):
    faults: list[BaseException] = []
    start = threading.Barrier(2)

    def run():
        try:
            start.wait(10)
            roll_up(scope=system_scope(round_), round_code=round_.code, full=True)
        except BaseException as fault:  # noqa: BLE001  # whatever it is, the test must see it
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert TallyState.objects.count() == 3
    assert Tally.objects.count() == 10  # nine groups and one 未分组
    assert check_levels(round_) == []
