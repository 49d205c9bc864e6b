"""人员分类 of households, from their members as they stand. Reads only."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from households.cohorts import Person, counted, person_of
from households.models import Membership

_FACTS = ("health", "disability_kind", "disability_grade", "schooling", "dibao", "work_place")


def cohorts_of(household_ids: Iterable[int], day: date) -> dict[int, str]:
    """Household → its counts on `day`, as `cohorts.counted` writes them; one query."""
    ids = list(household_ids)
    members: dict[int, list[Person]] = defaultdict(list)
    rows = Membership.objects.current().filter(household_id__in=ids).values_list("household_id", "person__birth", *_FACTS)
    for household, birth, *facts in rows:
        members[household].append(person_of(day, birth, **dict(zip(_FACTS, facts, strict=True))))
    return {household: counted(members[household]) for household in ids}
