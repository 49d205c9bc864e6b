"""Files that go out: the official tables, styled for signature and seal, and the roster in the national layout."""

from reports.workbooks.official import write_official
from reports.workbooks.roster import ROSTER_COLUMNS, write_roster

__all__ = ["ROSTER_COLUMNS", "write_official", "write_roster"]
