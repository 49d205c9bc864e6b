"""Columns whose figures come from outside the system: registered households and population of the round's year. Pure."""

from reports.catalog.column import Column, Source

_GROUP = "户籍人口与发生率"
_UNKNOWN = "有一个组没有登记该年度数字的，不可算"


def population_columns() -> tuple[Column, ...]:
    return (
        Column(
            "registered_households", "户籍户数", "户籍户数", _GROUP, f"批次年度各村民小组的户籍户数之和；{_UNKNOWN}。", "户", "count",
            Source.POPULATION,
        ),
        Column(
            "registered_population", "户籍人口", "户籍人口", _GROUP, f"批次年度各村民小组的户籍人口之和；{_UNKNOWN}。", "人", "persons",
            Source.POPULATION,
        ),
        Column(
            "poverty_rate", "贫困发生率", "发生率 %", _GROUP, "建档立卡在册人口 ÷ 户籍人口。没有户籍人口数的写“不可算”。", "%",
            "listed_persons / registered_population", Source.POPULATION, decimals=1, percent=True,
        ),
    )  # fmt: skip
