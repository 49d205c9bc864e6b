"""History of households is insert-only (ruling 7)."""

from core.immutability import Guard, declare

# facts_enc may be re-sealed under a new key (rotation); what it is the facts of may not change.
declare(Guard("households_householdversion", "UPDATE", "", ("household_id", "version", "at", "by_id", "uuid")))
declare(Guard("households_householdversion", "DELETE"))
