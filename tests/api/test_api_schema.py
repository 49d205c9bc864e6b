"""The OpenAPI document holds for what is served, both ways."""

import json
import re
from uuid import uuid4

import pytest
import yaml
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator, FormatChecker

pytestmark = pytest.mark.once

HOME = "422827102200"


@pytest.fixture
def schema(api):
    return Client().get("/api/schema/", headers=api().headers).json()


def served_routes(patterns=None, prefix="/"):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + re.sub(
            r"\(\?P<(\w+)>[^)]*\)|<(?:\w+:)?(\w+)>|[\^$]|\\Z",
            lambda m: f"{{{m[1] or m[2]}}}" if m[1] or m[2] else "",
            str(pattern.pattern),
        )
        if isinstance(pattern, URLResolver):
            yield from served_routes(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern) and path.startswith("/api/v1/"):
            methods = [
                name
                for name in pattern.callback.cls.http_method_names
                if name in ("get", "post", "put", "patch", "delete")
            ]
            yield from ((path, method) for method in methods)


def described_routes(schema):
    return {(path, method) for path, item in schema["paths"].items() for method in item}


def test_every_served_route_is_described_and_every_described_one_served(schema):
    assert described_routes(schema) == set(served_routes()) and len(described_routes(schema)) == 25


def test_schema_is_a_sound_document_in_chinese(schema):
    assert schema["openapi"] == "3.1.0"
    for item in schema["paths"].values():
        for operation in item.values():
            assert re.search("[一-鿿]", operation["summary"]) and re.search("[一-鿿]", operation["description"])
            for parameter in operation.get("parameters", []):
                assert re.search("[一-鿿]", parameter["description"]), parameter
            assert operation["security"] == [{"token": []}]
    for name, component in schema["components"]["schemas"].items():
        Draft202012Validator.check_schema(component)
        assert name


def test_schema_is_served_as_yaml_too(api):
    response = Client().get("/api/schema/", headers=api().headers | {"accept": "application/vnd.oai.openapi"})
    assert yaml.safe_load(response.content)["openapi"] == "3.1.0"


def validator(schema, reference):
    return Draft202012Validator({**reference, "components": schema["components"]}, format_checker=FormatChecker())


def content(operation, status, kind="application/json"):
    return operation["responses"][str(status)]["content"][kind]["schema"]


@pytest.fixture
def world(make_household, make_survey, make_case, rolled_up, scope, cast):
    from django.db import transaction

    from core.actions import acting
    from core.jobs import enqueue
    from reports.actions_freeze import freeze_table
    from tests.reports.walked import object_to, walk

    household = make_household(number=99)
    make_survey(household)
    walked = walk(scope, make_case)
    notice, objection = object_to(scope, walked)
    rolled_up()
    snapshot = freeze_table(scope=scope("cadre"), level="village", round_code="2016-SB", area=HOME)
    with acting(scope("cadre"), "household.update") as act:
        act.feed("household", household.code, place=household)
    with transaction.atomic():
        job = enqueue("x", title="汇总", user_id=cast.county.pk, params={}, nudge=False)
    return {
        "jobs": {"id": str(job.pk)},
        "rubrics": {"code": "LKF-DEFAULT-1"},
        "households": {"code": household.code},
        "cases": {"code": f"{walked.cases['doudi'].household.code}@2016-SB"},
        "sittings": {"id": str(walked.sittings[0].uuid)},
        "notices": {"id": str(notice.uuid)},
        "objections": {"code": objection.code},
        "tables": {"level": "village"},
        "snapshots": {"id": snapshot.serial},
    }


def test_every_answer_fits_its_description(api, schema, world):
    caller = api()
    queries = {
        "/api/v1/tables/{level}/": {"round": "2016-SB", "area": HOME},
        "/api/v1/tables/cell/": {"level": "village", "round": "2016-SB", "area": HOME, "column": "households"},
    }
    for path, item in schema["paths"].items():
        if "get" not in item:
            continue
        address = path.removeprefix("/api/v1/")
        response = caller.get(address.format(**world.get(address.partition("/")[0], {})), **queries.get(path, {}))
        assert response.status_code == 200, (path, response.content)
        if response.streaming:
            lines = b"".join(response).splitlines()
            assert lines and response["Content-Type"] == "application/x-ndjson"
            for line in lines:
                validator(schema, content(item["get"], 200, "application/x-ndjson")).validate(json.loads(line))
            continue
        body = response.json()
        assert body.get("results", True) and body.get("changes", True), f"{path} answered nothing to look at"
        validator(schema, content(item["get"], 200)).validate(body)


def test_score_fits_its_description(api, schema, rubric_version):
    operation = schema["paths"]["/api/v1/score/"]["post"]
    assert operation["requestBody"]["required"]
    request = {
        "rubric": "LKF-DEFAULT-1",
        "answers": {item.code: item.options[0].code for item in rubric_version.value.indicators},
    }
    validator(schema, operation["requestBody"]["content"]["application/json"]["schema"]).validate(request)
    response = api().post("score/", request)
    validator(schema, content(operation, 200)).validate(response.json())


def test_refusals_fit_their_description(api, schema, round_):
    caller = api()
    answers = [
        ("/api/v1/households/", 400, caller.get("households/", x="1")),
        ("/api/v1/households/", 401, api(None).get("households/")),
        ("/api/v1/households/{code}/", 404, caller.get(f"households/{HOME}9999/")),
        ("/api/v1/jobs/{id}/", 404, caller.get(f"jobs/{uuid4()}/")),
    ]
    for path, status, response in answers:
        assert response.status_code == status
        validator(schema, content(schema["paths"][path]["get"], status)).validate(response.json())


def test_every_described_parameter_is_accepted(api, schema, round_):
    caller = api()
    for path, item in schema["paths"].items():
        if "get" not in item or "{" in path or "cell" in path:
            continue
        for parameter in item["get"].get("parameters", []):
            if parameter["in"] != "query" or parameter["name"] == "cursor":
                continue
            kind = parameter["schema"]
            value = (
                kind.get("enum", [None])[0]
                or {"boolean": "true", "integer": str(kind.get("minimum", 1)), "string": "1"}[kind["type"]]
            )
            response = caller.get(path.removeprefix("/api/v1/"), **{parameter["name"]: value})
            assert response.status_code == 200, (path, parameter["name"], response.content)


@pytest.mark.parametrize("path", ["/api/schema/", "/api/docs/"])
def test_stranger_reads_no_description(client, db, path):
    assert client.get(path).status_code in (302, 401)


@pytest.mark.parametrize("path", ["/api/schema/", "/api/docs/"])
def test_user_without_tables_reads_no_description(login, path):
    assert login("sysadmin").get(path).status_code in (302, 401)


def test_logged_in_user_reads_the_page_from_our_own_files_only(login):
    client = login("viewer")
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200 and "//cdn" not in text and "https://" not in text
    assert not re.search(r"<script>", text)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"].split("style-src")[0]
    assert client.get("/api/docs/?script=").headers["Content-Type"].startswith("application/javascript")
    assert client.get("/api/schema/").status_code == 200
