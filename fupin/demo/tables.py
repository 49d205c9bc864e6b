"""What the demo county shows under 地图 and 上报表: made-up outlines of its villages, and one village's table frozen, signed and sent."""

import json
from itertools import pairwise
from math import ceil, sqrt
from random import Random

from accounts.models import User
from accounts.scopes import scope_of
from fupin.demo.day import VILLAGE
from reports.actions import roll_up
from reports.actions_documents import make_document, note_document, take_step
from reports.actions_freeze import freeze_table
from villages.actions_outlines import store_outlines
from villages.models import County, CountyOutlines, Village

COUNTY, SEED = "422827", 20160701
WEST, SOUTH, STEP = 109.05, 29.15, 0.032
"""Degrees: about where the county lies; no border on the map is a real one."""
SIGNERS = (("signed", "cadre"), ("confirmed", "lead"), ("submitted", "cadre"))
Point = tuple[float, float]


def draw_outlines() -> None:
    """Every village in force gets a patch of a crooked grid, in the order of codes, so that a township's lie together."""
    county = County.objects.get(code=COUNTY)
    if CountyOutlines.objects.filter(county=county).exists():
        return
    codes = list(Village.objects.filter(county=county, valid_to__isnull=True).order_by("code").values_list("code", flat=True))
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [patch]}}
        for code, patch in zip(codes, _patches(len(codes)), strict=True)
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    store_outlines(scope=scope_of(User.objects.get(login="county")), county_code=COUNTY, content=content)


def _patches(number: int) -> list[list[Point]]:
    """To and fro, row by row. Neighbours share their corners and the bend of their border, so that no gap opens between them."""
    random, wide = Random(SEED), ceil(sqrt(number))  # noqa: S311 - the same map at every start
    points: dict[Point, Point] = {}

    def point(x: float, y: float) -> Point:
        if (x, y) not in points:
            points[x, y] = (WEST + (x + random.uniform(-0.28, 0.28)) * STEP, SOUTH + (y + random.uniform(-0.28, 0.28)) * STEP)
        return points[x, y]

    patches = []
    for place in range(number):
        y, along = divmod(place, wide)
        x = along if y % 2 == 0 else wide - 1 - along
        corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
        bends = [((ax + bx) / 2, (ay + by) / 2) for (ax, ay), (bx, by) in pairwise(corners)]
        ring = [point(*spot) for pair in zip(corners, bends, strict=False) for spot in pair]
        patches.append([*ring, ring[0]])
    return patches


def send_paper(round_code: str) -> None:
    """The table of the cadre's village, signed by two persons and sent to the township."""
    scopes = {login: scope_of(User.objects.get(login=login)) for login in ("cadre", "lead", "county")}
    roll_up(scope=scopes["county"], round_code=round_code)  # of a start that was killed: what has changed since
    frozen = freeze_table(scope=scopes["cadre"], level="village", round_code=round_code, area=VILLAGE)
    paper = make_document(scope=scopes["cadre"], snapshot=frozen.serial)
    remarks = "本村各组已入户核对，未评估的户正在补。"
    paper = note_document(scope=scopes["cadre"], uuid=str(paper.uuid), version=paper.version, remarks=remarks)
    for step, login in SIGNERS:
        paper = take_step(scope=scopes[login], uuid=str(paper.uuid), version=paper.version, step=step)
