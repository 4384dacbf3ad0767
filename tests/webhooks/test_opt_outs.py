"""Opt-outs reach everything: from Lusha's notice, through the receiver, into the ledger of what was bought."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lusha_async import LushaClient, NoLimits, Outcome, Status
from lusha_async.ledger import Ledger
from lusha_async.sandbox import Sandbox
from lusha_async.webhooks import OptOut, Retries, WebhookReceiver, sign

from .helpers import OPT_OUT, to_json
from .servers import in_aiohttp, in_fastapi

PEOPLE = [{"email": f"p{n}@acme.example"} for n in range(6)]


class Bought:
    """People in a ledger, and a receiver whose opt-outs purge it."""

    def __init__(self, lusha: LushaClient, sandbox: Sandbox, path: Path, secret: str) -> None:
        self.lusha, self.sandbox, self.path, self.secret = lusha, sandbox, path, secret
        self.receiver = WebhookReceiver(secret, retries=Retries(attempts=1))
        self.purged: list[int] = []

        @self.receiver.on_opt_out
        async def forget(event: OptOut) -> None:
            async with Ledger(path) as ledger:
                self.purged.append(await ledger.purge(event.identities()))

    async def enrich(self) -> list[Outcome[Any, Any]]:
        run = self.lusha.contacts.bulk_search_and_enrich(PEOPLE, reveal=["emails", "phones"], ledger=self.path)
        return await run.collect()

    def file(self) -> bytes:
        """Everything that is on the disk."""
        return b"".join(each.read_bytes() for each in sorted(self.path.parent.iterdir()))

    async def deliver(self, content: dict[str, Any]) -> int:
        """A notice of our own making: the sandbox's always list everything."""
        body = to_json(content)
        return (await self.receiver.handle("POST", "", sign(body, self.secret), body)).status


@pytest.fixture
async def bought(tmp_path: Path) -> AsyncIterator[Bought]:
    async with (
        Sandbox(not_found=0, restricted=0, retry_delays=()) as sandbox,
        LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits()) as lusha,
    ):
        secret = (await lusha.webhook_secret.regenerate()).secret or ""
        yield Bought(lusha, sandbox, tmp_path / "run.db", secret)


def points_of(outcome: Outcome[Any, Any]) -> list[tuple[str, str]]:
    """What was bought about a person, as an opt-out lists it."""
    found = outcome.result
    return [(each.email, "email") for each in found.emails] + [(each.number, "phone") for each in found.phones]


@pytest.mark.parametrize("serve", [in_fastapi, in_aiohttp], ids=["fastapi", "aiohttp"])
async def test_who_opted_out_is_gone_from_the_disk_and_is_not_bought_again(serve: Any, bought: Bought) -> None:
    before = await bought.enrich()
    person = before[2].result
    marks = [person.id, *(value for value, _ in points_of(before[2]))]
    assert all(mark.encode() in bought.file() for mark in marks)
    async with serve(bought.receiver) as url:
        await bought.lusha.subscriptions.create_opt_out(url)
        (delivery,) = bought.sandbox.opt_out(person.id)
        await bought.sandbox.settled()
        bought.sandbox.deliver_again(delivery, form="replay")
        await bought.sandbox.settled()
    assert bought.purged == [1], "and once, although it was delivered twice"
    assert not [mark for mark in marks if mark.encode() in bought.file()]
    spent = bought.sandbox.stats()["credits_remaining"]
    after = await bought.enrich()
    assert [each.status for each in after] == [Status.FOUND] * 2 + [Status.RESTRICTED] + [Status.FOUND] * 3
    assert [each.result for each in after if each.status is Status.FOUND] == [
        each.result for each in before if each is not before[2]
    ]
    assert bought.sandbox.stats()["credits_remaining"] == spent


async def test_a_notice_about_single_data_points_finds_them_whatever_id_it_names(bought: Bought) -> None:
    before = await bought.enrich()
    at = next(n for n, outcome in enumerate(before) if points_of(outcome))
    value, kind = points_of(before[at])[0]
    notice = {**OPT_OUT, "contactId": "987654321", "linkedinUrl": None}
    notice["datapoints"] = [{"datapointId": value, "datapointType": kind}]
    async with bought.receiver:
        assert await bought.deliver(notice) == 201
    assert bought.purged == [1]
    assert value.encode() not in bought.file()
    kept = [mark for n, outcome in enumerate(before) if n != at for mark, _ in points_of(outcome)]
    assert kept
    assert all(mark.encode() in bought.file() for mark in kept), "nobody else is touched"


async def test_somebody_who_was_never_bought_is_no_error(bought: Bought) -> None:
    await bought.enrich()
    async with bought.receiver:
        assert await bought.deliver(OPT_OUT) == 201
    assert (bought.purged, bought.receiver.counts.failed) == ([0], 0)


async def test_a_ledger_in_use_loses_no_opt_out(bought: Bought) -> None:
    """It is reported as failed, for a store to keep and the owner to revive."""
    await bought.enrich()
    async with Ledger(bought.path), bought.receiver:
        assert await bought.deliver(OPT_OUT) == 201
    assert (bought.purged, bought.receiver.counts.failed) == ([], 1)


async def test_a_notice_that_names_nobody_fails_aloud(bought: Bought) -> None:
    await bought.enrich()
    async with bought.receiver:
        await bought.deliver({"contactOptOutDate": OPT_OUT["contactOptOutDate"], "datapoints": []})
    assert bought.receiver.counts.failed + bought.receiver.counts.unreadable == 1
