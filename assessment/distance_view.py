"""Who sees how far a form is from the next tier (rulings, words on screen): those who decide on it, never those who filled it."""

from accounts import roles
from assessment.distance import Distance, distance
from assessment.models import Score, Survey, SurveyStatus
from assessment.selectors_photos import reviews
from core.scope import FieldClass, Scope
from households.models import Household

NEEDED = (FieldClass.HEALTH, FieldClass.FINANCE)  # a single answer tells of an illness or of deposits


def distance_for(scope: Scope, household: Household, survey: Survey | None, score: Score | None) -> Distance | None:
    """The distance of a submitted form, for a caller who decides above the group and had no hand in it; None for everybody else.

    Who also fills forms there does not see it while a new form of the household is being filled, nor at all where the county hides the
    score from those who ask: they would carry it to the next doorstep.
    """
    if survey is None or score is None or survey.status == SurveyStatus.DRAFT:
        return None
    if not reviews(scope, household) or not all(scope.may_see(kind, household) for kind in NEEDED):
        return None
    if scope.actor_id in {survey.entered_by_id, survey.surveyor_id, *survey.editors}:
        return None
    if scope.may(roles.SURVEY_FILL, household) and (household.county.hide_score or _being_asked(household)):
        return None
    return distance(score.rubric.value, survey.answers)


def _being_asked(household: Household) -> bool:
    return Survey.objects.filter(household=household, status=SurveyStatus.DRAFT).exists()
