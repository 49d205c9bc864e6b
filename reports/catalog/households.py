"""Columns counted from the households registered in the round's area. Pure."""

from households.codes import ATTRIBUTE, CAUSE, EXIT_STATUS, CodeList
from reports.catalog.column import NONE, Column, Source

LISTED = "0"
"""未脱贫: on the national register and not yet out (ruling 22)."""

_OF_WHOM = "统计范围为汇总时在册（未销户）的农户"


def household_columns() -> tuple[Column, ...]:
    group = "登记农户"
    return (
        Column(
            "households",
            "登记农户数",
            "户数",
            group,
            f"{_OF_WHOM}，本批次应评估的户。",
            "户",
            "count",
            Source.HOUSEHOLDS,
        ),
        Column(
            "persons", "登记农户人口", "人数", group, "登记农户的在户成员数之和。", "人", "persons", Source.HOUSEHOLDS
        ),
    )


def listed_columns() -> tuple[Column, ...]:
    group, match = "建档立卡在册", ("exit_status", LISTED)
    what = f"脱贫属性为“{EXIT_STATUS.items[LISTED]}”的登记农户"
    return (
        Column("listed", "建档立卡在册户数", "户数", group, f"{what}。", "户", "count", Source.HOUSEHOLDS, match),
        Column(
            "listed_persons",
            "建档立卡在册人口",
            "人数",
            group,
            f"{what}的在户成员数之和。",
            "人",
            "persons",
            Source.HOUSEHOLDS,
            match,
        ),
    )


def attribute_columns() -> tuple[Column, ...]:
    return _coded("attribute", "贫困户属性", ATTRIBUTE)


def cause_columns() -> tuple[Column, ...]:
    return _coded("cause", "主要致贫原因", CAUSE)


def known(codes: CodeList, value: str) -> str:
    """The column's suffix for a stored code; a missing code, or one that no list knows, is NONE, so that Σ stays whole."""
    return value if value in codes.items else NONE


def _coded(field: str, title: str, codes: CodeList) -> tuple[Column, ...]:
    labels = [*codes.items.items(), (NONE, "未填")]
    return tuple(
        _one(field, title, code, label, persons=persons) for persons in (False, True) for code, label in labels
    )


def _one(field: str, title: str, code: str, label: str, *, persons: bool) -> Column:
    what = f"{title}为“{label}”的登记农户" if code != NONE else f"没有填{title}的登记农户"
    return Column(
        code=f"{field}_persons.{code}" if persons else f"{field}.{code}",
        title=f"{title}—{label}" + ("（人）" if persons else ""),
        short=label,
        group_title=f"{title}（{'人' if persons else '户'}）",
        definition=f"{what}的在户成员数之和。" if persons else f"{what}；各项之和等于登记农户数。",
        unit="人" if persons else "户",
        expression="persons" if persons else "count",
        source=Source.HOUSEHOLDS,
        match=(field, code),
    )
