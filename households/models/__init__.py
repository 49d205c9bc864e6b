"""Tables of facts."""

from households.models.doubts import Doubt, DoubtDay, DoubtState, Exclusion, QualityRun, QualitySetting
from households.models.events import EventKind, HouseholdEvent, Residence, Transfer, TransferState
from households.models.household import Household, HouseholdQuerySet
from households.models.imports import ImportProblem, ImportRun, StagedRow, Suspicion, UndoPart
from households.models.income import IncomeYear
from households.models.ledger import HouseholdVersion
from households.models.papers import Paper, PaperKind, PaperSetAside, ProxyReason, SigningWay
from households.models.people import Membership, MembershipQuerySet, Person, PersonQuerySet, Sex

__all__ = [
    "Doubt", "DoubtDay", "DoubtState", "EventKind", "Exclusion", "Household", "HouseholdEvent", "HouseholdQuerySet", "HouseholdVersion",
    "ImportProblem", "ImportRun", "IncomeYear", "Membership", "MembershipQuerySet", "Paper", "PaperKind", "PaperSetAside", "Person", "ProxyReason",
    "PersonQuerySet", "QualityRun", "QualitySetting", "Residence", "Sex", "SigningWay", "StagedRow", "Suspicion", "Transfer", "TransferState",
    "UndoPart",
]  # fmt: skip
