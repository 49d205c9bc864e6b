"""What figures that were signed for may never change: a frozen table, a sent document, what an office found in it (rulings 12, 23)."""

from core.immutability import Guard, append_only, declare

for _table in ("snapshot", "snapshotpart", "documentstep", "documentcopy"):
    append_only(f"reports_{_table}")

_DOCUMENT = "reports_tabledocument"
# An accepted or returned document is over. Before that only its status, its remarks and what goes with the sending move.
declare(Guard(_DOCUMENT, "UPDATE", "OLD.status IN ('accepted', 'returned') OR OLD.snapshot_id <> NEW.snapshot_id OR OLD.area_code <> NEW.area_code"))
declare(Guard(_DOCUMENT, "DELETE"))
# The text is left out: key rotation seals it anew.
declare(
    Guard(
        "reports_spotfinding", "UPDATE", "",
        ("uuid", "document_id", "household_id", "points", "found_on", "mend_by", "by_id", "by_name", "at"),
    )
)  # fmt: skip
declare(Guard("reports_spotfinding", "DELETE"))
