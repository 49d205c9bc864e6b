"""撤并村: the county office's pages."""

from datetime import date

from django.utils import timezone

from tests.walk.rows import GET, POST, Row
from villages.models import Village, VillageMerge

MERGE = "00000000-0000-4000-8000-000000000091"
OFFICE = frozenset({"county"})
PAIR = {"source": "422827102201", "target": "422827102200"}
SAID = {"effective_on": "20160901", "document_no": "来政发〔2016〕9号", "reason": "县政府批准两村合并。"}


def furnish(world) -> None:
    """A merge that was undone: nothing of the world lies elsewhere because of it."""
    old, new, now = Village.objects.get(code=PAIR["source"]), Village.objects.get(code=PAIR["target"]), timezone.now()
    VillageMerge.objects.create(
        uuid=MERGE, county=old.county, township=old.township, source=old, target=new, effective_on=date(2016, 9, 1), reason="合并", document_no="1号",
        moved={"households": [], "groups": [], "posts": [], "tokens": []}, by=world.cast.county, at=now, undone_at=now, undone_by=world.cast.county,
    )  # fmt: skip


ROWS = [
    Row("village_merges", GET, OFFICE),
    Row("village_merge_new", GET, OFFICE, query="?source=422827102201&target=422827102200"),
    Row("village_merge_new", POST, OFFICE, 412, body=PAIR | SAID | {"digest": "another"}),
    Row("village_merge", GET, OFFICE, args=(MERGE,)),
    Row("village_merge", POST, OFFICE, 409, args=(MERGE,), body={"reason": "批文撤回，恢复原村。"}),
]
