"""Columns counted from submitted forms: persons, group and village as frozen on submission (ruling 4). Pure."""

from collections.abc import Iterable

from assessment.rubric import Look, Tier
from reports.catalog.column import Column, Source

_GROUP = "六看评估"


def survey_columns() -> tuple[Column, ...]:
    return (
        Column("surveyed", "已评估户数", "已评", _GROUP, "本批次已提交评估表的户，按提交时所在的村和组。", "户", "count", Source.SURVEYS),
        Column(
            "coverage", "评估进度", "进度 %", _GROUP, "已评估户数 ÷ 登记农户数。", "%", "surveyed / households", Source.SURVEYS,
            decimals=1, percent=True,
        ),
        Column(
            "score_avg", "六看平均分", "平均分", _GROUP, "六看得分合计 ÷ 已评估户数。", "分", "score_sum / surveyed", Source.SURVEYS,
            decimals=1,
        ),
        Column("score_sum", "六看得分合计", "得分合计", _GROUP, "已评估户的六看得分之和。", "分", "points", Source.SURVEYS),
    )  # fmt: skip


def tier_columns(tiers: Iterable[Tier]) -> tuple[Column, ...]:
    """六看分类 by the tiers of the round's rubric; the title names its family, because 低保贫困户 is also a 贫困户属性 (ruling 22)."""
    tiers = tuple(tiers)
    return tuple(_tier(tier, persons=persons) for persons in (False, True) for tier in tiers)


def _tier(tier: Tier, *, persons: bool) -> Column:
    what = f"六看得分在 {tier.min} 至 {tier.max} 分的已评估户"
    return Column(
        code=f"tier_persons.{tier.code}" if persons else f"tier.{tier.code}",
        title=f"六看分类—{tier.name}" + ("（人）" if persons else ""),
        short=tier.name,
        group_title=f"六看分类（{'人' if persons else '户'}）",
        definition=f"{what}，按提交时的人口计。" if persons else f"{what}；各类之和等于已评估户数。",
        unit="人" if persons else "户",
        expression="persons" if persons else "count",
        source=Source.SURVEYS,
        match=("tier", tier.code),
    )


def look_columns(looks: Iterable[Look]) -> tuple[Column, ...]:
    """Points of each look and their average, from the subtotals frozen with the score."""
    looks = tuple(looks)
    return (*(_look_average(look) for look in looks), *(_look_sum(place, look) for place, look in enumerate(looks)))


def _look_average(look: Look) -> Column:
    return Column(
        f"look_avg.{look.code}", f"{look.name}—平均分", look.name, "各看平均分", f"“{look.name}”得分合计 ÷ 已评估户数，满分 {look.weight} 分。",
        "分", f"look_sum.{look.code} / surveyed", Source.SURVEYS, decimals=1,
    )  # fmt: skip


def _look_sum(place: int, look: Look) -> Column:
    return Column(
        f"look_sum.{look.code}", f"{look.name}—得分合计", look.name, "各看得分合计", f"已评估户“{look.name}”的得分之和；各看之和等于六看得分合计。",
        "分", "look", Source.SURVEYS, ("look", str(place)),
    )  # fmt: skip
