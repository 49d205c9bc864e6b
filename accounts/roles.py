"""Roles and rights as one pure table (architecture "accounts"; trust A2-A3; rulings 17 and 20).

A right is a short name; a role holds rights in its area. Nothing else in the project decides who may do what.
"""

from core.scope import FieldClass
from villages.rights import COUNTY_SETTINGS, PLACE_MANAGE

CADRE, VILLAGE_LEAD, TOWNSHIP, COUNTY, VIEWER = "cadre", "village_lead", "township", "county", "viewer"
SYSADMIN, SECADMIN, AUDITOR, API_CLIENT = "sysadmin", "secadmin", "auditor", "api_client"

ROLE_LABELS = {
    CADRE: "村干部",
    VILLAGE_LEAD: "村党组织书记",
    TOWNSHIP: "乡镇扶贫办",
    COUNTY: "县扶贫办",
    VIEWER: "县级查看",
    SYSADMIN: "系统管理员",
    SECADMIN: "安全管理员",
    AUDITOR: "审计管理员",
    API_CLIENT: "接口用户",
}

VILLAGE_ROLES = (CADRE, VILLAGE_LEAD)
DATA_ROLES = (CADRE, VILLAGE_LEAD, TOWNSHIP, COUNTY, VIEWER, API_CLIENT)
ADMIN_ROLES = (SYSADMIN, SECADMIN, AUDITOR)
ROLE_LEVEL = {CADRE: "village", VILLAGE_LEAD: "village", TOWNSHIP: "township", COUNTY: "county", VIEWER: "county"}
"""The level of area each role is assigned to; the three administrators have no area, an API client's area is on its token."""

HOUSEHOLD_VIEW = "household.view"
HOUSEHOLD_EDIT = "household.edit"
FAMILY_EVENT = "household.event"
FAMILY_REOPEN = "household.reopen"
TRANSFER_ANSWER = "transfer.answer"
PAPER_SIGN = "paper.sign"
PAPER_PRINT = "paper.print"
EXCLUSION_ASK = "exclusion.ask"
EXCLUSION_CONFIRM = "exclusion.confirm"
DOUBT_VIEW = "doubt.view"
DOUBT_CLOSE = "doubt.close"
QUALITY_RUN = "quality.run"
COVERAGE_VIEW = "coverage.view"
SURVEY_FILL = "survey.fill"
IMPORT_RUN = "import.run"
EXPORT_ROSTER = "export.roster"
TABLE_VIEW = "table.view"
TABLE_BUILD = "table.build"
DOCUMENT_SIGN = "document.sign"
DOCUMENT_ACCEPT = "document.accept"
RUBRIC_VIEW = "rubric.view"
ROUND_VIEW = "round.view"
ROUND_MANAGE = "round.manage"
RESCORE = "survey.rescore"
LIST_VIEW = "list.view"
SITTING_GROUP = "sitting.group"
SITTING_VILLAGE = "sitting.village"
SITTING_TOWNSHIP = "sitting.township"
SITTING_COUNTY = "sitting.county"
PANEL_KEEP = "panel.keep"
CASE_AMEND = "case.amend"
CASE_END = "case.end"
NOTICE_START = "notice.start"
NOTICE_START_VILLAGE = "notice.start_village"
NOTICE_START_COUNTY = "notice.start_county"
NOTICE_POST = "notice.post"
NOTICE_WITHDRAW = "notice.withdraw"
OBJECTION_LODGE = "objection.lodge"
OBJECTION_HANDLE = "objection.handle"
OBJECTION_CONFIRM = "objection.confirm"
ACCOUNT_MANAGE = "account.manage"
ASSIGNMENT_MANAGE = "assignment.manage"
AUDIT_VIEW = "audit.view"
DELEGATION_VIEW = "delegation.view"
DELEGATION_GIVE = "delegation.give"

_EVERY_DATA_ROLE = frozenset(DATA_ROLES)
_VILLAGE = frozenset(VILLAGE_ROLES)
_OFFICES = frozenset((TOWNSHIP, COUNTY))

RIGHTS: dict[str, frozenset[str]] = {
    HOUSEHOLD_VIEW: _EVERY_DATA_ROLE,
    HOUSEHOLD_EDIT: _VILLAGE,
    FAMILY_EVENT: _VILLAGE,
    FAMILY_REOPEN: frozenset((TOWNSHIP,)),
    TRANSFER_ANSWER: _VILLAGE | {TOWNSHIP},
    PAPER_SIGN: _VILLAGE,
    PAPER_PRINT: _VILLAGE | _OFFICES,
    EXCLUSION_ASK: _VILLAGE,
    EXCLUSION_CONFIRM: frozenset((TOWNSHIP,)),
    DOUBT_VIEW: _VILLAGE | _OFFICES,
    DOUBT_CLOSE: _VILLAGE | {TOWNSHIP},
    QUALITY_RUN: _VILLAGE | _OFFICES,
    COVERAGE_VIEW: _VILLAGE | _OFFICES,
    SURVEY_FILL: _VILLAGE,
    IMPORT_RUN: _OFFICES,
    EXPORT_ROSTER: _VILLAGE | _OFFICES,
    TABLE_VIEW: _EVERY_DATA_ROLE,
    TABLE_BUILD: _VILLAGE | _OFFICES,
    DOCUMENT_SIGN: frozenset((VILLAGE_LEAD, TOWNSHIP, COUNTY)),
    DOCUMENT_ACCEPT: _OFFICES,
    RUBRIC_VIEW: _EVERY_DATA_ROLE,
    ROUND_VIEW: _EVERY_DATA_ROLE,
    ROUND_MANAGE: frozenset((COUNTY,)),
    RESCORE: frozenset((COUNTY,)),
    LIST_VIEW: _EVERY_DATA_ROLE,
    SITTING_GROUP: _VILLAGE,
    SITTING_VILLAGE: frozenset((VILLAGE_LEAD,)),
    SITTING_TOWNSHIP: frozenset((TOWNSHIP,)),
    SITTING_COUNTY: frozenset((COUNTY,)),
    PANEL_KEEP: _VILLAGE | {TOWNSHIP},
    CASE_AMEND: _VILLAGE,
    CASE_END: frozenset((VILLAGE_LEAD, TOWNSHIP)),
    NOTICE_START: frozenset((TOWNSHIP,)),
    NOTICE_START_VILLAGE: frozenset((VILLAGE_LEAD,)),
    NOTICE_START_COUNTY: frozenset((COUNTY,)),
    NOTICE_POST: _VILLAGE,
    NOTICE_WITHDRAW: _OFFICES,
    OBJECTION_LODGE: _VILLAGE | {TOWNSHIP},
    OBJECTION_HANDLE: _OFFICES,
    OBJECTION_CONFIRM: frozenset((COUNTY,)),
    COUNTY_SETTINGS: frozenset((COUNTY,)),
    ACCOUNT_MANAGE: frozenset((SYSADMIN,)),
    PLACE_MANAGE: frozenset((SYSADMIN,)),
    ASSIGNMENT_MANAGE: frozenset((SECADMIN,)),
    AUDIT_VIEW: frozenset((AUDITOR,)),
    DELEGATION_VIEW: _VILLAGE | _OFFICES | {VIEWER},
    DELEGATION_GIVE: frozenset((VILLAGE_LEAD, TOWNSHIP, COUNTY)),
}

SITTING_RIGHTS = {
    "group": SITTING_GROUP,
    "village": SITTING_VILLAGE,
    "township": SITTING_TOWNSHIP,
    "county": SITTING_COUNTY,
}
"""The right that decides at each level of a procedure (ruling 17)."""

NOTICE_STARTS = {"village": NOTICE_START_VILLAGE, "township": NOTICE_START, "county": NOTICE_START_COUNTY}
"""The right that starts a notice, by the level of its stage."""
NOTICE_POSTS = {"group": NOTICE_POST, "village": NOTICE_POST, "township": NOTICE_START, "county": NOTICE_START_COUNTY}
"""The right that puts it up, by the board that it hangs on."""

FIELD_RIGHTS: dict[FieldClass, frozenset[str]] = {
    FieldClass.IDENTITY: _VILLAGE | {TOWNSHIP},
    FieldClass.CONTACT: _VILLAGE | {TOWNSHIP},
    FieldClass.HEALTH: _VILLAGE | _OFFICES,
    FieldClass.FINANCE: _VILLAGE | _OFFICES,
}
"""Who sees a sensitive field unmasked: those who check it with the household. County, viewer and API read masked numbers (trust A2, P9)."""


def conflicting_roles(held: set[str]) -> list[str]:
    """Chinese reasons why one person may not hold these roles together (trust A3)."""
    reasons = []
    if len(held & set(ADMIN_ROLES)) > 1:
        reasons.append("系统管理员、安全管理员、审计管理员必须由不同的人担任。")
    if held & set(ADMIN_ROLES) and held & set(DATA_ROLES):
        reasons.append("三类管理员不能同时办理农户业务。")
    return reasons
