"""What the API serves: one page, and everything by its cursor."""

from collections.abc import Iterator

import orjson
from django.db import connection

from core.api.paging import LARGEST_SIZE, Keyset, encode
from core.api.renderers import OrjsonRenderer
from core.api.streams import lines
from fupin.bench.measure import Measured, peak, ratio
from fupin.bench.scratch import Scratch, county_of, scratch
from households.api import HOUSEHOLD
from households.models import Household

API_PAGE = 200
BY_CODE = Keyset(("code",))


class _Sink:
    """Takes what it is given, and counts it."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, part: bytes) -> int:
        self.size += len(part)
        return len(part)


def api(size: int) -> Iterator[Measured]:
    """A page of 200 against bare values and orjson; a whole pull, line by line and page by page, against JSON made by the database."""
    with scratch(*county_of(size)) as made:
        rows = Household.objects.visible_to(made.scope).registered()
        paths = [path for attr in HOUSEHOLD.attrs_for(made.scope) for path in attr.paths]
        found = ratio(
            lambda: OrjsonRenderer().render(HOUSEHOLD.page(rows, made.scope, BY_CODE, "", API_PAGE)[0]),
            lambda: orjson.dumps(list(rows.order_by("code").values(*paths)[:API_PAGE]), default=float),
        )
        yield Measured("api", f"接口一页 {API_PAGE} 户 ÷ values + orjson", found, "≤ 1.5")
        what = f"{size:,} 户"
        found = ratio(lambda: _stream(made, rows), lambda: _copy(rows, paths))
        yield Measured("api", f"逐行取完全部 ÷ 数据库直接输出 JSON（{what}）", found, "≤ 1.3")
        if used := peak(lambda: _stream(made, rows)):
            yield Measured("api", f"逐行取完全部占用内存（{what}）", used, "≤ 20 MB", "MB")
        found = ratio(lambda: _pull(made, rows), lambda: _copy(rows, paths))
        yield Measured("api", f"按游标取完全部 ÷ 数据库直接输出 JSON（{what}，每页 {LARGEST_SIZE}）", found)


def _stream(made: Scratch, rows) -> None:
    sink = _Sink()
    for part in lines(HOUSEHOLD, rows, made.scope, BY_CODE):
        sink.write(part)


def _pull(made: Scratch, rows) -> None:
    sink, renderer, cursor = _Sink(), OrjsonRenderer(), ""
    while True:
        found, last = HOUSEHOLD.page(rows, made.scope, BY_CODE, cursor, LARGEST_SIZE)
        sink.write(renderer.render(found))
        if last is None:
            return
        cursor = encode(last)


def _copy(rows, paths: list[str]) -> None:
    inner, params = rows.order_by("code").values(*paths).query.sql_with_params()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = cursor.mogrify(f"COPY (SELECT row_to_json(t) FROM ({inner}) AS t) TO STDOUT", params)  # noqa: S608
            cursor.copy_expert(statement, _Sink())
            return
        cursor.execute(inner, params)
        names = [column[0] for column in cursor.description]
        pairs = ", ".join(f"'{number}', t.\"{name}\"" for number, name in enumerate(names[:60]))
        cursor.execute(f"SELECT json_object({pairs}) FROM ({inner}) AS t", params)  # noqa: S608
        sink = _Sink()
        while part := cursor.fetchmany(2000):
            sink.write("\n".join(row[0] for row in part).encode())
