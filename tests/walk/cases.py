"""变更, 终止, 一户一档."""

from tests.walk.rows import CODE, GET, IN_AREA, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

ENDERS = frozenset({"lead"}) | TOWNSHIP

ROWS = [
    Row("case_amend", GET, VILLAGE, hidden=OUTSIDE, args=(CODE,)),
    Row("case_amend", POST, VILLAGE, 400, hidden=OUTSIDE, args=(CODE,)),
    Row("case_end", GET, ENDERS, hidden=OUTSIDE, args=(CODE,)),
    Row("case_end", POST, ENDERS, 400, hidden=OUTSIDE, args=(CODE,)),
    Row("case_file_print", GET, IN_AREA, hidden=OUTSIDE, args=(CODE,)),
]
