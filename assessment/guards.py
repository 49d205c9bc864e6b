"""What judgement may never change: a published rubric, a submitted survey, a score, a decision, a posted notice (rulings 4, 5, 12, 21)."""

from core.immutability import Guard, append_only, declare

append_only("assessment_score")
declare(Guard("assessment_rubricversion", "UPDATE", "OLD.status <> 'draft'", ("code", "name", "document", "digest")))
declare(Guard("assessment_rubricversion", "DELETE", "OLD.status <> 'draft'"))
# remarks_enc is left out: key rotation re-seals it, and the list's seal is over its plaintext (ruling 21).
FROZEN = (
    "round_id", "household_id", "county_id", "township_id", "village_id", "group_id", "revision", "answers", "look_points",
    "persons", "people", "attribute", "cause", "surveyed_on", "surveyor_name", "surveyor_id", "entered_by_id", "editors", "purpose", "submitted_at",
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
            "return_to", "reasons", "checks_failed", "recused", "survey_id", "score_id", "household_version", "by_id", "at", "position",
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
            "held_at", "chair", "recorder", "panel_name", "panel", "expected", "present", "document_no", "missing_reason", "missing", "checks",
            "opened_by_id", "opened_at", "closed_by_id", "closed_at", "delegation_id", "counts", "list_seal",
        ),
    )
)  # fmt: skip
declare(Guard("assessment_sitting", "DELETE"))
# The queue of a meeting is frozen with it; the reason for an order between equals is left out for key rotation, its plaintext is sealed.
_SHEET = ("sitting_id", "scorer", "places", "stepped_back", "namesakes", "by_id", "at", "version", "frozen_at")
_RANKING = ("sitting_id", "way", "taken", "drawn_for", "drawn_by_id", "drawn_at", "listed", "version", "frozen_at")
_TIE = ("uuid", "sitting_id", "cases", "votes_for", "votes_against", "by_id", "at", "frozen_at")
for _table, _columns in (("ranking", _RANKING), ("rankingsheet", _SHEET), ("tiebreak", _TIE)):
    declare(Guard(f"assessment_{_table}", "UPDATE", "OLD.frozen_at IS NOT NULL", _columns))
    declare(Guard(f"assessment_{_table}", "DELETE", "OLD.frozen_at IS NOT NULL"))
# What a notice says never changes; when it ends is written once.
declare(
    Guard(
        "assessment_notice",
        "UPDATE",
        "NOT (OLD.status = 'preparing' AND OLD.ends_at IS NULL)",
        ("ends_at", "opened_at", "days", "round_id", "stage", "village_id", "check_code", "seal", "token", "title", "replaces_id"),
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
append_only("assessment_signing")
append_only("assessment_signature")
# A photo is taken away with a reason; what was taken never changes.
declare(
    Guard(
        "assessment_lookphoto",
        "UPDATE",
        "",
        ("uuid", "round_id", "household_id", "look", "sha256", "thumb_sha256", "taken_at", "latitude", "longitude", "by_id", "at"),
    )
)
declare(Guard("assessment_lookphoto", "DELETE"))
append_only("assessment_sample")
append_only("assessment_sampleline")
# Notes are left out: key rotation re-seals them.
declare(
    Guard(
        "assessment_recheck",
        "UPDATE",
        "",
        (
            "uuid", "line_id", "pass_no", "visited_on", "visitors", "outcome", "survey_id", "changes", "income_lines", "points_before",
            "tier_before", "points", "tier", "by_id", "at",
        ),
    )
)  # fmt: skip
declare(Guard("assessment_recheck", "DELETE"))
declare(
    Guard(
        "assessment_incomecheck",
        "UPDATE",
        "",
        ("uuid", "sitting_id", "case_id", "year", "parts", "persons", "net", "per_head", "reported", "poverty_line", "allowed", "by_id", "at"),
    )
)
declare(Guard("assessment_incomecheck", "DELETE"))
