"""查看证件号码: full numbers of one household, with a purpose, on the trail (trust A2, L1)."""

import re
from dataclasses import dataclass

from core.actions import Origin, acting
from core.errors import BadInput, Denied, NotFound
from core.scope import FieldClass, Scope
from households.models import Household
from households.secrets import reveal

NUMBER = re.compile(r"\d{11}")


@dataclass(frozen=True, slots=True)
class Revealed:
    """Numbers of one household in the clear; they live only for the page that shows them."""

    phone: str
    identities: dict[str, str]


def reveal_household(*, scope: Scope, code: str, purpose: str, origin: Origin | None = None) -> Revealed:
    """{membership uuid: ID number} and the phone. The audit row is written first: without it nothing is shown (trust L2)."""
    with acting(scope, "household.reveal", origin) as act:
        household = Household.objects.visible_to(scope).select_related("village").filter(code=code).first()
        if household is None:
            raise NotFound
        if not scope.may_see(FieldClass.IDENTITY, household):
            raise Denied
        if len(purpose.strip()) < 2:
            raise BadInput("请写明查看的用途。", fields={"purpose": ["请写明查看的用途。"]})
        if NUMBER.search(purpose):
            raise BadInput("用途里不要写证件号码或电话。", fields={"purpose": ["用途里不要写证件号码或电话。"]})
        act.audit("household", code, place=household, purpose=purpose.strip()[:60])
    members = household.memberships.current().select_related("person")
    return Revealed(reveal(household, "phone"), {str(row.uuid): reveal(row.person, "id") for row in members})
