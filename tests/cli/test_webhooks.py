"""`lusha webhooks` against a sandbox, and what is refused before anything is asked."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator

import pytest

from lusha_async.cli.exit_codes import ExitCode
from lusha_async.cli.wanted import read_wanted
from lusha_async.sandbox import Sandbox
from lusha_async.webhooks import Listener

from .conftest import Command
from .test_process import ended, start

POSIX = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
WANTED = {
    "entity_id": "1",
    "entity_type": "contact",
    "signal_types": ("promotion", "companyChange"),
    "url": "https://a.example/",
}


@pytest.fixture
async def server() -> AsyncIterator[Sandbox]:
    async with Sandbox(retry_delays=()) as sandbox:
        yield sandbox


class Shell:
    """`lusha webhooks` for one account."""

    def __init__(self, server: Sandbox, command: Command) -> None:
        self.server = server
        self.command = command
        self._access = ("--base-url", server.url, "--api-key-file", command.write("key", server.api_key))

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await start("webhooks", *arguments, *self._access)

    async def __call__(self, *arguments: str, code: ExitCode = ExitCode.DONE) -> str:
        shown = await asyncio.to_thread(self.command, "webhooks", *arguments, *self._access)
        assert shown.exit_code == code, shown.stderr
        return shown.stdout if code is ExitCode.DONE else shown.stdout + shown.stderr

    async def json(self, *arguments: str) -> list | dict:
        return json.loads(await self(*arguments, "--json"))

    def wanted(self, *ids: str) -> str:
        return self.command.write("wanted.csv", "entity_id\n" + "".join(f"{one}\n" for one in ids))


@pytest.fixture
def shell(server: Sandbox, command: Command) -> Shell:
    return Shell(server, command)


HOOK = ("--url", "https://app.example/lusha", "--entity-type", "contact", "--signals", "promotion,companyChange")


class TestFiles:
    @pytest.mark.parametrize(
        "text",
        [
            "entity_id,entity_type,signal_types,url\n1,contact,promotion|companyChange,https://a.example/\n",
            "Id;Entity Type;Signals;Webhook URL;Owner\n1;contact;promotion, companyChange;https://a.example/;somebody\n",
            '{"entityId":1,"entityType":"contact","signalTypes":["promotion","companyChange"],"url":"https://a.example/"}\n',
            ' [{"entity_id":"1","entity_type":"contact","signal_types":["promotion","companyChange"],"url":"https://a.example/",'
            '"name":null}]',
        ],
        ids=["csv", "excel", "jsonl", "json"],
    )
    def test_every_form_says_the_same(self, command: Command, text: str) -> None:
        assert read_wanted(command.write("wanted", text)) == [WANTED]

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("name\nsomebody\n", "has no column entity_id"),
            ("id,name\n1,a\n,b\n", "row 2: no entity_id"),
            ("[1, 2]", "no JSON array of objects"),
            ('[{"id": "1"}', "no JSON array of objects"),
            ('{"id": true}\n', "row 1: entity_id is text"),
            ('{"id": "1", "signals": {"a": 1}}\n', "row 1: signal_types are names"),
            ("", "is empty"),
            ("id\n", "every subscription would be deleted"),
        ],
    )
    def test_what_cannot_be_used_is_refused_with_its_row(self, command: Command, text: str, sentence: str) -> None:
        result = command("webhooks", "sync", command.write("wanted.csv", text), *HOOK, "--sandbox")
        assert (result.exit_code, sentence in result.stderr) == (ExitCode.INPUT, True), result.stderr

    def test_a_file_that_is_not_there_and_a_set_that_is_not_complete(self, command: Command) -> None:
        assert "cannot be read" in command("webhooks", "sync", command.path("none"), *HOOK, "--sandbox").stderr
        result = command("webhooks", "sync", "-", "--sandbox", *HOOK[2:], stdin="id\n1\n")
        assert (result.exit_code, "url is missing" in result.stderr) == (ExitCode.INPUT, True)


async def test_sync_first_dry_then_for_good_then_with_nothing_left_to_do(shell: Shell) -> None:
    file = shell.wanted("1", "2", "3")
    planned = await shell("sync", file, *HOOK, "--dry-run")
    assert planned.splitlines()[0] == "create      contact 1  promotion,companyChange  not_sent"
    assert planned.splitlines()[-1] == "3 to create; 0 unchanged; nothing was changed (dry run)"
    assert await shell("list") == "no subscriptions\n"
    assert await shell("sync", file, *HOOK) == "3 create; 0 unchanged\n"
    done = await shell.json("sync", shell.wanted("3", "4"), *HOOK)
    assert (done["exit_code"], done["complete"], done["unchanged"]) == (0, True, 1)
    assert [(each["action"], each["status"]) for each in done["changes"]] == [
        ("create", "done"), ("delete", "done"), ("delete", "done")
    ]  # fmt: skip
    assert await shell("sync", shell.wanted("3"), *HOOK, "--keep-others") == "nothing to do; 1 unchanged\n"
    assert sorted(each["entityId"] for each in await shell.json("list")) == ["3", "4"]
    assert await shell("sync", shell.wanted(), "--allow-empty") == "2 delete; 0 unchanged\n"


async def test_a_failure_is_shown_and_has_a_code_of_its_own(shell: Shell) -> None:
    await shell("sync", shell.wanted("1"), *HOOK)
    file = shell.command.write("wanted.jsonl", '{"id":"2","signals":["noSuchSignal"]}\n')
    said = await shell("sync", file, *HOOK, code=ExitCode.INCOMPLETE)
    assert "create      contact 2  noSuchSignal  failed  Lusha could not answer this record (VALIDATION_ERROR)." in said
    assert "1 create failed, 1 delete not sent; 0 unchanged" in said


async def test_the_secret_the_test_the_log_and_the_way_back(shell: Shell) -> None:
    secret = (await shell("secret", "rotate")).strip()
    assert "say --yes" in await shell("secret", "rotate", code=ExitCode.INPUT)
    newer = (await shell.json("secret", "rotate", "--yes"))["secret"]
    assert newer not in {"", secret}
    async with Listener(newer, port=0) as events:
        await shell("sync", shell.wanted("1"), "--url", events.url, *HOOK[2:])
        (made,) = await shell.json("list")
        assert "good  HTTP 201" in await shell("test", made["id"])
        assert (await anext(events)).type == "promotion"
    assert "failed  no answer" in await shell("test", made["id"], code=ExitCode.INCOMPLETE)
    shell.server.trigger("1", "promotion")
    await shell.server.settled()
    assert "off since" in await shell("list")
    log = await shell("logs", "--limit", "2")
    assert "permanent_failure" in log
    assert log.splitlines()[-1] == "3 attempts, 2 failed, 33.33% good"
    assert [each["status"] for each in await shell.json("logs", "--status", "success")] == ["success"]
    assert "active: MAX_RETRIES_EXCEEDED" in await shell("reactivate")
    assert await shell("reactivate") == "no subscription is switched off\n"


@POSIX
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_listen_prints_what_comes_until_it_is_ended(
    shell: Shell, number: signal.Signals, unused_tcp_port: int
) -> None:
    await shell("secret", "rotate")
    process = await shell.start("listen", "--port", str(unused_tcp_port))
    assert process.stdout is not None
    assert process.stderr is not None
    line = (await asyncio.wait_for(process.stderr.readline(), 20)).decode()
    assert f"Listening at http://127.0.0.1:{unused_tcp_port}/" in line
    await shell("sync", shell.wanted("1"), "--url", f"http://127.0.0.1:{unused_tcp_port}/", *HOOK[2:])
    (delivery,) = shell.server.trigger("1", "promotion")
    shell.server.trigger("1", "promotion", form="forged")
    printed = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    assert "promotion" in printed
    assert printed.rstrip().endswith(f"contact 1  delivery {delivery}")
    await shell.server.settled()
    process.send_signal(number)
    code, _, err = await ended(process)
    assert (code, "1 events, 0 repeats; refused: 1 forged" in err) == (0, True), err


@POSIX
async def test_listen_in_a_sandbox_of_its_own_shows_everything_as_json() -> None:
    code, out, _ = await ended(await start("webhooks", "listen", "--sandbox", "--port", "0", "--count", "2", "--json"))
    assert code == 0
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["promotion", "surgeInHiring"]


async def test_listen_with_a_secret_from_the_environment_needs_no_key(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Listener("whsec", port=0) as taken:
        monkeypatch.setenv("LUSHA_WEBHOOK_SECRET", "whsec")
        said = await asyncio.to_thread(command, "webhooks", "listen", "--port", str(taken.port))
        assert (said.exit_code, "Cannot listen at" in said.stderr) == (ExitCode.INPUT, True)
        monkeypatch.delenv("LUSHA_WEBHOOK_SECRET")
        assert (await asyncio.to_thread(command, "webhooks", "listen")).exit_code == ExitCode.ACCESS


async def test_without_a_secret_listen_says_what_to_do(shell: Shell) -> None:
    assert "`lusha webhooks secret rotate` makes one" in await shell("listen", "--port", "0", code=ExitCode.INPUT)
