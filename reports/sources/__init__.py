"""Base figures beyond those of `reports.rollup`: one module a source, each a grouped pass of its own (but `looks`, which that of the
forms brings along). A source gets the round, the area
and `sink`, which gives the figures of a (village, group)."""

from reports.sources.doubts import read_doubts
from reports.sources.earlier import read_earlier
from reports.sources.ledger import read_ledger

FURTHER = (
    ("统计退回和不予列入", read_ledger),
    ("统计疑点", read_doubts),
    ("对照上一批次", read_earlier),
)

__all__ = ["FURTHER"]
