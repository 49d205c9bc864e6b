"""Outlines of townships and villages from a GeoJSON file (RFC 7946): bytes in, rings or Chinese reasons out. Pure.

Every feature is a Polygon or MultiPolygon in longitude and latitude whose property names a 12- or 9-digit code of the county. Everything
that is wrong is named with its feature; nothing is guessed, nothing left out quietly. What is kept is thinned to a grid of about 10 m: the
map of a wall, not of a surveyor.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from core.errors import BadInput

MAX_BYTES = 8 * 1024 * 1024
MAX_POINTS = 300_000
MOST_FAULTS = 20
SCALE = 10_000
"""Kept points are whole ten-thousandths of a degree (about 10 m)."""
FAR = 5
"""Degrees. The largest county of the country reaches some five from its middle."""
CODE_NAMES = ("code", "代码", "区划代码", "行政区划代码", "XZQDM", "ZLDWDM", "GB", "adcode")
COARSEST = 64
MOST_KEPT = 40_000
"""Points of a county; a page reads them all, and draws 9,000 at the most."""
CHINA = (73.0, 3.0, 136.0, 54.0)
_CRS = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")

Ring = list[list[int]]
Shape = list[list[Ring]]
"""Polygons of one place; of each the outer ring first, then holes. A point is [longitude, latitude] × SCALE."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """`shapes` = code → its polygons."""

    shapes: dict[str, Shape]


class _Wrong(Exception):
    """A reason why one feature cannot be taken."""


def read_outlines(content: bytes, names: Mapping[str, str]) -> Outlines:
    """The outlines of the places in `names` (code → name of townships and villages). Raises BadInput with a reason a fault."""
    features = _features(_parsed(content))
    shapes: dict[str, Shape] = {}
    faults: list[str] = []
    for number, feature in enumerate(features, 1):
        where = f"第 {number} 个图形"
        try:
            code = _code_of(feature, names)
            where = f"第 {number} 个图形（{names[code]}）"
            if code in shapes:
                raise _Wrong("这个地方前面已有图形，请合并成一个 MultiPolygon")
            shapes[code] = _shape_of(feature.get("geometry"))
        except _Wrong as fault:
            faults.append(f"{where}：{fault}。")
    if faults:
        more = [f"另有 {len(faults) - MOST_FAULTS} 处。"] if len(faults) > MOST_FAULTS else []
        raise _refused(faults[:MOST_FAULTS] + more)
    if not shapes:
        raise _refused(["文件里没有图形。"])
    if far := _far_away(shapes):
        raise _refused([f"{'、'.join(names[code] for code in far[:MOST_FAULTS])}的图形离其他地方太远，请检查坐标。"])
    return Outlines(lightened(shapes))


def _refused(reasons: list[str]) -> BadInput:
    return BadInput("没有保存地图。", code="bad_outlines", fields={"file": reasons})


def _parsed(content: bytes) -> object:
    if len(content) > MAX_BYTES:
        raise _refused([f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请先简化边界（每村约 500 个点就够）再上传。"])
    if content.count(b"[") > MAX_POINTS:
        raise _refused([f"边界的点超过 {MAX_POINTS // 10_000} 万个，请先简化（每村约 500 个点就够）再上传。"])
    if content[:4] == b"PK\x03\x04":
        raise _refused(["这是压缩文件，请解压后上传其中的 .geojson 文件。"])
    if content[:4] == b"\x00\x00\x27\x0a":
        raise _refused(["这是 Shapefile，请在制图软件里导出为 GeoJSON（WGS 84 经纬度）。"])
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as fault:
        raise _refused(["文件不是 UTF-8 编码，请另存为 UTF-8 再上传。"]) from fault
    except json.JSONDecodeError as fault:
        raise _refused([f"不是完整的 JSON：第 {fault.lineno} 行第 {fault.colno} 列读不下去。"]) from fault
    except (RecursionError, ValueError) as fault:
        raise _refused(["文件结构不对（套得太深或数字写法不对），不是地图数据。"]) from fault


def _no_constant(word: str) -> None:
    raise ValueError(word)


def _features(data: object) -> list:
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection" or not isinstance(data.get("features"), list):
        raise _refused(["不是 GeoJSON 的 FeatureCollection，请在制图软件里导出为 GeoJSON。"])
    _check_crs(data.get("crs"))
    return data["features"]


def _check_crs(crs: object) -> None:
    """A file may say that it is what GeoJSON is anyway; any other system of coordinates would be drawn in the wrong place."""
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not name.upper().endswith(_CRS):
        said = name[:60] if isinstance(name, str) else "写法不明"
        raise _refused([f"文件声明的坐标系是“{said}”。请转换成 WGS 84 或 CGCS2000 经纬度（EPSG:4326、4490）再上传。"])


def _far_away(shapes: Mapping[str, Shape]) -> list[str]:
    """Places whose first point lies further from the middle of all than any county reaches."""
    starts = {code: shape[0][0][0] for code, shape in shapes.items()}
    x, y = (median(point[axis] for point in starts.values()) for axis in (0, 1))
    return [code for code, point in starts.items() if max(abs(point[0] - x), abs(point[1] - y)) > FAR * SCALE]


def _code_of(feature: object, names: Mapping[str, str]) -> str:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _Wrong("不是 Feature")
    properties = feature.get("properties")
    held = properties if isinstance(properties, dict) else {}
    found = next((held[name] for name in CODE_NAMES if held.get(name) not in (None, "")), feature.get("id"))
    if found is None:
        raise _Wrong("没有代码。属性里要有 code（12 位村代码或 9 位乡镇代码）")
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise _Wrong(f"代码“{str(found)[:24]}”须是文字或整数")
    code = str(found).strip()
    if code not in names and len(code) == 12 and code.endswith("000"):
        code = code[:9]
    if code not in names:
        raise _Wrong(f"代码“{code[:24]}”不是本县在用的村或乡镇")
    return code


def _shape_of(geometry: object) -> Shape:
    kind, held = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else (None, None)
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(held, list) or not held:
        raise _Wrong(f"图形是“{str(kind)[:24]}”，须是面（Polygon 或 MultiPolygon）" if kind else "没有图形")
    polygons = [held] if kind == "Polygon" else held
    shape = [_polygon(rings) for rings in polygons]
    kept = [rings for rings in shape if rings]
    if not kept:
        raise _Wrong("图形太小，不到 20 米")
    return kept


def _polygon(rings: object) -> list[Ring]:
    """Empty when nothing of its outer ring is left on the grid (a rock in a river)."""
    if not isinstance(rings, list) or not rings:
        raise _Wrong("面没有边界")
    read = [_ring(ring) for ring in rings]
    return [ring for ring in read if ring] if read[0] else []


def _ring(ring: object) -> Ring:
    if not isinstance(ring, list) or len(ring) < 4:
        raise _Wrong("边界少于 4 个点")
    points = [_point(point) for point in ring]
    if points[0] != points[-1]:
        raise _Wrong("边界没有闭合（最后一点须与第一点相同）")
    snapped = [[round(x * SCALE), round(y * SCALE)] for x, y in points]
    return thinned(snapped)


def _point(point: object) -> tuple[float, float]:
    numbers = point[:2] if isinstance(point, list) and len(point) in (2, 3) else []
    if len(numbers) < 2 or any(isinstance(one, bool) or not isinstance(one, int | float) for one in numbers):
        raise _Wrong("有一个点不是“经度, 纬度”两个数")
    try:
        x, y = float(numbers[0]), float(numbers[1])
    except OverflowError:
        raise _Wrong("有一个点的坐标太大") from None
    west, south, east, north = CHINA
    if math.isfinite(x) and math.isfinite(y) and west <= x <= east and south <= y <= north:
        return x, y
    raise _Wrong(_why_not(x, y))


def _why_not(x: float, y: float) -> str:
    west, south, east, north = CHINA
    if south <= x <= north and west <= y <= east:
        return "经度和纬度写反了，应当经度在前"
    if abs(x) > 180 or abs(y) > 90:
        return "坐标是投影坐标（米），请转换成经纬度（EPSG:4326）"
    return f"坐标 {x:g}, {y:g} 不在中国范围内"


def thinned(points: Ring) -> Ring:
    """Without repeated points and without points in the middle of a straight line; closed, or empty when nothing with an area is left.

    Each point is judged on the common grid, so that two neighbours keep the same border.
    """
    kept: Ring = []
    for point in _without_repeats(points[:-1]):
        while len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    while len(kept) > 2 and _straight(kept[-2], kept[-1], kept[0]):
        kept.pop()
    while len(kept) > 2 and _straight(kept[-1], kept[0], kept[1]):
        kept.pop(0)
    return [*kept, kept[0]] if len(kept) > 2 else []


def _without_repeats(points: Ring) -> Iterator[list[int]]:
    last = points[-1] if points else None
    for point in points:
        if point != last:
            yield point
        last = point


def lightened(shapes: dict[str, Shape]) -> dict[str, Shape]:
    """On a grid twice as coarse, and again, until a page can read it; a polygon that is lost on the way keeps the finer form."""
    grid = 1
    while sum(len(ring) for shape in shapes.values() for rings in shape for ring in rings) > MOST_KEPT and grid < COARSEST:
        grid *= 2
        shapes = {code: [_on(rings, grid) or rings for rings in shape] for code, shape in shapes.items()}
    return shapes


def _on(rings: list[Ring], grid: int) -> list[Ring]:
    read = [thinned([[round(x / grid) * grid, round(y / grid) * grid] for x, y in ring]) for ring in rings]
    return [ring for ring in read if ring] if read[0] else []


def _straight(a: list[int], b: list[int], c: list[int]) -> bool:
    """On one line; a spike that goes out and comes back is one too."""
    return (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])
