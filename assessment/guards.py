"""What judgement may never change: a published rubric, a submitted survey, a score (rulings 4, 5, 12)."""

from core.immutability import Guard, append_only, declare

append_only("assessment_score")
declare(Guard("assessment_rubricversion", "UPDATE", "OLD.status <> 'draft'", ("code", "name", "document", "digest")))
declare(Guard("assessment_rubricversion", "DELETE", "OLD.status <> 'draft'"))
# remarks_enc is left out: key rotation re-seals it, and the list's seal is over its plaintext (ruling 21).
FROZEN = (
    "round_id", "household_id", "county_id", "township_id", "village_id", "group_id", "revision", "answers", "look_points",
    "persons", "attribute", "cause", "surveyed_on", "surveyor_name", "surveyor_id", "entered_by_id", "submitted_at",
)  # fmt: skip
declare(Guard("assessment_survey", "UPDATE", "OLD.status <> 'draft'", FROZEN))
declare(Guard("assessment_survey", "DELETE", "OLD.status <> 'draft'"))
