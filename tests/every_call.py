"""One call of every public method that reaches an operation, each able to stand alone.

`CALLS` names the method as a user writes it, the operation it is for, and the call. A call makes what it needs first,
through `Ground`, whose requests are not counted as its own. No call relies on anything another one left behind, nor on
anything that only the sandbox knows, so that they can be made against any implementation of the documents.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from lusha_async import LushaClient, NotFound
from lusha_async.webhooks import WebhookReceiver

OWNER = "user@example.com"
HOOK = "https://example.com/hooks/lusha"
PEOPLE = [{"email": f"jane.roe{n}@example.com"} for n in range(5)]
FIRMS = [{"domain": f"company{n}.example.com"} for n in range(5)]
JANUARY = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
MARKETING = {"contacts": {"include": {"departments": ["Marketing"]}}}
GERMAN = {"companies": {"include": {"locations": [{"country": "Germany"}]}}}
MIDDLING = {"sizes": [{"min": 51, "max": 200}]}
NO_SUCH_JOB = "00000000-0000-4000-8000-000000000000"
CHANGES = ("PATCH /api/subscriptions/{subscription_id}", "POST /api/subscriptions/delete")
READING = ("GET /api/subscriptions/{subscription_id}", "GET /api/subscriptions", "GET /api/audit-logs")


class NoSuchState(Exception):
    """A server that is not the sandbox could not be brought into the state a call needs."""


@dataclass
class Ground:
    """What calls stand on: people, companies, tables, subscriptions, made on the way."""

    lusha: LushaClient

    def group(self, kind: str) -> Any:
        """``contacts`` or ``companies``."""
        return getattr(self.lusha, kind)

    async def ids(self, kind: str, count: int = 2) -> list[str]:
        """Ids of people or companies of V3."""
        answer = await self.group(kind).search((PEOPLE if kind == "contacts" else FIRMS)[:count])
        return [found.id for found in answer.results if found.id]

    async def table(self, kind: str, *, rows: bool = False) -> str:
        """A new table; with two rows if wanted."""
        made = await self.group(kind).tables.create(
            fresh("Table"), owner=OWNER, ids=await self.ids(kind) if rows else None
        )
        return made.data.table_id

    async def column(self, kind: str, table: str) -> str:
        """A column that can be run and removed."""
        added = await self.group(kind).tables.add_columns(table, COLUMN, owner=OWNER)
        return added.data[0].column_id

    async def subscriptions(self, count: int = 1) -> list[str]:
        """Ids of subscriptions for as many companies: new ones, or those that an earlier call left there."""
        made = await self.lusha.subscriptions.create(
            await self.ids("companies", count), url=fresh(HOOK), entity_type="company", signal_types=["surgeInHiring"]
        )
        ids = [one.subscription.id for one in made.results if one.subscription]
        return ids or [one.id async for one in self.lusha.subscriptions.iter_list(limit=count) if one.id]

    async def no_opt_out(self) -> None:
        """An account has one opt-out subscription at most."""
        there = [one async for one in self.lusha.subscriptions.iter_list(limit=100)]
        for one in there:
            if one.id and "optOut" in (one.signal_types or ()):
                await self.lusha.subscriptions.delete(one.id)

    async def job(self) -> str | None:
        """A job that providers are at work on, where the server starts one for these people."""
        found = await self.lusha.contacts.search([{"email": "waterfall.one@example.com"}])
        answer = await self.lusha.contacts.enrich(
            [one.id for one in found.results if one.id], reveal=["emails"], waterfall_enabled=True, wait_for_jobs=False
        )
        return answer.job.id if answer.job else None

    async def conversation(self) -> str:
        """A recorded conversation."""
        answer = await self.lusha.conversations.search(size=10)
        if not answer.found:
            raise NoSuchState("no conversation to read")
        return str(answer.found[0]["conversationId"])

    async def old_people(self) -> tuple[str, list[str]]:
        """Numbers of people of V2, and the search they come from."""
        page = await self.lusha.v2.prospecting.contacts.search({"departments": ["Sales"]}, size=10)
        return str(page.request_id), [one.contact_id for one in page.contacts or () if one.contact_id][:3]

    async def old_firms(self) -> tuple[str, list[str]]:
        """Numbers of companies of V2, and the search they come from."""
        page = await self.lusha.v2.prospecting.companies.search(MIDDLING, size=10)
        return str(page.request_id), [one.id for one in page.companies or () if one.id][:3]


def fresh(name: str) -> str:
    """The name with an ending nobody has: a server that is not the sandbox keeps what earlier calls made."""
    return f"{name}-{uuid.uuid4().hex[:12]}"


def numbers(ids: list[str]) -> list[str]:
    """Ids that V2 takes for signals; a mock may show ids of another form where they come from."""
    return [one for one in ids if str(one).isdecimal()] or ["115889"]


COLUMN = "yearFounded"
"""A column that tables of both kinds can have and do not start with."""

Call = Callable[[LushaClient, Ground], Awaitable[Any]]
CALLS: dict[str, tuple[tuple[str, ...], Call]] = {}


def calls(method: str, *operations: str) -> Callable[[Call], Call]:
    """Enter a call under the public method it makes, with the operations it may send: the first must reach the server.

    A method that is one operation names one; a method made of several names them all.
    """

    def enter(call: Call) -> Call:
        name = f"lusha.{method}"
        assert name not in CALLS
        CALLS[name] = (operations, call)
        return call

    return enter


async def taken(items: AsyncIterable[Any]) -> list[Any]:
    """Everything an iterator brings."""
    return [item async for item in items]


# --- V3: enrichment ----------------------------------------------------------------------------------------------


def _enrichment(kind: str, records: list[dict[str, str]], reveal: list[str], searched: list[str]) -> None:
    @calls(f"{kind}.search", f"POST /v3/{kind}/search")
    async def search(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).search(records)

    @calls(f"{kind}.bulk_search", f"POST /v3/{kind}/search")
    async def bulk_search(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).bulk_search(records).collect()

    @calls(f"{kind}.plan", "GET /v3/account/usage")
    async def plan(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).plan(records, reveal=searched)

    @calls(f"{kind}.enrich", f"POST /v3/{kind}/enrich")
    async def enrich(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).enrich(await ground.ids(kind), reveal=reveal)

    @calls(f"{kind}.bulk_enrich", f"POST /v3/{kind}/enrich")
    async def bulk_enrich(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).bulk_enrich(await ground.ids(kind), reveal=reveal).collect()

    @calls(f"{kind}.search_and_enrich", f"POST /v3/{kind}/search-and-enrich")
    async def search_and_enrich(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).search_and_enrich(records, reveal=searched)

    @calls(f"{kind}.bulk_search_and_enrich", f"POST /v3/{kind}/search-and-enrich")
    async def bulk_search_and_enrich(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).bulk_search_and_enrich(records, reveal=searched).collect()


_enrichment("contacts", PEOPLE, ["emails", "phones"], ["emails", "phones"])
_enrichment(
    "companies", FIRMS, ["competitors", "monthlyWebsiteTraffic"], []
)  # the supplied document has no reveal where companies are searched, too


@calls("contacts.jobs.get", "GET /v3/contacts/jobs/{job_id}")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    job = await ground.job()
    try:
        return await lusha.contacts.jobs.get(job or NO_SUCH_JOB)
    except NotFound:
        if job is None:
            raise NoSuchState("no job was started for these people") from None
        raise


@calls("contacts.jobs.wait", "GET /v3/contacts/jobs/{job_id}")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    job = await ground.job()
    if job is None:
        raise NoSuchState("no job was started for these people")
    return await lusha.contacts.jobs.wait(job, job_timeout=5)


# --- V3: prospecting, lookalikes, buying groups, visits ----------------------------------------------------------


def _finding(kind: str, filters: Any, seeds: list[dict[str, str]]) -> None:
    @calls(f"{kind}.prospect", f"POST /v3/{kind}/prospecting")
    async def prospect(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).prospect(filters, size=10)

    @calls(f"{kind}.iter_prospect", f"POST /v3/{kind}/prospecting")
    async def iter_prospect(lusha: Any, ground: Ground) -> Any:
        return await taken(getattr(lusha, kind).iter_prospect(filters, size=10, limit=15))

    @calls(f"{kind}.lookalikes", f"POST /v3/{kind}/lookalike")
    async def lookalikes(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).lookalikes(seeds, limit=10)

    @calls(f"{kind}.iter_lookalikes", f"POST /v3/{kind}/lookalike")
    async def iter_lookalikes(lusha: Any, ground: Ground) -> Any:
        return await taken(getattr(lusha, kind).iter_lookalikes(seeds, size=10, limit=15))

    @calls(f"{kind}.filter_types", f"GET /v3/{kind}/prospecting/filters")
    async def filter_types(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).filter_types()

    @calls(f"{kind}.filter_values", f"GET /v3/{kind}/prospecting/filters/{{filter_type}}")
    async def filter_values(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).filter_values("locations", query="germany")


_finding("contacts", MARKETING, PEOPLE)
_finding("companies", GERMAN, FIRMS)


@calls("contacts.buying_group", "POST /v3/contacts/buying-group")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.contacts.buying_group(FIRMS[:2], contacts_limit=5)


@calls("contacts.iter_buying_group", "POST /v3/contacts/buying-group")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await taken(lusha.contacts.iter_buying_group(FIRMS[:2], contacts_limit=5))


@calls("contacts.bulk_buying_group", "POST /v3/contacts/buying-group")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.contacts.bulk_buying_group(FIRMS, contacts_limit=5).collect()


@calls("companies.website_visits", "POST /v3/companies/website-visits")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.companies.website_visits("example.com", **JANUARY)


@calls("companies.iter_website_visits", "POST /v3/companies/website-visits")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await taken(lusha.companies.iter_website_visits("example.com", **JANUARY, limit=20))


@calls("contacts.prospect_and_enrich", "POST /v3/contacts/enrich", "POST /v3/contacts/prospecting")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.contacts.prospect_and_enrich(MARKETING, reveal=["emails"], limit=15).collect()


@calls("companies.prospect_and_enrich", "POST /v3/companies/enrich", "POST /v3/companies/prospecting")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.companies.prospect_and_enrich(GERMAN, reveal=(), limit=15).collect()


# --- V3: signals -------------------------------------------------------------------------------------------------


def _signals(kind: str, signal: str, records: list[dict[str, str]]) -> None:
    @calls(f"{kind}.signals", f"POST /v3/{kind}/signals")
    async def signals(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).signals(await ground.ids(kind), signal_types=[signal])

    @calls(f"{kind}.bulk_signals", f"POST /v3/{kind}/signals")
    async def bulk_signals(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).bulk_signals(await ground.ids(kind), signal_types=["allSignals"]).collect()

    @calls(f"{kind}.signal_types", f"GET /v3/{kind}/signals/types")
    async def signal_types(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).signal_types()

    @calls(f"{kind}.signal_scores", f"POST /v3/{kind}/signal-score")
    async def signal_scores(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).signal_scores(records)

    @calls(f"{kind}.bulk_signal_scores", f"POST /v3/{kind}/signal-score")
    async def bulk_signal_scores(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).bulk_signal_scores(records).collect()


_signals("contacts", "promotion", PEOPLE)
_signals("companies", "surgeInHiring", FIRMS)


@calls("companies.signal_filter_types", "GET /v3/companies/signals/filters")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.companies.signal_filter_types()


@calls("companies.signal_filter_values", "GET /v3/companies/signals/filters/{filter_type}")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.companies.signal_filter_values("newsEventTypes")


# --- V3: tables --------------------------------------------------------------------------------------------------


def _tables(kind: str) -> None:
    base = f"/v3/{kind}/tables"
    one = f"{base}/{{table_id}}"

    @calls(f"{kind}.tables.create", f"POST {base}")
    async def create(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.create(fresh("Leads"), owner=OWNER, ids=await ground.ids(kind))

    @calls(f"{kind}.tables.list", f"POST {base}/list")
    async def listing(lusha: Any, ground: Ground) -> Any:
        await ground.table(kind)
        return await getattr(lusha, kind).tables.list(owner=OWNER, size=10)

    @calls(f"{kind}.tables.iter_list", f"POST {base}/list")
    async def iter_list(lusha: Any, ground: Ground) -> Any:
        await ground.table(kind)
        return await taken(getattr(lusha, kind).tables.iter_list(owner=OWNER, limit=5))

    @calls(f"{kind}.tables.get", f"GET {one}")
    async def get(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.get(await ground.table(kind), owner=OWNER)

    @calls(f"{kind}.tables.update", f"PATCH {one}")
    async def update(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.update(await ground.table(kind), owner=OWNER, name=fresh("Renamed"))

    @calls(f"{kind}.tables.delete", f"DELETE {one}")
    async def delete(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.delete(await ground.table(kind), owner=OWNER)

    @calls(f"{kind}.tables.entities", f"GET {one}/entities")
    async def entities(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.entities(await ground.table(kind, rows=True), owner=OWNER)

    @calls(f"{kind}.tables.iter_entities", f"GET {one}/entities")
    async def iter_entities(lusha: Any, ground: Ground) -> Any:
        table = await ground.table(kind, rows=True)
        return await taken(getattr(lusha, kind).tables.iter_entities(table, owner=OWNER, limit=5))

    @calls(f"{kind}.tables.add", f"POST {one}/entities")
    async def add(lusha: Any, ground: Ground) -> Any:
        table, ids = await ground.table(kind), await ground.ids(kind)
        return await getattr(lusha, kind).tables.add(table, ids, owner=OWNER)

    @calls(f"{kind}.tables.bulk_add", f"POST {one}/entities")
    async def bulk_add(lusha: Any, ground: Ground) -> Any:
        table, ids = await ground.table(kind), await ground.ids(kind)
        return await getattr(lusha, kind).tables.bulk_add(table, ids, owner=OWNER).collect()

    @calls(f"{kind}.tables.remove", f"DELETE {one}/entities")
    async def remove(lusha: Any, ground: Ground) -> Any:
        table, ids = await ground.table(kind, rows=True), await ground.ids(kind)
        return await getattr(lusha, kind).tables.remove(table, ids, owner=OWNER)

    @calls(f"{kind}.tables.bulk_remove", f"DELETE {one}/entities")
    async def bulk_remove(lusha: Any, ground: Ground) -> Any:
        table, ids = await ground.table(kind, rows=True), await ground.ids(kind)
        return await getattr(lusha, kind).tables.bulk_remove(table, ids, owner=OWNER).collect()

    @calls(f"{kind}.tables.columns", f"GET {one}/columns")
    async def columns(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.columns(await ground.table(kind, rows=True), owner=OWNER)

    @calls(f"{kind}.tables.add_columns", f"POST {one}/columns")
    async def add_columns(lusha: Any, ground: Ground) -> Any:
        return await getattr(lusha, kind).tables.add_columns(await ground.table(kind), COLUMN, owner=OWNER)

    @calls(f"{kind}.tables.remove_column", f"DELETE {one}/columns/{{column_id}}")
    async def remove_column(lusha: Any, ground: Ground) -> Any:
        table = await ground.table(kind)
        return await getattr(lusha, kind).tables.remove_column(table, await ground.column(kind, table), owner=OWNER)

    @calls(f"{kind}.tables.run_column", f"POST {one}/columns/{{column_id}}/run")
    async def run_column(lusha: Any, ground: Ground) -> Any:
        table = await ground.table(kind, rows=True)
        column = await ground.column(kind, table)
        return await getattr(lusha, kind).tables.run_column(table, column, run_scope="missing", owner=OWNER)


_tables("contacts")
_tables("companies")


# --- V3: webhooks, account, conversations ------------------------------------------------------------------------


@calls("subscriptions.create", "POST /api/subscriptions")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    ids = await ground.ids("companies")
    return await lusha.subscriptions.create(ids, url=fresh(HOOK), entity_type="company", signal_types=["surgeInHiring"])


@calls("subscriptions.bulk_create", "POST /api/subscriptions")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    ids = await ground.ids("contacts")
    options: dict[str, Any] = {"url": fresh(HOOK), "entity_type": "contact", "signal_types": ["promotion"]}
    return await lusha.subscriptions.bulk_create(ids, **options).collect()


@calls("subscriptions.create_opt_out", "POST /api/subscriptions/opt-out")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.no_opt_out()
    return await lusha.subscriptions.create_opt_out(fresh(HOOK), name="opt-outs")


@calls("subscriptions.list", "GET /api/subscriptions")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.subscriptions()
    return await lusha.subscriptions.list(limit=10)


@calls("subscriptions.iter_list", "GET /api/subscriptions")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.subscriptions()
    return await taken(lusha.subscriptions.iter_list(limit=5))


@calls("subscriptions.get", "GET /api/subscriptions/{subscription_id}")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.subscriptions.get((await ground.subscriptions())[0])


@calls("subscriptions.update", "PATCH /api/subscriptions/{subscription_id}")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.subscriptions.update((await ground.subscriptions())[0], name="renamed")


@calls("subscriptions.test", "POST /api/subscriptions/{subscription_id}/test")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.lusha.webhook_secret.regenerate()
    return await lusha.subscriptions.test((await ground.subscriptions())[0])


@calls("subscriptions.delete", "POST /api/subscriptions/delete")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.subscriptions.delete(await ground.subscriptions(2))


@calls("subscriptions.bulk_delete", "POST /api/subscriptions/delete")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.subscriptions.bulk_delete(await ground.subscriptions(2)).collect()


@calls("subscriptions.sync", "GET /api/subscriptions", "POST /api/subscriptions", *CHANGES)
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.subscriptions()
    wanted = await ground.ids("companies", 3)
    return await lusha.subscriptions.sync(wanted, url=fresh(HOOK), entity_type="company", signal_types=["riskNews"])


@calls("subscriptions.reactivate", "PATCH /api/subscriptions/{subscription_id}", *READING)
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.subscriptions.reactivate(await ground.subscriptions())


@calls("subscriptions.listen", "GET /api/account/secret")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.lusha.webhook_secret.regenerate()
    async with lusha.subscriptions.listen(port=0) as events:
        return events.url


@calls("audit_logs.list", "GET /api/audit-logs")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.audit_logs.list(status="success", limit=10)


@calls("audit_logs.iter_list", "GET /api/audit-logs")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await taken(lusha.audit_logs.iter_list(limit=5))


@calls("audit_logs.stats", "GET /api/audit-logs/stats")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.audit_logs.stats()


@calls("webhook_secret.get", "GET /api/account/secret")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    await ground.lusha.webhook_secret.regenerate()
    return await lusha.webhook_secret.get()


@calls("webhook_secret.regenerate", "POST /api/account/secret/regenerate")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.webhook_secret.regenerate()


@calls("webhook_secret.rotate", "POST /api/account/secret/regenerate", "GET /api/account/secret")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    made = await ground.lusha.webhook_secret.regenerate()
    return await lusha.webhook_secret.rotate(WebhookReceiver(made.secret or "secret"))


@calls("account.usage", "GET /v3/account/usage")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.account.usage()


@calls("conversations.search", "POST /v3/account/conversations/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.conversations.search(size=10)


@calls("conversations.iter_search", "POST /v3/account/conversations/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await taken(lusha.conversations.iter_search(limit=5))


@calls("conversations.transcript", "GET /v3/account/conversations/{conversation_id}/transcript")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.conversations.transcript(await ground.conversation())


# --- V2 ----------------------------------------------------------------------------------------------------------


@calls("v2.persons.enrich", "GET /v2/person")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.persons.enrich(PEOPLE[0], reveal=["emails"], signals=["promotion"])


@calls("v2.persons.enrich_batch", "POST /v2/person")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.persons.enrich_batch(PEOPLE, reveal=["emails", "phones"])


@calls("v2.persons.bulk_enrich", "POST /v2/person")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.persons.bulk_enrich(PEOPLE, reveal=["emails"]).collect()


@calls("v2.companies.enrich", "GET /v2/company")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.companies.enrich(FIRMS[0])


@calls("v2.companies.enrich_batch", "POST /bulk/company/v2")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.companies.enrich_batch(FIRMS, signals=["surgeInHiring"])


@calls("v2.companies.bulk_enrich", "POST /bulk/company/v2")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.companies.bulk_enrich(FIRMS).collect()


def _old_lists() -> None:
    plain = {
        "contacts": ("departments", "seniority", "existing_data_points", "all_countries"),
        "companies": ("industries_labels", "sizes", "revenues", "sics", "naics", "intent_topics"),
    }
    asked = {"contacts": ("locations",), "companies": ("names", "locations", "technologies")}

    def enter(kind: str, name: str, *arguments: str) -> None:
        verb = "POST" if arguments else "GET"

        @calls(f"v2.filters.{kind}.{name}", f"{verb} /prospecting/filters/{kind}/{name}")
        async def values(lusha: Any, ground: Ground) -> Any:
            return await getattr(getattr(lusha.v2.filters, kind), name)(*arguments)

    for kind, names in plain.items():
        for name in names:
            enter(kind, name)
    for kind, names in asked.items():
        for name in names:
            enter(kind, name, {"locations": "germany", "names": "an", "technologies": "java"}[name])


_old_lists()


@calls("v2.prospecting.contacts.search", "POST /prospecting/contact/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.prospecting.contacts.search({"departments": ["Sales"]}, companies=MIDDLING, size=10)


@calls("v2.prospecting.contacts.iter_search", "POST /prospecting/contact/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await taken(lusha.v2.prospecting.contacts.iter_search({"departments": ["Sales"]}, size=10, limit=15))


@calls("v2.prospecting.contacts.enrich", "POST /prospecting/contact/enrich")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    request, ids = await ground.old_people()
    return await lusha.v2.prospecting.contacts.enrich(ids, request_id=request, reveal=["emails"])


@calls("v2.prospecting.contacts.bulk_enrich", "POST /prospecting/contact/enrich")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    request, ids = await ground.old_people()
    return await lusha.v2.prospecting.contacts.bulk_enrich(ids, request_id=request, reveal=["emails"]).collect()


@calls("v2.prospecting.companies.search", "POST /prospecting/company/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.prospecting.companies.search(MIDDLING, size=10)


@calls("v2.prospecting.companies.iter_search", "POST /prospecting/company/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await taken(lusha.v2.prospecting.companies.iter_search(MIDDLING, size=10, limit=15))


@calls("v2.prospecting.companies.enrich", "POST /prospecting/company/enrich")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    request, ids = await ground.old_firms()
    return await lusha.v2.prospecting.companies.enrich(ids, request_id=request)


@calls("v2.prospecting.companies.bulk_enrich", "POST /prospecting/company/enrich")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    request, ids = await ground.old_firms()
    return await lusha.v2.prospecting.companies.bulk_enrich(ids, request_id=request).collect()


@calls("v2.signals.options", "GET /api/signals/filters/{objectType}")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.signals.options("company")


@calls("v2.signals.contacts.by_id", "POST /api/signals/contacts")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    _, ids = await ground.old_people()
    return await lusha.v2.signals.contacts.by_id(numbers(ids), signals=["promotion"])


@calls("v2.signals.contacts.bulk_by_id", "POST /api/signals/contacts")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    _, ids = await ground.old_people()
    return await lusha.v2.signals.contacts.bulk_by_id(numbers(ids), signals=["allSignals"]).collect()


@calls("v2.signals.contacts.search", "POST /api/signals/contacts/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.signals.contacts.search(PEOPLE, signals=["allSignals"])


@calls("v2.signals.companies.by_id", "POST /api/signals/companies")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    _, ids = await ground.old_firms()
    return await lusha.v2.signals.companies.by_id(numbers(ids), signals=["surgeInHiring"], max_results_per_signal=5)


@calls("v2.signals.companies.bulk_by_id", "POST /api/signals/companies")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    _, ids = await ground.old_firms()
    return await lusha.v2.signals.companies.bulk_by_id(numbers(ids), signals=["riskNews"]).collect()


@calls("v2.signals.companies.search", "POST /api/signals/companies/search")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.signals.companies.search(FIRMS, signals=["riskNews"])


def _old_lookalikes(group: str, path: str) -> None:
    def enter(kind: str, seeds: list[dict[str, str]]) -> None:
        @calls(f"v2.{group}.{kind}", f"POST {path}/{kind}")
        async def single(lusha: Any, ground: Ground) -> Any:
            return await getattr(getattr(lusha.v2, group), kind)(seeds, limit=10)

        @calls(f"v2.{group}.iter_{kind}", f"POST {path}/{kind}")
        async def iterated(lusha: Any, ground: Ground) -> Any:
            return await taken(getattr(getattr(lusha.v2, group), f"iter_{kind}")(seeds, limit=15))

    enter("contacts", PEOPLE)
    enter("companies", FIRMS)


_old_lookalikes("lookalikes", "/v3/lookalike")
_old_lookalikes("recommendations", "/api/recommendations")


@calls("v2.account.usage", "GET /account/usage")
async def _(lusha: LushaClient, ground: Ground) -> Any:
    return await lusha.v2.account.usage()
