"""The one village that the importer of the corpus knows."""

from core.sheets import match_key
from households.importing.grouping import KnownVillage, group_key
from tests.assessment.roster_book import VILLAGE

NAMES = frozenset(map(match_key, ("桐子园村村民委员会", "桐子园村")))
GROUPS = {group_key("1组"): (1, "1组"), group_key("2组"): (2, "2组")}
VILLAGES = {VILLAGE: KnownVillage(1, VILLAGE, "桐子园村", 1, VILLAGE[:9], "大河镇", 1, "来凤县", NAMES, GROUPS)}
