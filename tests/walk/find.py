"""Search by the last four of an ID number."""

from tests.walk.rows import GET, OTHER_TOWNSHIP, OTHER_VILLAGES, POST, TOWNSHIP, VILLAGE, Row

SEES_NUMBERS = VILLAGE | OTHER_VILLAGES | TOWNSHIP | OTHER_TOWNSHIP

ROWS = [
    Row("household_find", GET, SEES_NUMBERS),
    Row("household_find", POST, SEES_NUMBERS, body={"last4": "0026"}),
]
