"""All rules and how they are asked (brief 3.13). Pure: views in, findings out, the same findings for the same facts."""

import hashlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from households.quality.facts import HouseholdView, VillageView
from households.quality.families import (
    area,
    basics,
    blanks,
    causes,
    dibao,
    disability,
    helper,
    income,
    labour,
    monitoring,
    papers,
    school,
    structure,
    work,
)
from households.quality.model import Finding, Hit, Level, Limits, Rule, Severity, Threshold, finding

FAMILY_MODULES = (
    papers, blanks, structure, causes, dibao, labour, income, work, school, basics, area, disability, helper, monitoring,
)  # fmt: skip

OFF = "off"
"""The severity by which a county does without a rule."""

RULES: tuple[Rule, ...] = tuple(rule for family in FAMILY_MODULES for rule in family.RULES)
THRESHOLDS: Mapping[str, Threshold] = MappingProxyType(
    {one.code: one for family in FAMILY_MODULES for one in getattr(family, "THRESHOLDS", ())}
)
BY_CODE: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in RULES})

Severities = Mapping[str, str]


_DEFAULTS: Limits = MappingProxyType({code: one.default for code, one in THRESHOLDS.items()})


def defaults() -> Limits:
    return dict(_DEFAULTS)


def check_household(
    view: HouseholdView, limits: Limits | None = None, severities: Severities | None = None, year: int | None = None
) -> tuple[Finding, ...]:
    """What the rules find about a household and its members, the weightiest first; one finding a rule and subject.

    `limits` and `severities` hold what a county set otherwise (`off` = not asked); `year` decides which rules are asked, None = of `view.on`.
    A finding's `field` is a member's column where `member` is set, else the household's or its income sheet's.
    """
    asked, known = _asked(year or view.on.year, severities), _known(limits)
    found = []
    for rule, severity in asked[Level.HOUSEHOLD]:
        found += _finding(rule, rule.check(view, known), view.key, severity)
    for member in view.members:
        for rule, severity in asked[Level.PERSON]:
            found += _finding(rule, rule.check(member, view, known), member.key, severity)
    return _in_order(found)


def check_village(
    view: VillageView, limits: Limits | None = None, severities: Severities | None = None, year: int | None = None
) -> tuple[Finding, ...]:
    """What only the whole village shows."""
    asked, known = _asked(year or view.on.year, severities)[Level.VILLAGE], _known(limits)
    return _in_order(
        [one for rule, severity in asked for one in _finding(rule, rule.check(view, known), view.key, severity)]
    )


def rules_digest(limits: Limits | None = None, severities: Severities | None = None) -> str:
    """Names a set of rules as asked: other rules, words, thresholds or severities give another digest."""
    known, said = _known(limits), severities or {}
    lines = [
        f"{rule.code}|{said.get(rule.code, rule.severity)}|{rule.title}|{rule.remedy}|{rule.weight}|{rule.years}"
        for rule in RULES
    ]
    lines += [f"{code}={Decimal(known[code]).normalize():f}" for code in sorted(known)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _known(limits: Limits | None) -> Limits:
    return {**_DEFAULTS, **(limits or {})}


def _asked(year: int, severities: Severities | None) -> Mapping[Level, tuple[tuple[Rule, Severity], ...]]:
    return _asked_in(year, frozenset((severities or {}).items()))


@lru_cache(maxsize=64)
def _asked_in(year: int, severities: frozenset[tuple[str, str]]) -> Mapping[Level, tuple[tuple[Rule, Severity], ...]]:
    """The same for every household of a county: worked out once, not a hundred thousand times."""
    said = dict(severities)
    asked = [(rule, said.get(rule.code, rule.severity)) for rule in RULES if rule.asked_in(year)]
    return {
        level: tuple((rule, Severity(severity)) for rule, severity in asked if rule.level is level and severity != OFF)
        for level in Level
    }


def _finding(rule: Rule, hits: Iterable[Hit], subject: str, severity: Severity) -> tuple[Finding, ...]:
    """At most one: rule and subject name a doubt."""
    for hit in hits:
        return (finding(rule, hit, subject, severity),)
    return ()


def _in_order(found: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda one: (-one.weight, one.rule, one.subject)))
