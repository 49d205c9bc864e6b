"""核对校验码: anybody may ask whether the sheet that hangs is the list that was frozen (issue 5.5; ruling 21)."""

import hashlib
import re
from dataclasses import dataclass

from accounts.scopes import PUBLIC
from assessment.actions.public_door import hidden, within_the_hour
from assessment.models import Notice, NoticeStatus
from assessment.sealing import public_document
from assessment.seals import canonical
from core.actions import Origin, acting
from core.errors import BadInput, NotFound, TooOften

CHECK = "notice.check"
CHECKED_BY_ADDRESS = 60
SHORTEST_CODE, LONGEST_CODE = 16, 64
_CODE = re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Checked:
    """`same`: the lines kept today still make the code of the sheet. `groups`: (group, households, persons), to hold against the sheet."""

    notice: Notice
    same: bool
    groups: list[tuple[str, int, int]]


def check_code(*, code: str, origin: Origin | None = None) -> Checked:
    """The notice whose 校验码 begins with the typed one. Raises BadInput (too short), NotFound, TooOften."""
    wanted = "".join(code.split()).lower()
    if not SHORTEST_CODE <= len(wanted) <= LONGEST_CODE or not _CODE.fullmatch(wanted):
        raise BadInput("没有核对。", fields={"code": [f"校验码是张贴件最下面的 {SHORTEST_CODE} 位数字和字母（a–f），请照抄。"]})
    came = hidden(origin)
    if within_the_hour(action=CHECK, session=came.session) >= CHECKED_BY_ADDRESS:
        raise TooOften("查询太频繁，请一小时后再试，或到受理单位询问。")
    with acting(PUBLIC, CHECK, came) as act:
        notice = Notice.objects.filter(check_code__startswith=wanted).exclude(status=NoticeStatus.PREPARING).select_related("round", "county", "township", "village").first()
        if notice is None:
            raise NotFound("没有一份公示是这个校验码。请对照张贴件再输一遍；还是没有的，请拨打监督举报电话 12317。")
        act.audit("notice", str(notice.uuid), place=notice, number=notice.number)
    return _checked(notice)


def _checked(notice: Notice) -> Checked:
    sheets = list(notice.sheets.order_by("pk"))
    lines = list(notice.lines.order_by("position"))
    same = hashlib.sha256(canonical(public_document(notice, sheets, lines))).hexdigest() == notice.check_code
    groups = []
    for sheet in sheets:
        own = [line for line in lines if line.sheet_id == sheet.pk]
        groups.append((sheet.group_name, len(own), sum(line.persons for line in own)))
    return Checked(notice, same, groups)
