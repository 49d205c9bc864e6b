"""Ground of 撤并村: a village in the middle of its list beside another of the township, and the merge in one word."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessment.actions.merging import merge_villages
from assessment.models import Panel
from assessment.selectors_merging import plan_of
from tests.assessment.list_ground import Ground
from villages.models import Village, VillageMerge

OLD, NEW, FAR, ROUND, TOWN = "422827102200", "422827102201", "422827103200", "2016-SB", "422827102"
SAID = {"reason": "县政府批准两村合并。", "document_no": "来政发〔2016〕9号", "effective_on": date(2016, 9, 1)}


@pytest.fixture(scope="module")
def ground(standing):
    """桐子园村: two households on show, one at 组评 in 2组, one in hand for a form, one ungrouped; 芭蕉溪村: one at 组评."""
    make, laid = standing.make_case, Ground(standing.scope, standing.cast)
    shown = [make(number=number) for number in (1, 2)]
    laid.to("gs", shown)
    standing.notice = laid.notice(shown, timezone.now() - timedelta(days=1))
    standing.shown, standing.waits = shown, make(number=3, group=2)
    standing.bare, standing.loose = standing.make_household(OLD, 4), make(number=5, group=None)
    standing.near = make(number=21, village_code=NEW)
    Panel.objects.create(
        kind="group", name="二组评议小组", county_id=standing.places.county.pk, township=standing.places.townships[TOWN],
        village=standing.places.villages[OLD], group=standing.places.groups[f"{OLD}02"], members=[{"name": "王代表", "post": ""}],
        updated_at=timezone.now(),
    )  # fmt: skip
    return standing


@pytest.fixture
def scope(ground, db):
    return ground.scope


def village(code: str) -> Village:
    return Village.objects.get(code=code)


def merged(scope, **over) -> VillageMerge:
    source, target = over.pop("source", OLD), over.pop("target", NEW)
    digest = over.pop("digest", None) or plan_of(village(source), village(target)).digest
    return merge_villages(scope=scope(over.pop("who", "county")), source=source, target=target, digest=digest, **(SAID | over))


def again(row):
    return type(row).objects.get(pk=row.pk)
