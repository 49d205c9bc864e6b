"""What the page of thresholds and severities shows: the county's own beside the defaults."""

from collections.abc import Mapping
from decimal import Decimal

from core.scope import Scope
from households.models import QualitySetting
from households.quality import FAMILIES, SEVERITY_NAMES, rules
from villages.models import County

LEVELS = [*((str(one), name) for one, name in SEVERITY_NAMES.items()), (rules.OFF, "不查")]


def settings_page(scope: Scope, county: County, typed: Mapping[str, str] | None) -> dict[str, object]:
    """`typed` is what came with a refused post: nothing of it is lost."""
    row = QualitySetting.objects.visible_to(scope).filter(county=county).first()
    own = row.thresholds if row else {}
    levels = row.severities if row else {}
    given = typed or {}
    families = [
        {
            "name": name, "limits": [_limit(code, own, given) for code, home in _HOMES.items() if home == number],
            "rules": [_rule(one, levels, given) for one in rules.RULES if one.family == number],
        }
        for number, name in FAMILIES.items()
    ]  # fmt: skip
    for one in families:
        one["changed"] = sum(part["changed"] for part in (*one["limits"], *one["rules"]))
    return {"families": [one for one in families if one["rules"]], "levels": LEVELS, "version": row.version if row else 0, "refused": bool(given)}


_HOMES = {code: next(rule.family for rule in rules.RULES if code in rule.thresholds) for code in rules.THRESHOLDS}
"""Threshold → the first family that asks for it: shown there."""


def _limit(code: str, own: Mapping[str, str], given: Mapping[str, str]) -> dict[str, object]:
    one = rules.THRESHOLDS[code]
    value = given.get(f"limit-{code}", own.get(code, _plain(one.default)))
    return {"code": code, "title": one.title, "unit": one.unit, "default": _plain(one.default), "changed": code in own, "value": value}


def _rule(rule, levels: Mapping[str, str], given: Mapping[str, str]) -> dict[str, object]:
    chosen = given.get(f"level-{rule.code}", levels.get(rule.code, str(rule.severity)))
    return {"code": rule.code, "title": rule.title, "remedy": rule.remedy, "default": SEVERITY_NAMES[rule.severity], "chosen": chosen, "changed": rule.code in levels}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
