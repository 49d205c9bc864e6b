"""编辑用名册: facts go out as a workbook, are changed outside, and come back cell by cell (base, mine, theirs)."""
