"""Tables of the ground that are only ever inserted into."""

from core.immutability import append_only

append_only("core_auditrow")
append_only("core_change")
