"""Judgement, one module a subject. Import from here; the modules are where to look."""

from assessment.models.cases import Amendment, Case, CaseState, EndReason
from assessment.models.notices import Notice, NoticeKind, NoticeLine, NoticeSheet, NoticeStatus
from assessment.models.objections import Objection, ObjectionChannel, ObjectionKind, ObjectionStatus, Outcome
from assessment.models.rounds import Round, RoundQuerySet, RoundScope, RoundStatus
from assessment.models.rubrics import RubricStatus, RubricVersion
from assessment.models.sittings import (
    Ballot,
    Evidence,
    EvidenceKind,
    Panel,
    PanelKind,
    Sitting,
    SittingKind,
    SittingStatus,
)
from assessment.models.surveys import Doubt, Score, ScoreRun, Survey, SurveyPurpose, SurveyStatus
from assessment.models.verdicts import Opinion, Verdict, Voiding

__all__ = [
    "Amendment", "Ballot", "Case", "CaseState", "Doubt", "EndReason", "Evidence", "EvidenceKind", "Notice", "NoticeKind",
    "NoticeLine", "NoticeSheet", "NoticeStatus", "Objection", "ObjectionChannel", "ObjectionKind", "ObjectionStatus", "Opinion",
    "Outcome", "Panel", "PanelKind", "Round", "RoundQuerySet", "RoundScope", "RoundStatus", "RubricStatus", "RubricVersion",
    "Score", "ScoreRun", "Sitting", "SittingKind", "SittingStatus", "Survey", "SurveyPurpose", "SurveyStatus", "Verdict",
    "Voiding",
]  # fmt: skip
