"""交办: the office names who looks into an objection; nobody who had a hand in the household (ruling 19; A6)."""

from django.utils import timezone

from accounts import roles
from accounts.selectors import holders
from assessment import clock
from assessment.actions.objections import check_free, check_independent
from assessment.actions.objections_outcome import audited, locked
from assessment.models import Objection, ObjectionStatus
from core.actions import Origin, acting, once
from core.errors import BadInput, Denied, Replayed
from core.scope import Scope

NOT_GIVEN = "没有交办。"


def assign_objection(*, scope: Scope, code: str, handler: str, key: str = "", origin: Origin | None = None) -> Objection:
    """`handler` is a login of somebody who may look into it there and is independent of the household; the same from then on as if that
    person had taken it. Raises NotFound, Denied, BadInput (handler), WrongState (not open, taken by that very person, not independent)."""
    try:
        with acting(scope, "objection.assign", origin) as act:
            objection = locked(scope, code)
            if not scope.may(roles.OBJECTION_HANDLE, objection):
                raise Denied
            remember = once(scope, "objection.assign", key, [code, handler])
            person = next((user for user in holders(roles.OBJECTION_HANDLE, objection, timezone.localdate()) if user.login == handler), None)
            if person is None:
                raise BadInput(NOT_GIVEN, fields={"handler": ["请从名单里选择核查人；不在名单里的，没有这里的核查权限。"]})
            check_free(objection, person.pk, take_over=True)
            check_independent(objection, person.pk, name=person.name)
            objection.handler, objection.taken_at = person, clock.now()
            objection.status, objection.version = ObjectionStatus.HANDLING, objection.version + 1
            objection.save(update_fields=["handler", "taken_at", "status", "version"])
            audited(act, objection, subject=person.name)
            remember(objection.code)
    except Replayed as earlier:
        return Objection.objects.visible_to(scope).get(code=earlier.object_code)
    return objection
