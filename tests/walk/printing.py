"""Papers to print: the page, one paper, a whole village."""

from tests.walk.rows import CODE, DATA, GET, IN_AREA, OUTSIDE, POST, Row

PRINTERS = IN_AREA - {"viewer"}

ROWS = [
    Row("papers", GET, DATA),
    Row("paper_print", GET, PRINTERS, hidden=OUTSIDE, args=("wish", CODE)),
    Row("papers_village", POST, PRINTERS, 302, hidden=OUTSIDE, body={"area": "422827102200", "paper": "wish"}),
]
