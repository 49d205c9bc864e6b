"""Outlines from GeoJSON: what is read, what is refused and in which words, and what is drawn of it."""

import json
import re

import pytest

from core.errors import BadInput
from reports.maps.drawing import WIDTH, draw
from villages.outlines import SCALE, read_outlines, thinned

pytestmark = pytest.mark.once
NAMES = {"422827102200": "桐子园村", "422827102201": "芭蕉溪村", "422827102": "大河镇"}
WEST, SOUTH = 109.2, 29.4


def square(x=0.0, y=0.0, side=0.02):
    x, y = WEST + x, SOUTH + y
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def feature(code: object = "422827102200", ring=None, **geometry):
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring or square()]} | geometry}


def file(*features, **more) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more).encode()


def reasons(content: bytes) -> str:
    with pytest.raises(BadInput) as refusal:
        read_outlines(content, NAMES)
    return "；".join(refusal.value.fields["file"])


CRS = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}
HOLED = {"type": "MultiPolygon", "coordinates": [[square(), square(0.005, 0.005, 0.01)], [square(0.1)]]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "不是完整的 JSON"),
        (b"{", "第 1 行第 2 列"),
        (b"\xff\xfe{", "UTF-8"),
        (b"[" * 100_000, "套得太深"),
        (b'{"type": NaN}', "数字写法"),
        (b"PK\x03\x04rest", "压缩文件"),
        (b"\x00\x00\x27\x0a" + b"\x00" * 100, "Shapefile"),
        (b"[]", "FeatureCollection"),
        (b'{"type": "Topology"}', "FeatureCollection"),
        (file(), "没有图形"),
        (b" " * (8 * 1024 * 1024 + 1), "超过 8 MB"),
        (b"[" * 300_001, "超过 30 万个"),
        (file(feature(), crs=CRS), "EPSG::4547"),
        (file(feature(), crs={"type": "link"}), "写法不明"),
        (file("x"), "第 1 个图形：不是 Feature"),
        (file(feature(None)), "没有代码"),
        (file(feature(4.5)), "须是文字或整数"),
        (file(feature("999999999999")), "不是本县在用的村或乡镇"),
        (file(feature(), feature()), "第 2 个图形（桐子园村）：这个地方前面已有图形"),
        (file(feature(type="Point", coordinates=[109, 29])), "须是面"),
        (file({"type": "Feature", "properties": {"code": "422827102200"}, "geometry": None}), "没有图形"),
        (file(feature(ring=square()[:3])), "少于 4 个点"),
        (file(feature(ring=square()[:4])), "没有闭合"),
        (file(feature(ring=[["a", 1]] * 4)), "两个数"),
        (file(feature(ring=[[True, 1]] * 4)), "两个数"),
        (file(feature(ring=[[10**400, 1]] * 4)), "坐标太大"),
        (file(feature(ring=[[29.4, 109.2]] * 4)), "写反"),
        (file(feature(ring=[[37_500_000.0, 3_250_000.0]] * 4)), "投影坐标"),
        (file(feature(ring=[[2.3, 48.8]] * 4)), "不在中国"),
        (file(feature(ring=[[WEST, SOUTH]] * 4)), "图形太小"),
        (file(feature(type="MultiPolygon", coordinates=[[]])), "面没有边界"),
        (file(feature(), feature("422827102201", square(-20, 5)), feature("422827102", square(0.1))), "芭蕉溪村的图形离其他地方太远"),
    ],
)  # fmt: skip
def test_office_reads_what_is_wrong_with_its_file_and_where(content, words):
    assert words in reasons(content)


def test_office_reads_all_faults_at_once_and_not_a_thousand_of_them():
    said = reasons(file(*[feature(f"{n:012d}") for n in range(60)]))
    assert "第 20 个图形" in said and "第 21 个图形" not in said and "另有 40 处" in said


@pytest.mark.parametrize(
    "given",
    [
        file(feature()),
        b"\xef\xbb\xbf" + file(feature(422827102200)),
        file(feature(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}),
        file(feature() | {"properties": {"XZQDM": "422827102200"}}),
        file(feature() | {"properties": None, "id": "422827102200"}),
        file(feature(ring=[[*point, 800.5] for point in square()])),
    ],
)
def test_a_square_is_read_however_its_code_is_written(given):
    assert read_outlines(given, NAMES).shapes == {"422827102200": [[[[1092000, 294000], [1092200, 294000], [1092200, 294200], [1092000, 294200], [1092000, 294000]]]]}


def test_a_township_may_have_the_twelve_digits_of_the_national_code():
    assert list(read_outlines(file(feature("422827102000")), NAMES).shapes) == ["422827102"]


def test_holes_and_islands_are_kept():
    (shape,) = read_outlines(file(feature(**HOLED)), NAMES).shapes.values()
    assert [len(rings) for rings in shape] == [2, 1]


def test_neighbours_keep_the_same_border_whatever_is_thinned():
    border = [[WEST + 0.02, SOUTH + n * 0.0001] for n in range(201)]
    left = [*border, [WEST, SOUTH + 0.02], [WEST, SOUTH], border[0]]
    right = [border[0], [WEST + 0.04, SOUTH], [WEST + 0.04, SOUTH + 0.02], *reversed(border)]
    shapes = read_outlines(file(feature(ring=left), feature("422827102201", right)), NAMES).shapes
    edge = round((WEST + 0.02) * SCALE)
    on_edge = [{tuple(point) for point in shape[0][0] if point[0] == edge} for shape in shapes.values()]
    assert on_edge[0] == on_edge[1] and len(on_edge[0]) == 2


def test_a_map_too_fine_for_a_page_is_made_coarser_and_loses_no_place(monkeypatch):
    monkeypatch.setattr("villages.outlines.MOST_KEPT", 300)
    teeth = [[WEST + x / 10_000, SOUTH + (x % 2) / 10_000] for x in range(600)]
    ring = [*teeth, [WEST + 0.06, SOUTH + 0.02], [WEST, SOUTH + 0.02], teeth[0]]
    kept = read_outlines(file(feature(ring=ring), feature("422827102201", square(1, 1, 0.0002))), NAMES).shapes
    assert len(kept) == 2 and sum(len(rings[0]) for shape in kept.values() for rings in shape) <= 300


def test_a_line_there_and_back_has_no_area_and_is_left_out():
    assert thinned([[0, 0], [5, 0], [9, 0], [5, 0], [0, 0]]) == []


def test_a_drawing_carries_no_more_points_than_a_page_can_and_stays_on_its_sheet(monkeypatch):
    monkeypatch.setattr("reports.maps.drawing.MOST_POINTS", 900)

    def rough(n):
        teeth = [[x * 80, n * 1000 + 400 * (x % 2)] for x in range(1000)]
        return [[[*teeth, [80_000, n * 1000 + 900], [0, n * 1000 + 900], teeth[0]]]]

    shapes = {str(n): rough(n) for n in range(4)}
    drawn = draw(shapes, shapes)
    assert len(drawn.places) == 4 and (drawn.width, drawn.height > 0) == (WIDTH, True)
    assert 200 < sum(len(re.findall(r"-?\d+", place.path)) // 2 for place in drawn.places) <= 900
    assert all(0 <= place.x <= drawn.width and 0 <= place.y <= drawn.height for place in drawn.places)


def test_a_place_smaller_than_a_point_is_still_there_to_be_tapped():
    shapes = {"big": [[[[0, 0], [9000, 0], [9000, 9000], [0, 9000], [0, 0]]]], "dot": [[[[10, 10], [11, 10], [11, 11], [10, 10]]]]}
    drawn = draw(shapes, ["big", "dot", "none"])
    assert [place.code for place in drawn.places] == ["big", "dot"] and all(place.path for place in drawn.places)
    assert not draw(shapes, ["none"])
