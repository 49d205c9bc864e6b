"""The household list through the whole stack, against the same page whose rows stand ready."""

from collections.abc import Iterator
from datetime import date
from unittest.mock import patch

from django.conf import settings
from django.test import Client

from accounts.models import Assignment, User
from core.api.paging import Keyset
from core.web.paging import Paged, page_of
from fupin.bench.measure import Measured, ratio
from fupin.bench.scratch import Scratch, county_of, scratch
from fupin.bench.village import undone
from households import selectors
from households.models import Household

PAGE = "/households/"


def page(size: int) -> Iterator[Measured]:
    """Session, rights, menu, filters, template and compression are in both; finding, counting and reading the rows only in ours."""
    with scratch(*county_of(size)) as made, undone():
        client = _client(made)
        rows = Household.objects.visible_to(made.scope).registered().select_related("village", "township", "group")
        found = page_of(rows, Keyset(("code",)))
        ready = Paged(found.rows, {"previous": "", "next": f"?after={found.next}"}, "1,000 户以上")
        results = selectors.results_of(found.rows)

        def limit() -> None:
            with patch("households.views.paged", lambda *args: ready), patch("households.selectors.results_of", lambda rows: results):
                _ask(client)

        yield Measured("page", f"农户列表一页 ÷ 同一页面、行已备好（{size:,} 户；≤ 2 即每秒页数 ≥ 0.5）", ratio(lambda: _ask(client), limit), "≤ 2")


def _client(made: Scratch) -> Client:
    user = User(login="bench-county", name="基准", must_change_password=False)
    user.set_unusable_password()
    user.save()
    Assignment.objects.create(user=user, role="county", since=date(2016, 1, 1), county=made.county)
    client = Client(headers={"host": settings.ALLOWED_HOSTS[0], "accept-encoding": "gzip"})
    client.force_login(user, backend="accounts.backends.LoginBackend")
    return client


def _ask(client: Client) -> None:
    answer = client.get(PAGE)
    assert answer.status_code == 200, answer.status_code
