"""Columns beside those of the round before: what stood then, and by how much it moved (增减). Pure."""

from collections.abc import Iterable

from assessment.rubric import Tier
from reports.catalog.column import Column, Source

_BEFORE, _CHANGE = "上一批次（户）", "比上一批次增减（户）"
_NONE = "没有上一批次的不可算"


def earlier_columns(tiers: Iterable[Tier]) -> tuple[Column, ...]:
    """The round before is the county's last one with an earlier reference date. Its forms and ends are frozen, so its figure stands."""
    kept = [
        ("surveyed", "已评估户数", "已评", Source.EARLIER_SURVEYS, None),
        *((f"tier.{tier.code}", f"六看分类—{tier.name}", tier.name, Source.EARLIER_SURVEYS, ("tier", tier.code)) for tier in tiers),
        ("concluded", "已认定户数", "已认定", Source.EARLIER_CASES, None),
    ]
    return (*(_before(*one) for one in kept), *(_change(*one[:4]) for one in kept))


def _before(code: str, title: str, short: str, source: Source, match: tuple[str, str] | None) -> Column:
    return Column(
        f"before.{code}", f"上一批次{title}", short, _BEFORE, f"上一批次的“{title}”，按当时所在的村和组；{_NONE}。", "户", "count", source, match
    )


def _change(code: str, title: str, short: str, source: Source) -> Column:
    return Column(
        f"change.{code}", f"{title}增减", short, _CHANGE, f"本批次“{title}”减上一批次；{_NONE}。", "户", f"{code} - before.{code}", source
    )
