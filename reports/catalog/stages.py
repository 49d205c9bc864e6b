"""Columns of the list: how many households have passed each stage of the round's procedure. Pure."""

from collections.abc import Iterable

from assessment.procedures import Mode, Stage
from reports.catalog.column import Column, Source

_GROUP = "名单各阶段（户）"


def stage_columns(stages: Iterable[Stage]) -> tuple[Column, ...]:
    """One column a stage; the household counts in every stage whose agreement still stands (ruling 15)."""
    return tuple(_stage(stage) for stage in stages)


def _stage(stage: Stage) -> Column:
    passed = "公示期满、没有未结异议" if stage.mode is Mode.NOTICE else f"{stage.name}“{stage.words.agree}”"
    return Column(
        code=f"stage.{stage.code}",
        title=f"{stage.name}通过户数",
        short=stage.name,
        group_title=_GROUP,
        definition=(
            f"{passed}，且没有被后来的退回或变更作废的户；后来不予列入或终止的户，通过过的阶段照计。"
            "一户计一次，按列入名单时所在的村和组。"
        ),
        unit="户",
        expression="count",
        source=Source.VERDICTS,
        match=("stage", stage.code),
    )
