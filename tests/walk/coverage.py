"""不落一户."""

from tests.walk.rows import GET, OFFICES, OTHER_VILLAGES, VILLAGE, Row

ROWS = [Row("coverage", GET, VILLAGE | OTHER_VILLAGES | OFFICES)]
