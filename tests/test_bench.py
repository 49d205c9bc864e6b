"""The benchmark command: it measures, names what it does not know, and leaves nothing behind."""

import pytest
from django.core.management import CommandError, call_command

from fupin.bench import measure
from fupin.bench.measure import ratio, spent
from fupin.bench.scratch import scratch

pytestmark = pytest.mark.once


@pytest.mark.django_db
def test_a_scratch_county_leaves_no_row_behind():
    from households.models import Household
    from villages.models import County

    with scratch(villages=2, households=3) as made:
        assert Household.objects.filter(county=made.county).count() == 6
        assert made.round.surveys.filter(score__points__gte=0).count() == 6
    assert not County.objects.exists()


@pytest.fixture(autouse=True)
def no_sweeping(monkeypatch):
    """Between two runs the bench empties the heap, which is large where thousands of tests live."""
    monkeypatch.setattr(measure.gc, "collect", lambda: 0)


def test_the_ratio_is_of_medians_and_the_first_run_does_not_count():
    calls = []
    ratio(lambda: calls.append("ours"), lambda: calls.append("limit"), runs=3)
    assert calls == ["ours", "limit"] * 4


def test_an_unknown_name_is_refused_by_name():
    with pytest.raises(CommandError, match="没有这些项目：nonsense"):
        call_command("bench", "nonsense")


def test_a_production_database_is_not_measured(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="不在生产库"):
        call_command("bench", "score")


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_long_list_is_walked_to_its_public_page_and_leaves_no_row_behind(monkeypatch, capsys):
    """Every page of the family is asked for; a page that did not answer would stop it."""
    from accounts.models import User
    from assessment.models import Notice
    from villages.models import County

    monkeypatch.setattr("fupin.bench.sittings.HOUSEHOLDS", 4)
    monkeypatch.setattr("fupin.bench.measure.RUNS", 1)
    call_command("bench", "sittings")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 15 and all("毫秒（CPU" in line and "[≤ 300 毫秒]" in line for line in lines)
    assert not (User.objects.exists() or Notice.objects.exists() or County.objects.exists())


def test_a_page_is_compared_with_its_limit_by_the_time_of_the_process():
    calls = []
    found = spent("x", "页", lambda: calls.append(sum(range(100_000))), lambda: sum(range(10_000)), "≤ 300 毫秒")
    assert len(calls) == measure.RUNS + 1, "the first run does not count"
    assert found.ratio > 2 and found.wall > 0 and "页  [≤ 300 毫秒]" in found.line()
