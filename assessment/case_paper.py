"""一户一档 on paper: facts masked by field class, members, the form with its sheet, every stage, seal codes, papers with hashes (R2)."""

from typing import Any

from django.utils import timezone

from assessment import selectors, survey_page
from assessment.form_state import open_remarks
from assessment.models import Survey, SurveyStatus
from assessment.selectors_cases import SEALED_TEXT, case_files
from core.scope import Scope
from households.codes import ATTRIBUTE, CAUSE, EXIT_STATUS, TIER
from households.models import Household
from households.selectors import member_lines, phone_shown
from households.selectors_facts import fact_lines


def paper_of(scope: Scope, household: Household) -> dict[str, Any]:
    """Everything the paper says. Single answers tell of illness and deposits: they need both field classes, as on the page."""
    forms = [row for row in selectors.revisions(scope, household) if row.score and row.status == SurveyStatus.SUBMITTED]
    may_read = all(scope.may_see(kind, household) for kind in SEALED_TEXT)
    files = case_files(scope, household)
    return {
        "members": member_lines(scope, household),
        "sections": fact_lines(scope, household),
        "phone": phone_shown(scope, household),
        "attribute": ATTRIBUTE.label(household.attribute),
        "cause": CAUSE.label(household.cause),
        "exit_status": EXIT_STATUS.label(household.exit_status),
        "standing": TIER.label(household.standing),
        "form": _form(forms[0], may_read) if forms else None,
        "files": files,
        "papers": [paper for file in files for paper in file.papers],
        "printed_at": timezone.now(),
        "printed_by": scope.actor_label,
        "may_read": may_read,
    }


def _form(row: Survey, may_read: bool) -> dict[str, Any]:
    rubric = row.score.rubric.value
    return {
        "row": row,
        "tier": survey_page.tier_named(rubric, row.score.tier),
        "bars": survey_page.look_bars(rubric, row.score.look_points),
        "looks": survey_page.table_of(rubric, row.answers, row.score) if may_read else [],
        "remarks": open_remarks(row)[0] if may_read else {},
        "version": row.score.rubric,
    }
