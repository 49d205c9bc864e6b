"""Columns of what was sent back and what was refused, by the grounds that were chosen (ruling 15). Pure."""

from assessment.procedures.reasons import REASONS, REJECTED_FOR, RETURNED_FOR
from reports.catalog.column import Column, Source

_WHERE = "按列入名单时所在的村和组"
_SEVERAL = "一户可有几个理由，各项之和可大于户数"


def ledger_columns() -> tuple[Column, ...]:
    """A household counts once for each ground, however often it came back for it."""
    back = f"本批次被退回过的户（后来补齐、办结的照计），{_WHERE}"
    out = f"作出不同意列入、不予通过决定且没有被后来的决定作废的户，{_WHERE}"
    return (
        Column("returned", "退回过的户数", "退回过", "退回（户）", f"{back}。", "户", "count", Source.RETURNS),
        *(_ground("return_reason", "退回理由", code, back, Source.RETURNS) for code in RETURNED_FOR),
        Column("rejected", "不予列入户数", "不予列入", "不予列入（户）", f"{out}。", "户", "count", Source.REJECTIONS),
        *(_ground("reject_reason", "不予列入理由", code, out, Source.REJECTIONS) for code in REJECTED_FOR),
    )  # fmt: skip


def _ground(family: str, title: str, code: str, whose: str, source: Source) -> Column:
    word = REASONS[code]
    return Column(
        f"{family}.{code}", f"{title}—{word}", word, f"{title}（户）", f"{whose}，理由含“{word}”；{_SEVERAL}。", "户", "count", source, ("reason", code),
    )  # fmt: skip
