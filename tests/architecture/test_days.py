"""A moment is kept in UTC; its day is the county's (ruling 20). Between 0:00 and 8:00 in Shanghai the two differ."""

import re

from tests.architecture.project_source import all_python_files, name_of, text_of

# `moment.date()`, `{moment:%m月}` and `moment.strftime` read the day of a stored moment in UTC.
UTC_DAY = re.compile(r"(?:now\(\)|\bnow|_at)(?:\.date\(\)|\.strftime\(|:%)")


def test_nobody_reads_the_day_of_a_moment_in_utc():
    found = {
        f"{name_of(path)}: {line.strip()}"
        for path in all_python_files()
        for line in text_of(path).splitlines()
        if UTC_DAY.search(line.split("#")[0])
    }
    assert not found, "timezone.localdate(moment) gives the county's day"
