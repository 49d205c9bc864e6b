"""Judgement, one module a subject. Import from here; the modules are where to look."""

from assessment.models.cases import Amendment, Case, CaseState, EndReason
from assessment.models.notices import Notice, NoticeKind, NoticeLine, NoticeSheet, NoticeStatus
from assessment.models.objections import (
    Objection,
    ObjectionChannel,
    ObjectionKind,
    ObjectionStatus,
    ObjectionWay,
    Outcome,
)
from assessment.models.photos import LookPhoto
from assessment.models.ranking import Ranking, RankingSheet, RankingWay, TieBreak
from assessment.models.rounds import Round, RoundQuerySet, RoundScope, RoundStatus
from assessment.models.rubrics import RubricStatus, RubricVersion
from assessment.models.samples import IncomeCheck, Recheck, Sample, SampleLine
from assessment.models.signings import Signature, Signing
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
from assessment.models.surveys import Score, ScoreRun, Survey, SurveyPurpose, SurveyStatus
from assessment.models.verdicts import Opinion, Verdict, Voiding

__all__ = [
    "Amendment", "Ballot", "Case", "CaseState", "EndReason", "Evidence", "EvidenceKind", "IncomeCheck", "LookPhoto", "Notice",
    "NoticeKind", "NoticeLine", "NoticeSheet", "NoticeStatus", "Objection", "ObjectionChannel", "ObjectionKind", "ObjectionStatus",
    "ObjectionWay", "Opinion", "Outcome", "Panel", "PanelKind", "Ranking", "RankingSheet", "RankingWay", "Recheck", "Round",
    "RoundQuerySet", "RoundScope", "RoundStatus", "RubricStatus", "RubricVersion", "Sample", "SampleLine", "Score", "ScoreRun",
    "Signature", "Signing", "Sitting", "SittingKind", "SittingStatus", "Survey", "SurveyPurpose", "SurveyStatus", "TieBreak",
    "Verdict", "Voiding",
]  # fmt: skip
