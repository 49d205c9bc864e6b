import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.models import AuditRow

GETS = ["divisions/", "households/", "members/", "rubrics/", "rounds/", "surveys/", "jobs/", "changes/"]
ERROR = {"code", "message", "fields"}


def test_client_without_a_token_gets_401_and_an_audit_row(api):
    response = api(None).get("households/")
    assert response.status_code == 401 and set(response.json()) == ERROR
    assert response.headers["WWW-Authenticate"] == "Token"
    assert AuditRow.objects.get().result == "denied"


def dead_tokens(make_token, cast):
    yield "unknown", "f" * 64
    yield "expired", make_token(expires_at=timezone.now() - timedelta(seconds=1))
    yield "revoked", make_token(revoked_at=timezone.now())
    yield "other address", make_token(allowed_ips=["10.9.8.7"])
    live = make_token()
    yield "wrong secret of a live prefix", live[:8] + "0" * 56
    yield "non-ascii", "令牌令牌令牌令牌令牌"
    disabled = make_token(owner="viewer")
    cast.viewer.is_active = False
    cast.viewer.save()
    yield "disabled owner", disabled


def test_every_dead_token_is_refused_alike_and_audited(make_token, cast, caller):
    bodies = set()
    for number, (why, secret) in enumerate(dead_tokens(make_token, cast), 1):
        header = secret if secret.isascii() else secret.encode().decode("latin-1")
        response = caller(header).get("households/")
        assert response.status_code == 401, why
        bodies.add(response.content)
        assert AuditRow.objects.filter(action="api.read", result="denied").count() == number, why
    assert len(bodies) == 1


def test_audit_names_the_prefix_of_a_revoked_token_and_never_its_secret(make_token, caller):
    secret = make_token(revoked_at=timezone.now())
    caller(secret).get("households/")
    row = AuditRow.objects.get()
    assert row.actor_login == secret[:8] and secret[8:] not in json.dumps(row.detail)


def test_token_of_the_right_address_is_let_in(api):
    assert api(allowed_ips=["127.0.0.1"]).get("households/").status_code == 200


def test_token_in_the_address_opens_nothing(make_token):
    secret = make_token()
    assert Client().get("/api/v1/households/", {"token": secret}).status_code == 401


def test_session_cookie_never_opens_the_api(login):
    assert login("county").get("/api/v1/households/").status_code == 401


def test_use_of_a_token_is_noted_at_most_once_a_minute(api):
    from accounts.models import ApiToken

    caller = api()
    caller.get("rounds/")
    first = ApiToken.objects.get().last_used_at
    caller.get("rounds/")
    assert first is not None and ApiToken.objects.get().last_used_at == first


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options", "trace"])
def test_client_cannot_write_or_probe_a_read_route(api, path, method):
    response = Client().generic(method.upper(), f"/api/v1/{path}", "{}", "application/json", headers=api().headers)
    assert response.status_code == 405 and response.json()["code"] == "method_not_allowed"


def test_method_override_is_not_obeyed(api):
    assert api().get("households/", headers={"x-http-method-override": "DELETE"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ('{"a": NaN}', "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("a=1", "application/x-www-form-urlencoded", 415),
        ("<a/>", "text/xml", 415),
        ('{"rubric": "' + "x" * 300_000 + '"}', "application/json", 413),
    ],
)
def test_client_with_a_bad_body_gets_its_reason_as_json(api, body, kind, status):
    response = api().post("score/", body, kind)
    assert response.status_code == status and set(response.json()) == ERROR


@pytest.mark.parametrize(
    "path",
    [
        "",
        "nothing/",
        "households/42/",
        "households/%00/",
        "tables/nation/",
        "../v1/x/",
        "households/42282710220000010/",
    ],
)
def test_unknown_address_is_a_json_404_for_a_token_and_401_without(api, path):
    response = api().get(path)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert api(None).get(path).status_code == 401


@pytest.mark.parametrize(
    "query",
    [
        {"page_size": "0"}, {"page_size": "501"}, {"page_size": "-1"}, {"page_size": "x"}, {"page_size": "１０"},
        {"cursor": "!!"}, {"cursor": "e30"}, {"cursor": "W10"}, {"cursor": "令"}, {"cursor": "W251bGxd"},
        {"ordering": "id_enc"}, {"person__id_enc__startswith": "a"}, {"village__code__gt": "1"}, {"village": "a\x00"},
        {"village": ["422827102200", "422827102201"]}, {"format": "xml"}, {"attribute": "77"},
    ],
)  # fmt: skip
def test_client_with_a_bad_parameter_is_told_its_name(api, query):
    response = api().get("households/", **query)
    assert response.status_code == 400
    assert list(response.json()["fields"]) == list(query)


def test_client_that_accepts_only_xml_is_told_406(api):
    assert api().get("rounds/", headers={"accept": "text/xml"}).status_code == 406


def test_responses_allow_no_other_site_and_no_store(api):
    response = api().get("rounds/", headers={"origin": "https://example.org"})
    assert not [name for name in response.headers if name.lower().startswith("access-control")]
    assert response.headers["Cache-Control"] == "no-store" and "Authorization" in response.headers["Vary"]
    assert response.headers["Content-Type"] == "application/json" and not response.cookies


def test_fault_of_ours_is_told_by_number_only(api, monkeypatch):
    from assessment.api import rounds as views

    def fail(self):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(views.RoundList, "rows", fail)
    caller = api()
    client = Client(raise_request_exception=False)
    response = client.get("/api/v1/rounds/", headers=caller.headers)
    assert (
        response.status_code == 500 and response.json()["code"] == "server_error" and b"secret" not in response.content
    )


@pytest.mark.parametrize("path", GETS)
def test_every_pull_is_audited_with_filter_names_and_row_count(api, make_household, path):
    make_household()
    response = api().get(path)
    rows = response.json().get("results", response.json().get("changes"))
    row = AuditRow.objects.get()
    assert (row.action, row.result, row.detail["rows"]) == ("api.read", "ok", len(rows))


def test_audit_of_a_pull_holds_no_value_of_a_filter(api):
    api().get("households/", village="422827102200")
    detail = AuditRow.objects.get().detail
    assert detail["filters"] == ["village"] and "422827102200" not in json.dumps(detail)


def test_client_gets_nothing_when_the_pull_cannot_be_audited(api, monkeypatch, make_household):
    household = make_household()
    from core.api import views

    def fail(*args, **kwargs):
        raise RuntimeError("no audit")

    monkeypatch.setattr(views, "record", fail)
    caller = api()
    response = Client(raise_request_exception=False).get("/api/v1/households/", headers=caller.headers)
    assert response.status_code == 500 and household.code.encode() not in response.content


def test_client_with_thousands_of_parameters_is_refused(api):
    query = "&".join(f"p{n}=1" for n in range(2001))
    response = Client().get(f"/api/v1/households/?{query}", headers=api().headers)
    assert response.status_code == 400 and response.json()["code"] == "bad_input"


@pytest.mark.parametrize(
    "key",
    [
        [1, 2], ["x", "y"], ["2016-01-01T00:00:00Z", "y"], ["2016-01-01T00:00:00Z", {}], [True, None], "xx",
        ["0001-01-01T00:00:00+14:00", "a8098c1a-f86e-11da-bd1a-00112444be1e"],
    ],
)  # fmt: skip
def test_client_with_a_made_up_cursor_is_refused(api, key):
    cursor = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    response = api().get("jobs/", cursor=cursor)
    assert response.status_code == 400 and list(response.json()["fields"]) == ["cursor"]


def test_head_answers_without_a_body(api):
    response = Client().head("/api/v1/rounds/", headers=api().headers)
    assert response.status_code == 200 and response.content == b""


def test_client_whose_answers_are_compressed_still_gets_304(api, rubric_version):
    caller, zipped = api(), {"accept-encoding": "gzip"}
    first = caller.get("rubrics/LKF-DEFAULT-1/", headers=zipped)
    assert first.headers["Content-Encoding"] == "gzip" and first.headers["ETag"].startswith("W/")
    again = caller.get("rubrics/LKF-DEFAULT-1/", headers=zipped | {"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
