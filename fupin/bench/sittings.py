"""What the server spends on the pages of one long list: milliseconds, and how many plain pages of as many rows that is (issue 3.3).

The one family that prints milliseconds: the issue sets its limit in them. Each page is asked for through the whole stack (session,
rights, template, compression); each post is rolled back, so that every run finds the same list.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from django.conf import settings
from django.template import engines
from django.test import Client

from assessment.docket import docket
from assessment.models import Case, Sitting
from fupin.bench.measure import Spent, spent
from fupin.bench.scratch import ROUND
from fupin.bench.village import TEXT, Hall, undone, village_with_list

HOUSEHOLDS, MOST = 300, "≤ 300 毫秒"
PLAIN = (
    "<table>{% for c in cases %}<tr><td>{{ c.household.code }}</td><td>{{ c.household.head_name }}</td><td>{{ c.group.name }}</td>"
    "<td>{{ c.household.persons }}</td><td>{{ c.survey.score.points }}</td><td>{{ c.survey.score.tier }}</td><td>{{ c.stage }}</td>"
    "<td>{{ c.category }}</td></tr>{% endfor %}</table>"
)
Page = tuple[str, Callable[[], object]]


def sittings(size: int) -> Iterator[Spent]:
    """乡核, 县定, 公示 and the boards of a village of 300 households (`size` is of the other benches)."""
    with village_with_list(HOUSEHOLDS) as hall:
        limit = _plain(hall)
        hall.to_township()
        for name, work in chain(_meeting(hall), _lists(hall)):
            yield spent("sittings", f"{name}（{HOUSEHOLDS} 户）", work, limit, MOST)
        for stage in ("xh", "xd"):
            hall.decide(stage)
        for name, work in chain(_starting(hall), _shown(hall)):
            yield spent("sittings", f"{name}（{HOUSEHOLDS} 户）", work, limit, MOST)


def _plain(hall: Hall) -> Callable[[], object]:
    """The limit: one query for the rows and a bare table of eight columns."""
    template = engines["django"].from_string(PLAIN)
    rows = Case.objects.filter(village=hall.village).select_related("household", "group", "survey__score")
    return lambda: template.render({"cases": list(rows)})


def _client(hall: Hall, role: str = "") -> Client:
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "accept-encoding": "gzip"})
    if role:
        client.force_login(hall.users[role], backend="accounts.backends.LoginBackend")
    return client


def _get(client: Client, address: str) -> Callable[[], object]:
    def ask() -> object:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    return ask


def _post(client: Client, address: str, data: dict[str, object], expected: int = 302) -> Callable[[], object]:
    def send() -> object:
        with undone():
            answer = client.post(address, data)
            assert answer.status_code == expected, (address, answer.status_code)
        return answer

    return send


def _meeting(hall: Hall) -> Iterator[Page]:
    sitting, client = hall.ready("xh"), _client(hall, "township")
    base, case = f"/sittings/{sitting.uuid}/", str(_waiting(sitting)[HOUSEHOLDS // 2])
    table = docket(hall.scope("township"), sitting.uuid)
    yield "乡核会议页", _get(client, base)
    yield "乡核会议页，选定一户", _get(client, f"{base}?case={case}")
    ballot = {"case": case, "opinion": "agree", "version": "0"}
    yield "填一户意见（提交）", _post(client, f"{base}ballots/", ballot)
    many = {"all_shown": "1", "show": "all", "opinion": "return", "return_to": "cy", "reasons-return": "no_proof", "version": sitting.version}
    yield "成批填全部的意见（提交）", _post(client, f"{base}batch/", many, 200)
    close = {"version": sitting.version, "count": table.count, "mark": table.mark, "rest_agree": "1", "key": "bench"}
    yield "其余全部同意，锁定名单（提交）", _post(client, f"{base}close/", close)


def _waiting(sitting: Sitting) -> list[object]:
    return list(Case.objects.filter(village=sitting.village, stage=sitting.stage).values_list("uuid", flat=True))


def _lists(hall: Hall) -> Iterator[Page]:
    client = _client(hall, "township")
    yield "村名单", _get(client, f"/rounds/{ROUND}/villages/{hall.village.code}/")
    yield "处理进度", _get(client, f"/rounds/{ROUND}/")
    yield "首页（乡镇）", _get(client, "/")


def _starting(hall: Hall) -> Iterator[Page]:
    client = _client(hall, "township")
    text = {name: getattr(TEXT, name) for name in TEXT.__dataclass_fields__}
    address = f"/notices/new/?round={ROUND}&stage=gs&village={hall.village.code}"
    yield "发起公示的页面", _get(client, address)
    yield "发起公示（提交）", _post(client, address, text)


def _shown(hall: Hall) -> Iterator[Page]:
    closed = Sitting.objects.get(village=hall.village, stage="xh")
    notice, client = hall.posted(), _client(hall, "township")
    yield "公示页", _get(client, f"/notices/{notice.uuid}/")
    yield "张贴件", _get(client, f"/notices/{notice.uuid}/print/")
    yield "公开网页", _get(_client(hall), f"/public/notices/{notice.token}/")
    yield "公开网页提异议", _get(_client(hall), f"/public/notices/{notice.token}/objections/")
    yield "已锁定的乡核页", _get(client, f"/sittings/{closed.uuid}/")
    yield "会议记录打印件", _get(client, f"/sittings/{closed.uuid}/minutes/print/")
