"""The declared fields of households, members and income sheets. Forms, pages, papers, API and checks read these. Pure."""

from households.fields.household import HOUSEHOLD
from households.fields.income import INCOME
from households.fields.member import MEMBER
from households.fields.model import Field, Fields, Kind, Section
from households.fields.words import codes_in, is_filled, said

__all__ = ["HOUSEHOLD", "INCOME", "MEMBER", "Field", "Fields", "Kind", "Section", "codes_in", "is_filled", "said"]
