"""docs/next/page-api.yaml is what is answered: by the server of these tests now, by the daemon likewise."""

import http.cookiejar
import json
import pathlib
import urllib.error
import urllib.request

import jsonschema
import pytest
import yaml

API = pathlib.Path(__file__).resolve().parents[2] / "docs/next/page-api.yaml"


@pytest.fixture(scope="module")
def api():
    return yaml.safe_load(API.read_text("utf-8"))


@pytest.fixture
def client(serve):
    page = serve(200)
    page.world.pause("402 no credit", "402 余额不足")
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    opener.open(page.address).read()
    return lambda path: opener.open(page.origin + path)


def schema_of(api, path):
    answer = api["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return {**answer, "components": api["components"]}


def check(api, client, path, asked):
    value = json.load(client(asked))
    jsonschema.Draft202012Validator(schema_of(api, path)).validate(value)
    return value


def test_answers_have_their_schemas(api, client):
    check(api, client, "/api/overview", "/api/overview")
    check(api, client, "/api/folders", "/api/folders")
    items = check(api, client, "/api/pairs", "/api/pairs?limit=200")["items"]
    assert len({item["state"] for item in items}) == 12, "every state is tried"
    for item in items:
        check(api, client, "/api/pairs/{path}", f"/api/pairs/{item['path']}")


def test_a_schema_that_is_not_met_is_found(api):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema_of(api, "/api/overview")).validate({"version": 1})


def test_a_list_in_pages_is_the_list(api, client):
    whole = [item["path"] for item in json.load(client("/api/pairs?limit=200"))["items"]]
    found, cursor = [], ""
    while cursor is not None:
        page = check(api, client, "/api/pairs", "/api/pairs?limit=7" + (f"&cursor={cursor}" if cursor else ""))
        found += [item["path"] for item in page["items"]]
        cursor = page["next"]
    assert found == whole


def test_without_the_cookie_nothing_is_told(serve):
    page = serve(3)
    for path in ("/", "/api/overview", "/api/pairs", "/api/events", "/page.js", "/files/scene1.png"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(page.origin + path)
        assert caught.value.code == 401, path


def test_every_word_of_a_state_and_a_need_is_known_to_the_page(api):
    words = (API.parents[2] / "daemon/page/assets/words.js").read_text("utf-8")
    kinds = api["components"]["schemas"]["Need"]["properties"]["kind"]["enum"]
    for word in api["components"]["schemas"]["State"]["enum"] + kinds:
        assert words.count(f" {word}: ") >= 2, f"{word} in English and Chinese"
