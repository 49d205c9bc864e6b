"""Papers of tables: one draft of a village."""

from uuid import UUID

from reports.models import Snapshot, TableDocument
from tests.walk.rows import DATA, GET, IN_AREA, OUTSIDE, POST, Row

DRAFT = UUID("00000000-0000-4000-8000-000000000061")
FROZEN = "2016-SB-422827102200-77"


def furnish(world) -> None:
    home = world.household
    place = {"round": world.round, "level": "village", "county": home.county, "township": home.township, "village": home.village, "area_code": home.village.code}
    snapshot = Snapshot.objects.create(
        serial=FROZEN, area_name="桐子园村", rubric_digest="0" * 64, catalog_version="0", audit_seq=0, feed_seq=0, columns="[]", lines="[]", body="{}",
        digest="0" * 64, table_digest="0" * 64, mac="walk", by=world.cast.cadre, by_name="测试", at=world.round.opened_at, **place,
    )  # fmt: skip
    TableDocument.objects.create(uuid=DRAFT, snapshot=snapshot, created_at=world.round.opened_at, **place)


ROWS = [
    Row("documents", GET, DATA),
    Row("documents", POST, frozenset({"county"}), 400, body={"round": "", "level": "village"}),
    Row("document_new", POST, frozenset({"cadre", "lead"}), 409, hidden=OUTSIDE, body={"snapshot": FROZEN}),
    Row("document", GET, IN_AREA, hidden=OUTSIDE, args=(DRAFT,)),
    Row("document", POST, frozenset({"cadre", "lead"}), 302, hidden=OUTSIDE, args=(DRAFT,), body={"do": "signed", "version": "1"}, skip=frozenset({"lead"})),
]
