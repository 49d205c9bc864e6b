"""Domain errors. They know the rule that was broken, not the transport; `core.web` and `core.api` map them to pages and JSON."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A refusal with a Chinese sentence for the user.

    `code` is a stable English word for machines; `fields` maps a field name to its messages; `reasons` are the rules in the way.
    """

    code = "refused"

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
        reasons: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields = {name: list(messages) for name, messages in (fields or {}).items()}
        self.reasons = tuple(reasons)
        self.recorded = False  # set once the refusal is on the audit trail


class BadInput(DomainError):
    """The input breaks a rule; `fields` says where and how to mend it."""

    code = "bad_input"


class NotFound(DomainError):
    """Missing, or outside the caller's area: the two are answered alike (trust A6)."""

    code = "not_found"

    def __init__(self, message: str = "没有找到，或不在您负责的范围内。", **kwargs) -> None:
        super().__init__(message, **kwargs)


class Denied(DomainError):
    """In the caller's area, but the role may not do this."""

    code = "denied"

    def __init__(self, message: str = "您的岗位不能办理这一项。", **kwargs) -> None:
        super().__init__(message, **kwargs)


class WrongState(DomainError):
    """The object is not in a state that allows the step."""

    code = "wrong_state"


class StaleVersion(DomainError):
    """Somebody saved the object after the caller had opened it; `conflict` holds both values for each field."""

    code = "stale"

    def __init__(self, message: str = "这一户在您打开之后已被别人修改。", *, conflict: object = None, **kwargs) -> None:
        super().__init__(message, **kwargs)
        self.conflict = conflict


class Replayed(DomainError):
    """The same request arrived before with the same body; `object_code` is what it made (ruling 9)."""

    code = "replayed"

    def __init__(self, object_code: str) -> None:
        super().__init__("这一次提交已经办过了。")
        self.object_code = object_code


class TooOften(DomainError):
    """More, from one place, than people do by hand. Never audited: a flood must not fill the trail. `seconds`: when to come again."""

    code = "too_often"

    def __init__(self, message: str, *, seconds: int = 3600, **kwargs) -> None:
        super().__init__(message, **kwargs)
        self.seconds = seconds


class DiskFull(WrongState):
    """No room on the server's disk: nothing was kept, and only an administrator can mend it (trust 26). Who answers a wrong state in a form
    of its own answers this one there too."""

    code = "disk_full"

    def __init__(self, message: str = "服务器磁盘已满，没有保存。请告诉系统管理员，腾出空间后再办一次。", **kwargs) -> None:
        super().__init__(message, **kwargs)
