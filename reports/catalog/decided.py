"""Columns of what the list concluded: households and persons by decided category (ruling 15). Pure."""

from collections.abc import Iterable

from assessment.rubric import Tier
from reports.catalog.column import Column, Source

_WHOSE = "走完全部阶段、认定办结的户，按列入名单时所在的村和组"


def decided_columns(tiers: Iterable[Tier]) -> tuple[Column, ...]:
    """已认定 and its categories. A case is concluded with a category of the round's rubric or not at all, so there is no column
    for a missing one; `reports.checks` names a village where the categories do not add up."""
    tiers = tuple(tiers)
    total = Column(
        "concluded", "已认定户数", "已认定", _group(persons=False), f"{_WHOSE}。", "户", "count", Source.CASES
    )  # fmt: skip
    return (total, *(_decided(tier, persons=persons) for persons in (False, True) for tier in tiers))


def _group(*, persons: bool) -> str:
    return f"认定结果（{'人' if persons else '户'}）"


def _decided(tier: Tier, *, persons: bool) -> Column:
    what = f"认定为“{tier.name}”的户：{_WHOSE}"
    return Column(
        code=f"decided_persons.{tier.code}" if persons else f"decided.{tier.code}",
        title=f"认定结果—{tier.name}" + ("（人）" if persons else ""),
        short=tier.name,
        group_title=_group(persons=persons),
        definition=f"{what}；人口按所依据评估表提交时计。" if persons else f"{what}；各类之和等于已认定户数。",
        unit="人" if persons else "户",
        expression="persons" if persons else "count",
        source=Source.CASES,
        match=("category", tier.code),
    )
