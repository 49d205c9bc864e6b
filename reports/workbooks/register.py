"""The exports there are, in the order in which they are offered."""

from accounts import roles
from reports.areas import LEVELS
from reports.workbooks.edit import EDIT
from reports.workbooks.model import Report
from reports.workbooks.national import HOUSEHOLDS, PERSONS
from reports.workbooks.outcome import OUTCOME
from reports.workbooks.roster import ROSTER

_ABOUT = {"village": "一行一个村民小组", "township": "一行一个村", "county": "一行一个乡镇"}
_TABLES = tuple(Report(level, title, _ABOUT[level], roles.TABLE_VIEW, level=level) for level, title in LEVELS.items())
REPORTS: dict[str, Report] = {report.code: report for report in (ROSTER, HOUSEHOLDS, PERSONS, EDIT, OUTCOME, *_TABLES)}
