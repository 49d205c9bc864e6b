"""Outlines onto a sheet: longitude and latitude to whole points of a drawing, with no more points than a page can carry. Pure."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from villages.outlines import SCALE, Ring, Shape, thinned

WIDTH = 1000
MOST_POINTS = 9_000
"""Of one drawing: about 60 kB as text, 25 kB compressed."""
GRIDS = (1, 2, 3, 4, 6, 8, 12)
LETTER, LINE = 18, 26
"""Points of the drawing that a character and a line of a name take."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One place: `path` = the `d` of an SVG path; where its name stands, and how wide the place is there."""

    code: str
    path: str
    x: int
    y: int
    width: int
    height: int

    def has_room_for(self, name: str) -> bool:
        return self.width >= LETTER * len(name) and self.height >= LINE


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    places: tuple[Drawn, ...]
    borders: tuple[Drawn, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.places)


def draw(shapes: Mapping[str, Shape], codes: Iterable[str], borders: Iterable[str] = ()) -> Drawing:
    """The places with these codes that have an outline, as large as fits, and the lines of `borders` over them; as fine as the page can carry."""
    wanted = {code: shapes[code] for code in codes if code in shapes}
    if not wanted:
        return Drawing(WIDTH, 0, ())
    sheet = _Sheet.over(wanted)
    for grid in GRIDS:
        placed = {code: sheet.placed(shape, grid) for code, shape in wanted.items()}
        if sum(len(ring) for shape in placed.values() for rings in shape for ring in rings) <= MOST_POINTS:
            break
    lines = (_drawn(code, sheet.placed(shapes[code], grid)) for code in borders if code in shapes)
    return Drawing(WIDTH, sheet.height, tuple(_drawn(code, shape) for code, shape in placed.items()), tuple(lines))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Plate carrée with the county's own shrinking of longitudes: true shapes over the 100 km of a county."""

    west: int
    north: int
    per_x: float
    per_y: float
    height: int

    @classmethod
    def over(cls, shapes: Mapping[str, Shape]) -> "_Sheet":
        points = [point for shape in shapes.values() for rings in shape for point in rings[0]]
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        shrink = math.cos(math.radians((south + north) / 2 / SCALE))
        per_y = min(WIDTH / ((east - west) * shrink), WIDTH * 1.4 / (north - south))
        return cls(west, north, per_y * shrink, per_y, math.ceil((north - south) * per_y))

    def placed(self, shape: Shape, grid: int) -> Shape:
        polygons = [[ring for ring in (self._ring(points, grid) for points in rings) if ring] for rings in shape]
        return [rings for rings in polygons if rings] or [[self._speck(shape)]]

    def _ring(self, points: Ring, grid: int) -> Ring:
        moved = [[round((x - self.west) * self.per_x / grid) * grid, round((self.north - y) * self.per_y / grid) * grid] for x, y in points]
        return thinned(moved)

    def _speck(self, shape: Shape) -> Ring:
        """A place too small for the grid is still to be seen and tapped."""
        x, y = shape[0][0][0]
        left, top = round((x - self.west) * self.per_x), round((self.north - y) * self.per_y)
        return [[left, top], [left + 8, top], [left + 8, top + 8], [left, top + 8], [left, top]]


def _drawn(code: str, shape: Shape) -> Drawn:
    path = "".join(f"M{_steps(ring)}z" for rings in shape for ring in rings)
    outer = max((rings[0] for rings in shape), key=_area)
    xs, ys = [point[0] for point in outer], [point[1] for point in outer]
    x, y = _middle(outer)
    return Drawn(code, path, x, y, max(xs) - min(xs), max(ys) - min(ys))


def _steps(ring: Ring) -> str:
    """Absolute start, then relative steps: a third of the letters."""
    text, (x, y) = f"{ring[0][0]} {ring[0][1]}l", ring[0]
    for next_x, next_y in ring[1:-1]:
        text += f"{next_x - x} {next_y - y} "
        x, y = next_x, next_y
    return text.rstrip().replace(" -", "-")


def _area(ring: Ring) -> float:
    return abs(_doubled(ring)) / 2


def _doubled(ring: Ring) -> int:
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))


def _middle(ring: Ring) -> tuple[int, int]:
    """The centre of gravity; of a ring without an area the first point."""
    doubled = _doubled(ring)
    if not doubled:
        return ring[0][0], ring[0][1]
    x = sum((a[0] + b[0]) * (a[0] * b[1] - b[0] * a[1]) for a, b in zip(ring, ring[1:], strict=False))
    y = sum((a[1] + b[1]) * (a[0] * b[1] - b[0] * a[1]) for a, b in zip(ring, ring[1:], strict=False))
    return round(x / (3 * doubled)), round(y / (3 * doubled))
