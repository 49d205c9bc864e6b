"""History of households is insert-only (ruling 7)."""

from core.immutability import append_only

append_only("households_householdversion")
