"""A merge stands as it was written down; only its undoing is added."""

from core.immutability import Guard, declare

declare(
    Guard(
        "villages_villagemerge", "UPDATE", "",
        (
            "uuid", "county_id", "township_id", "source_id", "target_id", "effective_on", "reason", "document_no", "counts", "moved", "by_id", "at",
        ),
    )
)  # fmt: skip
declare(Guard("villages_villagemerge", "DELETE"))
