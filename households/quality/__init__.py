"""疑点: checks of facts as pure functions with reasons (brief 3.13). Pure."""

from households.quality.facts import HouseholdView, IdReading, IncomeView, MemberView, VillageView
from households.quality.model import FAMILIES, SEVERITY_NAMES, Finding, Hit, Level, Rule, Severity, Threshold, finding

__all__ = [
    "FAMILIES", "SEVERITY_NAMES", "Finding", "Hit", "HouseholdView", "IdReading", "IncomeView", "Level", "MemberView", "Rule", "Severity",
    "Threshold", "VillageView", "finding",
]  # fmt: skip
