"""Columns of 疑点 that nobody has explained or mended yet. Pure."""

from reports.catalog.column import Column, Source

_GROUP = "疑点（户）"


def doubt_columns() -> tuple[Column, ...]:
    """Not a finding of the list: what stood open when the village was last counted. A table that is frozen keeps its number."""
    return (
        Column("doubts", "有疑点的户数", "有疑点", _GROUP, "汇总时有待核实疑点（错误或提醒）的在册农户，一户计一次。", "户", "count", Source.DOUBTS),
        Column(
            "doubts.serious", "有必须改正的疑点的户数", "必须改正", _GROUP, "汇总时有“错误”一级待核实疑点的在册农户。", "户", "count", Source.DOUBTS,
            ("severity", "error"),
        ),
    )  # fmt: skip
