"""Files that go out: lists in the national layouts and of a round's outcome, the official tables styled for signature and seal."""

from reports.workbooks.listing import write_list
from reports.workbooks.model import Ask, Report
from reports.workbooks.official import write_official
from reports.workbooks.register import REPORTS

__all__ = ["REPORTS", "Ask", "Report", "write_list", "write_official"]
