"""What judgement may never change: a published rubric, a submitted survey, a score, a decision, a posted notice (rulings 4, 5, 12, 21)."""

from core.immutability import Guard, append_only, declare

append_only("assessment_score")
declare(Guard("assessment_rubricversion", "UPDATE", "OLD.status <> 'draft'", ("code", "name", "document", "digest")))
declare(Guard("assessment_rubricversion", "DELETE", "OLD.status <> 'draft'"))
# remarks_enc is left out: key rotation re-seals it, and the list's seal is over its plaintext (ruling 21).
FROZEN = (
    "round_id", "household_id", "county_id", "township_id", "village_id", "group_id", "revision", "answers", "look_points",
    "persons", "attribute", "cause", "surveyed_on", "surveyor_name", "surveyor_id", "entered_by_id", "editors", "purpose", "submitted_at",
)  # fmt: skip
declare(Guard("assessment_survey", "UPDATE", "OLD.status <> 'draft'", FROZEN))
declare(Guard("assessment_survey", "DELETE", "OLD.status <> 'draft'"))

# Sealed bodies and notes are left out: key rotation re-seals them, the leaf is over their plaintext.
declare(
    Guard(
        "assessment_verdict",
        "UPDATE",
        "",
        (
            "uuid", "case_id", "sitting_id", "notice_id", "stage", "pass_no", "opinion", "category", "votes_for", "votes_against",
            "return_to", "reasons", "checks_failed", "survey_id", "score_id", "household_version", "by_id", "at", "position",
            "seal_format", "leaf", "previous",
        ),
    )
)  # fmt: skip
declare(Guard("assessment_verdict", "DELETE"))
append_only("assessment_voiding")
declare(Guard("assessment_amendment", "UPDATE", "", ("uuid", "case_id", "subject", "from_stage", "back_to", "by_id", "at")))
declare(Guard("assessment_amendment", "DELETE"))
append_only("assessment_evidence")
append_only("assessment_noticeline")
# A closed meeting stays as it was closed; its minutes are sealed under its list seal.
declare(
    Guard(
        "assessment_sitting",
        "UPDATE",
        "OLD.status <> 'open'",
        (
            "uuid", "round_id", "stage", "kind", "county_id", "township_id", "village_id", "group_id", "number", "status", "held_on",
            "held_at", "chair", "recorder", "panel_name", "panel", "expected", "present", "document_no", "missing_reason", "checks",
            "opened_by_id", "opened_at", "closed_by_id", "closed_at", "counts", "list_seal",
        ),
    )
)  # fmt: skip
declare(Guard("assessment_sitting", "DELETE"))
# What a notice says never changes; when it ends is written once.
declare(
    Guard(
        "assessment_notice",
        "UPDATE",
        "NOT (OLD.status = 'preparing' AND OLD.ends_at IS NULL)",
        ("ends_at", "opened_at", "days", "round_id", "stage", "village_id", "check_code", "seal", "token", "title"),
    )
)
declare(Guard("assessment_notice", "DELETE"))
declare(
    Guard(
        "assessment_noticesheet",
        "UPDATE",
        "OLD.posted_at IS NOT NULL",
        ("notice_id", "group_name", "posted_at", "posted_place", "posted_name", "recorded_by_id", "recorded_at"),
    )
)
declare(Guard("assessment_noticesheet", "DELETE"))
