"""The sandbox against Lusha's published documents, by schemathesis: no server error, and answers as documented.

Each operation is asked with the requests its document shows, with requests made up from its schema, and with wrong
ones; ids, tables, subscriptions and the like are put in from the sandbox's state, so that successes are reached and
not only refusals. Where a document contradicts itself or the live API, `DEFECTS` says so and mends it for this test.

The documents are not part of this repository: without ../shared the tests are skipped.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lusha_async.sandbox.threaded import ThreadedSandbox

from .every_call import CALLS
from .test_every_endpoint import ELSEWHERE, outcome_of

SPEC = Path(__file__).resolve().parents[2] / "shared" / "spec"
if not SPEC.exists():
    pytest.skip("the published documents (../shared) are not here", allow_module_level=True)
if ELSEWHERE is not None:
    pytest.skip("LUSHA_TEST_BASE_URL: the sandbox is not asked", allow_module_level=True)

jsonschema_rs = pytest.importorskip("jsonschema_rs")
requests = pytest.importorskip("requests")
schemathesis = pytest.importorskip("schemathesis", minversion="4.0")
conformance = pytest.importorskip("schemathesis.specs.openapi.checks")

CHECKS = (
    schemathesis.checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_headers_conformance,
    conformance.response_schema_conformance,
)
DOCUMENTS = ("lusha-v3", "lusha-v2", "addendum")
VERBS = ("get", "post", "put", "patch", "delete")
OWNER = "user@example.com"
Json = dict[str, Any]


# --- what is wrong with the documents ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Defect:
    """Something a document has wrong: the document, why we know, and what this test makes of it."""

    document: str
    reason: str
    mend: Callable[[Json], None]


def _status(status: str, *operations: str) -> Callable[[Json], None]:
    """The operations may answer `status`, with the body that the document has for errors elsewhere."""

    def mend(document: Json) -> None:
        body = {"application/json": {"schema": {"$ref": f"#/components/schemas/{_error_schema(document)}"}}}
        for label in operations:
            verb, _, path = label.partition(" ")
            responses = document["paths"][path][verb.lower()]["responses"]
            assert status not in responses, f"{label} documents {status} now: drop the defect"
            responses[status] = {"description": "not in the document", "content": body}

    return mend


def _error_schema(document: Json) -> str:
    unauthorized = document["components"]["responses"]["Unauthorized"]["content"]["application/json"]["schema"]
    return str(unauthorized["$ref"]).rpartition("/")[2]


def _session_error(*operations: str) -> Callable[[Json], None]:
    def mend(document: Json) -> None:
        schema = {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"enum": ["DEDUPE_SESSION_INVALID"]}, "message": {"type": "string"}},
        }
        for label in operations:
            verb, _, path = label.partition(" ")
            document["paths"][path][verb.lower()]["responses"]["410"] = {
                "description": "Dedupe session expired",
                "content": {"application/json": {"schema": schema}},
            }

    return mend


def _any_field_can_be_revealed(document: Json) -> None:
    del document["components"]["schemas"]["V3CanRevealItem"]["properties"]["field"]["enum"]


def _seniority_in_pairs(document: Json) -> None:
    answer = document["paths"]["/prospecting/filters/contacts/seniority"]["get"]["responses"]["200"]
    answer["content"]["application/json"]["schema"]["items"] = {
        "type": "object",
        "required": ["id", "name"],
        "properties": {"id": {"type": "number"}, "name": {"type": "string"}},
    }


def _place_in_company(document: Json) -> None:
    media = document["paths"]["/api/signals/contacts/search"]["post"]["requestBody"]["content"]["application/json"]
    person = media["examples"]["searchByNameAndCompany"]["value"]["contacts"][0]
    person["companies"][0] |= {name: person.pop(name) for name in ("domain", "is_current") if name in person}


def _closed_requests(document: Json) -> None:
    """Bodies without keys the document does not name. Schemas that answers share are copied first."""
    schemas = document["components"]["schemas"]

    def close(schema: Any) -> Any:
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            mine = f"{name}InRequests"
            if mine not in schemas:
                schemas[mine] = {}
                schemas[mine] = close(copy.deepcopy(schemas[name]))
            return {**schema, "$ref": f"#/components/schemas/{mine}"}
        closed = {**schema}
        for word in ("items", "not", "additionalProperties"):
            if word in closed:
                closed[word] = close(closed[word])
        for word in ("oneOf", "anyOf"):
            if word in closed:
                closed[word] = [close(part) for part in closed[word]]
        if "properties" in closed:
            closed["properties"] = {name: close(part) for name, part in closed["properties"].items()}
            if "allOf" not in closed:
                closed["additionalProperties"] = False
        return closed

    for _, operation in _operations(document):
        for media in operation.get("requestBody", {}).get("content", {}).values():
            media["schema"] = close(media["schema"])


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for path, methods in document["paths"].items():
        for verb in VERBS:
            if verb in methods:
                yield f"{verb.upper()} {path}", methods[verb]


TEXT_LISTS = tuple(
    f"POST /prospecting/filters/{name}"
    for name in ("contacts/locations", "companies/names", "companies/locations", "companies/technologies")
)
TABLES = ("/v3/contacts/tables/{table_id}", "/v3/companies/tables/{table_id}")
SUBSCRIPTION = "/api/subscriptions/{id}"
UNKNOWN_KEYS = "FACTS (h), request bodies: the documents do not speak of unknown keys, the live API refuses them"
NO_401 = "FACTS (c): a missing or wrong key is 401 everywhere; the document asks for the key and omits the answer"

DEFECTS: tuple[Defect, ...] = (
    *(Defect(name, UNKNOWN_KEYS, _closed_requests) for name in DOCUMENTS),
    Defect(
        "lusha-v3",
        "FACTS (a), last point: V3CanRevealItem.field lists e-mails and phones, the document's own company example and "
        "the live API have the names of company fields there",
        _any_field_can_be_revealed,
    ),
    Defect(
        "lusha-v2",
        "own finding: the seniority list is declared as texts, its own example has objects of id and name",
        _seniority_in_pairs,
    ),
    Defect(
        "lusha-v2",
        "own finding: in the example searchByNameAndCompany, domain and is_current slipped out of the company they "
        "belong to; the schema requires the domain there",
        _place_in_company,
    ),
    Defect(
        "lusha-v3",
        "FACTS (c), envelope 8: the body of 410 is code and message, its schema is that of the other errors",
        _session_error("POST /v3/contacts/lookalike", "POST /v3/companies/lookalike"),
    ),
    Defect(
        "lusha-v2",
        "FACTS (c), envelope 8, as above",
        _session_error("POST /v3/lookalike/contacts", "POST /v3/lookalike/companies"),
    ),
    Defect("lusha-v3", NO_401, _status("401", "POST /v3/contacts/lookalike", "POST /v3/companies/lookalike")),
    Defect("lusha-v2", NO_401, _status("401", "POST /v3/lookalike/contacts", "POST /v3/lookalike/companies")),
    Defect("lusha-v3", NO_401, _status("401", f"GET {SUBSCRIPTION}", f"PATCH {SUBSCRIPTION}")),
    Defect("lusha-v2", NO_401, _status("401", f"GET {SUBSCRIPTION}", f"PATCH {SUBSCRIPTION}")),
    Defect(
        "lusha-v3",
        "FACTS (c): a bad page is 400; rows of a table have page 0 to 100 and do not list the answer",
        _status("400", *(f"GET {table}/entities" for table in TABLES)),
    ),
    Defect(
        "lusha-v3",
        "FACTS (c), Tables symbols: a name that is taken is TABLE_NAME_CONFLICT, 409; own finding: renaming does not list "
        "it, only creating does",
        _status("409", *(f"PATCH {table}" for table in TABLES)),
    ),
    Defect(
        "lusha-v2",
        "FACTS (c): a bad body is 400; the lists that are searched by text do not list the answer",
        _status("400", *TEXT_LISTS),
    ),
    Defect(
        "lusha-v2",
        "own finding: objectType is an enumeration, and no answer is listed for another value",
        _status("400", "GET /api/signals/filters/{objectType}"),
    ),
)


@cache
def published(name: str) -> Json:
    """A document as it came."""
    document: Json = yaml.safe_load((SPEC / f"{name}.openapi.yaml").read_text())
    return document


@cache
def mended(name: str) -> Json:
    """A document without its defects."""
    document = copy.deepcopy(published(name))
    for defect in DEFECTS:
        if defect.document == name:
            defect.mend(document)
    return document


@cache
def schema(name: str) -> Any:
    """The same for schemathesis. The key is this test's to give; see `test_without_the_key_nothing_is_told`."""
    return schemathesis.openapi.from_dict({part: value for part, value in mended(name).items() if part != "security"})


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.document}: {defect.reason[:60]}")
def test_a_defect_is_still_in_its_document(defect: Defect) -> None:
    document = copy.deepcopy(published(defect.document))
    defect.mend(document)
    assert document != published(defect.document), "the document has been mended: drop the defect"


# --- the state that requests are about ---------------------------------------------------------------------------


class State:
    """A sandbox, and what there is in it: made when it is first asked for."""

    def __init__(self, sandbox: ThreadedSandbox) -> None:
        self.url = sandbox.url
        self.headers = {"api_key": sandbox.api_key}
        self._names = itertools.count(1)

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request that must succeed."""
        answer = requests.request(method, self.url + path, headers=self.headers, json=body, timeout=10)
        assert answer.ok, answer.text
        return answer.json()

    @cached_property
    def contacts(self) -> list[str]:
        people = [{"email": f"jane.roe{n}@example.com"} for n in range(3)]
        return [found["id"] for found in self.ask("POST", "/v3/contacts/search", {"contacts": people})["results"]]

    @cached_property
    def companies(self) -> list[str]:
        firms = [{"domain": f"company{n}.example.com"} for n in range(3)]
        return [found["id"] for found in self.ask("POST", "/v3/companies/search", {"companies": firms})["results"]]

    @cached_property
    def old_people(self) -> Json:
        body = {"filters": {"contacts": {"include": {"departments": ["Sales"]}}}, "pages": {"page": 0, "size": 10}}
        return self.ask("POST", "/prospecting/contact/search", body)

    @cached_property
    def old_firms(self) -> Json:
        body = {"filters": {"companies": {"include": {"names": ["an"]}}}, "pages": {"page": 0, "size": 10}}
        return self.ask("POST", "/prospecting/company/search", body)

    def ids(self, kind: str) -> list[str]:
        return self.contacts if kind == "contacts" else self.companies

    def table(self, kind: str) -> str:
        body = {"name": f"Table {next(self._names)}", "owner": {"email": OWNER}, "ids": self.ids(kind)}
        return str(self.ask("POST", f"/v3/{kind}/tables", body)["data"]["tableId"])

    def column(self, kind: str, table: str) -> str:
        body = {"columnKey": "yearFounded", "owner": {"email": OWNER}}
        return str(self.ask("POST", f"/v3/{kind}/tables/{table}/columns", body)["data"][0]["columnId"])

    def _somebody(self, marker: str = "") -> str:
        person = {"email": f"{marker}somebody{next(self._names)}@example.com"}
        return str(self.ask("POST", "/v3/contacts/search", {"contacts": [person]})["results"][0]["id"])

    def subscription(self) -> str:
        item = {"entityId": self._somebody(), "entityType": "contact", "signalTypes": ["promotion"]}
        url = f"https://example.com/hooks/{next(self._names)}"
        made = self.ask("POST", "/api/subscriptions", {"defaults": {"url": url}, "subscriptions": [item]})
        return str(made["results"][0]["subscription"]["id"])

    def job(self) -> str:
        body = {"ids": [self._somebody("waterfall.")], "reveal": ["emails"], "waterfallEnabled": True}
        return str(self.ask("POST", "/v3/contacts/enrich", body)["job"]["id"])

    def conversation(self) -> str:
        return str(self.ask("POST", "/v3/account/conversations/search", {})["results"][0]["conversationId"])

    # --- putting it into requests --------------------------------------------------------------------------------

    def put_into(self, case: Any) -> None:
        """Let a request be about what there is."""
        path = case.operation.path
        kind = "companies" if "/companies" in path or "/company" in path else "contacts"
        if path == "/api/account/secret":
            self.ask("POST", f"{path}/regenerate")
        if case.path_parameters:
            self._into_path(case.path_parameters, kind)
        if isinstance(case.query, dict) and "email" in case.query:
            case.query["email"] = OWNER
        case.body = self._into(case.body, path, kind)

    def _into_path(self, values: Json, kind: str) -> None:
        if "table_id" in values:
            values["table_id"] = self.table(kind)
        if "column_id" in values:
            values["column_id"] = self.column(kind, values["table_id"])
        if "id" in values:
            values["id"] = self.subscription()
        if "jobId" in values:
            values["jobId"] = self.job()
        if "conversationId" in values:
            values["conversationId"] = self.conversation()

    def _into(self, value: Any, path: str, kind: str) -> Any:
        if isinstance(value, list):
            return [self._into(part, path, kind) for part in value]
        if not isinstance(value, dict):
            return value
        return {
            name: self._known(name, path, kind, lambda part=part: self._into(part, path, kind))
            for name, part in value.items()
            if name != "dedupeSessionId"
        }

    def _known(self, name: str, path: str, kind: str, given: Callable[[], Any]) -> Any:
        old = not path.startswith("/v3/")
        if name == "ids" and path == "/api/subscriptions/delete":
            return [self.subscription()]
        if name == "contactIds" and old:
            return [
                int(one["contactId"]) if "signals" in path else one["contactId"]
                for one in self.old_people["contacts"][:3]
            ]
        if name in {"companiesIds", "companyIds"} and old:
            return [int(one["id"]) if "signals" in path else one["id"] for one in self.old_firms["companies"][:3]]
        if name == "requestId" and old:
            return (self.old_firms if kind == "companies" else self.old_people)["requestId"]
        if name == "companyIds" and path.endswith("/entities"):
            return self.companies
        if name in {"ids", "entityIds"}:
            return self.ids(kind)
        if name == "owner":
            return {"email": OWNER}
        if name == "tableId":
            return self.table(kind)
        if name == "entityId":
            return self.companies[0]
        return given()


@pytest.fixture
def state() -> Iterator[State]:
    with ThreadedSandbox(
        burst=None,
        usage_limit=None,
        webhooks_limit=None,
        quirks=False,
        not_found=0,
        restricted=0,
        world_size=2_000,
        challenge=False,
    ) as sandbox:
        yield State(sandbox)


# --- what the client sends ---------------------------------------------------------------------------------------


@cache
def operation_at(name: str) -> tuple[str, Json] | None:
    """Document and declaration of the operation that the client calls by this name; None where no document has it."""
    wanted = re.sub(r"\{\w+\}", "{}", {"POST /bulk/company/v2": "POST /v2/company"}.get(name, name))
    for document in DOCUMENTS:
        for label, operation in _operations(mended(document)):
            if re.sub(r"\{\w+\}", "{}", label) == wanted:
                return document, operation
    return None


@cache
def validator(document: str, media: str) -> Any:
    """A validator for a schema given as JSON, with the components of its document; formats are checked."""
    components = {"schemas": mended(document)["components"]["schemas"]}
    whole = {**json.loads(media), "components": components}
    return jsonschema_rs.Draft4Validator(_nullable(whole), validate_formats=True)


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0 says "nullable" where JSON schema has a further type."""
    if isinstance(schema, list):
        return [_nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: _nullable(part) for name, part in schema.items()}
    if plain.pop("nullable", None) is True and isinstance(plain.get("type"), str):
        plain["type"] = [plain["type"], "null"]
    return plain


@pytest.mark.parametrize("name", CALLS)
async def test_every_request_of_the_client_is_as_documented(name: str) -> None:
    _, lusha = await outcome_of(name, quirks=False)
    for endpoint, query, body in lusha.asked:
        found = operation_at(endpoint.name)
        if found is None:
            assert endpoint.path.startswith("/api/recommendations/"), "the older lookalikes are in no document"
            continue
        document, operation = found
        _check_query(_parameters(document, endpoint, operation), msgspec.to_builtins(query) or {})
        media = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert (media is None) == (body is None)
        if media is not None:
            problems = validator(document, json.dumps(media["schema"])).iter_errors(
                json.loads(msgspec.json.encode(body))
            )
            assert [f"{list(one.instance_path)}: {one.message}" for one in problems] == []


def _parameters(document: str, endpoint: Any, operation: Json) -> dict[str, Json]:
    """What may stand in the query, by name."""
    shared = mended(document)["components"].get("parameters", {})
    shape = re.sub(r"\{\w+\}", "{}", endpoint.path)
    paths = mended(document)["paths"]
    common = next((paths[path].get("parameters", []) for path in paths if re.sub(r"\{\w+\}", "{}", path) == shape), [])
    every = [
        shared[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        for one in (*common, *operation.get("parameters", []))
    ]
    return {one["name"].removesuffix("[]"): one for one in every if one["in"] == "query"}


def _check_query(known: dict[str, Json], query: Json) -> None:
    assert set(query) <= set(known), "no document has this parameter"
    assert {name for name, one in known.items() if one.get("required")} <= set(query)
    for name, value in query.items():
        choices = known[name].get("schema", {}).get("enum")
        assert choices is None or value in choices


# --- the tests ---------------------------------------------------------------------------------------------------

OPERATIONS = [(name, label) for name in DOCUMENTS for label, _ in _operations(published(name))]


def _shown() -> Iterator[Any]:
    """Every request body that a document shows."""
    for name in DOCUMENTS:
        for label, operation in _operations(mended(name)):
            for media in operation.get("requestBody", {}).get("content", {}).values():
                shown = {title: example["value"] for title, example in media.get("examples", {}).items()}
                if "example" in media:
                    shown["example"] = media["example"]
                for title, body in shown.items():
                    yield pytest.param(name, label, body, id=f"{name} {label} {title}")


def answer(case: Any, state: State) -> Any:
    """The answer to a request, which must be as documented."""
    response = case.call(base_url=state.url, headers=state.headers)
    case.validate_response(response, checks=CHECKS)
    return response


def _operation(name: str, label: str) -> Any:
    verb, _, path = label.partition(" ")
    return schema(name)[path][verb]


@pytest.mark.parametrize(("name", "label", "body"), list(_shown()))
def test_a_request_the_document_shows_is_accepted(state: State, name: str, label: str, body: Any) -> None:
    case = _case(name, label, copy.deepcopy(body))
    state.put_into(case)
    assert answer(case, state).status_code in {200, 201}


@pytest.mark.parametrize(("name", "label"), OPERATIONS, ids=lambda value: value)
def test_without_the_key_nothing_is_told(state: State, name: str, label: str) -> None:
    for key in ({}, {"api_key": "99999999-9999-4999-8999-999999999999"}):
        case = _case(name, label, {})
        response = case.call(base_url=state.url, headers=key)
        assert response.status_code == 401
        case.validate_response(response, checks=CHECKS)


def _case(name: str, label: str, body: Any) -> Any:
    operation = _operation(name, label)
    values = {part[1:-1]: "any" for part in operation.path.split("/") if part.startswith("{")}
    sent = {"body": body, "media_type": "application/json"} if operation.method.upper() != "GET" else {}
    return operation.Case(path_parameters=values, **sent)


@pytest.mark.parametrize(("name", "label"), OPERATIONS, ids=lambda value: value)
def test_every_answer_is_as_documented(state: State, name: str, label: str) -> None:
    seen = ask_around(_operation(name, label), state, right=8, wrong=4)
    assert seen, "it was asked"


@pytest.mark.soak
@pytest.mark.parametrize(("name", "label"), OPERATIONS, ids=lambda value: value)
def test_every_answer_is_as_documented_at_length(state: State, name: str, label: str) -> None:
    seen = ask_around(_operation(name, label), state, right=100, wrong=40)
    assert seen[200] + seen[201], "successes were among them"


def ask_around(operation: Any, state: State, *, right: int, wrong: int) -> Counter[int]:
    """Ask with requests made up from the document, right ones and wrong ones; how often each status came."""
    seen: Counter[int] = Counter()
    modes = {schemathesis.GenerationMode.POSITIVE: right}
    if operation.body or operation.query:
        modes[schemathesis.GenerationMode.NEGATIVE] = wrong
    for mode, count in modes.items():

        @settings(
            max_examples=count,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate],
        )
        @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
        def ask(case: Any, real: bool) -> None:
            if real:
                state.put_into(case)
            seen[answer(case, state).status_code] += 1

        ask()
    return seen
