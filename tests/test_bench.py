"""The benchmark command: it measures, names what it does not know, and leaves nothing behind."""

import pytest
from django.core.management import CommandError, call_command

from fupin.bench.measure import ratio
from fupin.bench.scratch import scratch


@pytest.mark.django_db
def test_a_scratch_county_leaves_no_row_behind():
    from households.models import Household
    from villages.models import County

    with scratch(villages=2, households=3) as made:
        assert Household.objects.filter(county=made.county).count() == 6
        assert made.round.surveys.filter(score__points__gte=0).count() == 6
    assert not County.objects.exists()


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
