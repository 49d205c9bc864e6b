"""Persons by 人员分类, as frozen with the submitted form (A9-14; ruling 4). Pure."""

from households.cohorts import COHORTS
from reports.catalog.column import Column, Source

_GROUP = "人员分类（人）"


def cohort_columns() -> tuple[Column, ...]:
    """A person may count in several, so they do not add up to the persons. Unknown where a form was submitted before they were counted."""
    return tuple(
        Column(
            f"people.{cohort.code}", f"人员分类—{cohort.name}（人）", cohort.name, _GROUP,
            f"已评估户中{cohort.definition}，按提交评估表时的登记计；一人可计入几类。", "人", "people", Source.SURVEYS, ("people", cohort.code),
            private=cohort.private,
        )
        for cohort in COHORTS
    )  # fmt: skip
