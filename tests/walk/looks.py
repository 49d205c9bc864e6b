"""看板, 地图, 作战图, and the county's outlines."""

from tests.walk.rows import COUNTY, DATA, GET, OUTSIDE, POST, TOWNSHIP, VILLAGE, Row

HERE = "?round=2016-SB&area=422827102"
OFFICE = frozenset({"county"})

ROWS = [
    Row("dashboard", GET, TOWNSHIP | COUNTY, hidden=VILLAGE | OUTSIDE, query=HERE),
    Row("map", GET, TOWNSHIP | COUNTY, hidden=VILLAGE | OUTSIDE, query=HERE),
    Row("wall_chart", GET, DATA),
    Row("outlines", GET, OFFICE),
    Row("outlines", POST, OFFICE, 400),
]
