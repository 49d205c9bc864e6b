"""History of households is insert-only (ruling 7)."""

from core.immutability import Guard, append_only, declare

# facts_enc may be re-sealed under a new key (rotation); what it is the facts of may not change.
declare(Guard("households_householdversion", "UPDATE", "", ("household_id", "version", "at", "by_id", "uuid", "place_only")))
declare(Guard("households_householdversion", "DELETE"))
# note_enc is left out: key rotation re-seals it.
declare(
    Guard(
        "households_householdevent",
        "UPDATE",
        "",
        (
            "uuid", "household_id", "county_id", "township_id", "village_id", "kind", "happened_on", "person_id", "membership_id",
            "other_household_id", "reason", "paper_title", "by_id", "at",
        ),
    )
)  # fmt: skip
declare(Guard("households_householdevent", "DELETE"))
append_only("households_paper")
append_only("households_papersetaside")
