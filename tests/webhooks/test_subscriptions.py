"""The difference between the subscriptions there are and those there should be, and how it is made good."""

from __future__ import annotations

import contextlib
import pickle
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async import InvalidRequest, LushaClient, NoLimits, OutcomeUnknown, RetryPolicy
from lusha_async.errors import AuthenticationError, LushaError, RecordFailed
from lusha_async.sandbox import Faults, Sandbox
from lusha_async.v3.subscription_plan import Action, Change, WantedSubscription, goals, plan_sync
from lusha_async.v3.subscriptions_types import Subscription
from lusha_async.webhooks import WebhookReceiver

URL = "https://app.example/lusha"
HOOK: dict[str, Any] = {"url": URL, "entity_type": "contact", "signal_types": ["promotion"]}


def stored(
    id: str,  # noqa: A002
    entity_id: str | None,
    *signals: str,
    url: str = URL,
    active: bool = True,
    name: str | None = None,
) -> Subscription:
    types = signals or ("promotion",)
    return Subscription(
        id=id, entity_type="contact", entity_id=entity_id, signal_types=types, url=url, is_active=active, name=name
    )


def ids(changes: tuple[Change, ...], action: Action) -> list[str | None]:
    return [each.subscription_id or each.entity_id for each in changes if each.action is action]


class TestPlan:
    def test_each_kind_of_difference(self) -> None:
        existing = [
            stored("same", "1", "promotion", "companyChange", name="whatever"),
            stored("other-url", "2", url="https://old.example"),
            stored("other-signals", "3", "companyChange"),
            stored("disabled", "4", active=False),
            stored("other-name", "7", name="old"),
            stored("stranger", "5"),
            stored("opt-out", None, "optOut"),
            stored("also-opt-out", "all", "optOut"),
        ]
        wanted = goals(
            [
                {"entity_id": "1", "signal_types": ["companyChange", "promotion"]},
                *("2", "3", "4"),
                WantedSubscription(entity_id="7", name="new"),
                *("6", "6"),
            ],
            **HOOK,
        )
        changes, unchanged = plan_sync(existing, wanted)
        assert [change.action for change in changes] == sorted(
            (change.action for change in changes), key=list(Action).index
        )
        assert {action: sorted(ids(changes, action)) for action in Action} == {
            Action.CREATE: ["6"],
            Action.UPDATE: ["other-name", "other-signals", "other-url"],
            Action.REACTIVATE: ["disabled"],
            Action.DELETE: ["stranger"],
        }
        assert unchanged == 1
        kept, _ = plan_sync(existing, wanted, delete=False)
        assert not ids(kept, Action.DELETE)

    def test_a_list_that_shifted_while_it_was_read_deletes_nothing_wanted(self) -> None:
        twice = [stored("a", "1"), stored("a", "1")]
        assert plan_sync(twice, goals("1", **HOOK)) == ((), 1)

    def test_of_two_for_one_entity_the_better_one_is_kept(self) -> None:
        existing = [stored("old", "1", url="https://old.example"), stored("good", "1")]
        changes, unchanged = plan_sync(existing, goals(["1"], **HOOK))
        assert (ids(changes, Action.DELETE), len(changes), unchanged) == (["old"], 1, 1)

    def test_a_set_that_cannot_be_is_refused_before_anything_is_asked(self) -> None:
        with pytest.raises(InvalidRequest, match="record 1: an earlier record") as refused:
            goals(["1", {"entity_id": "1", "signal_types": ["companyChange"]}], **HOOK)
        assert refused.value.index == 1
        for item in ("", {"entity_id": " "}, {"entity_id": "1", "colour": "red"}, {"entity_id": 1}):
            with pytest.raises(InvalidRequest):
                goals([item], **HOOK)  # type: ignore[list-item]
        for missing in HOOK:
            with pytest.raises(InvalidRequest, match=f"{missing} is missing"):
                goals(["1"], **{name: value for name, value in HOOK.items() if name != missing})
        with pytest.raises(InvalidRequest, match="url must begin with https"):
            goals(["1"], **{**HOOK, "url": "http://app.example/"})

    IDS = st.sampled_from("abcdef")

    @given(existing=st.dictionaries(IDS, st.booleans()), wanted=st.sets(IDS))
    def test_carrying_a_plan_out_leaves_nothing_to_do(self, existing: dict[str, bool], wanted: set[str]) -> None:
        account = {f"id-{entity}": stored(f"id-{entity}", entity, active=active) for entity, active in existing.items()}
        target = goals(sorted(wanted), **HOOK)
        for change in plan_sync(account.values(), target)[0]:
            entity = change.entity_id or ""
            if change.action is Action.DELETE:
                del account[change.subscription_id or ""]
            else:
                account[f"id-{entity}"] = stored(f"id-{entity}", entity)
        assert {each.entity_id for each in account.values()} == wanted
        assert plan_sync(account.values(), target) == ((), len(wanted))


@asynccontextmanager
async def account(*, attempts: int = 5, **options: Any) -> AsyncIterator[tuple[Sandbox, LushaClient]]:
    """A sandbox without limits of its own, and a client that repeats at once."""
    options = {"webhooks_limit": None, "burst": None, **options}
    retries = RetryPolicy(max_attempts=attempts, initial=0.001, maximum=0.002)
    async with (
        Sandbox(**options) as sandbox,
        LushaClient(sandbox.api_key, base_url=sandbox.url, limits=NoLimits(), retries=retries) as lusha,
    ):
        yield sandbox, lusha


async def watched(lusha: LushaClient) -> dict[str | None, tuple[str, ...] | None]:
    """Who is watched for what."""
    return {each.entity_id: each.signal_types async for each in lusha.subscriptions.iter_list() if each.is_active}


class TestSync:
    async def test_the_account_becomes_what_is_wanted_and_then_there_is_nothing_to_do(self) -> None:
        async with account() as (_, lusha):
            first = [str(number) for number in range(60)]
            report = await lusha.subscriptions.sync(first, **HOOK)
            assert report.complete
            assert str(report) == "60 create; 0 unchanged"
            assert all(change.subscription_id for change in report.changes)
            changed = {"entity_id": "59", "signal_types": ["companyChange"]}
            second = [*first[30:59], changed, *(str(number) for number in range(100, 140))]
            planned = await lusha.subscriptions.sync(second, **HOOK, dry_run=True)
            assert str(planned) == (
                "40 to create, 1 to update, 30 to delete; 29 unchanged; nothing was changed (dry run)"
            )
            assert await watched(lusha) == dict.fromkeys(first, ("promotion",))
            report = await lusha.subscriptions.sync(second, **HOOK)
            assert str(report) == "40 create, 1 update, 30 delete; 29 unchanged"
            expected = dict.fromkeys([*first[30:59], *(str(n) for n in range(100, 140))], ("promotion",))
            assert await watched(lusha) == {**expected, "59": ("companyChange",)}
            assert (await lusha.subscriptions.sync(second, **HOOK)).changes == ()

    async def test_nobody_wanted_leaves_nobody_but_the_opt_outs(self) -> None:
        async with account() as (_, lusha):
            await lusha.subscriptions.sync(["1", "2"], **HOOK)
            opt_out = await lusha.subscriptions.create_opt_out(URL)
            kept = await lusha.subscriptions.sync([], **HOOK, delete=False)
            assert (kept.changes, kept.unchanged) == ((), 0)
            assert (await lusha.subscriptions.sync([])).count("delete", "done") == 2
            assert [each.id for each in (await lusha.subscriptions.list()).data] == [opt_out.id]

    async def test_after_a_failed_creation_nothing_is_deleted_and_a_repeat_finishes(self) -> None:
        async with account() as (_, lusha):
            await lusha.subscriptions.sync(["1", "2"], **HOOK)
            bad = {"entity_id": "4", "signal_types": ["noSuchSignal"]}
            report = await lusha.subscriptions.sync(["2", "3", bad], **HOOK)
            assert str(report) == "1 create, 1 create failed, 1 delete not sent; 1 unchanged"
            (failed, held_back) = report.failed
            assert isinstance(failed.error, RecordFailed)
            assert failed.error.code == "VALIDATION_ERROR"
            assert (held_back.action, held_back.error) == (Action.DELETE, None)
            assert await watched(lusha) == dict.fromkeys(("1", "2", "3"), ("promotion",))
            assert str(await lusha.subscriptions.sync(["2", "3", "4"], **HOOK)) == "1 create, 1 delete; 2 unchanged"

    async def test_urls_of_their_own(self) -> None:
        async with account() as (_, lusha):
            wanted = [{"entity_id": str(n), "url": f"https://app{n % 3}.example/"} for n in range(9)]
            await lusha.subscriptions.sync(wanted, entity_type="company", signal_types="riskNews")
            found = {each.entity_id: each.url async for each in lusha.subscriptions.iter_list()}
            assert found == {each["entity_id"]: each["url"] for each in wanted}

    @pytest.mark.parametrize("step", ["create", "update", "delete"])
    async def test_an_answer_that_got_lost_is_made_good(self, step: str) -> None:
        async with account() as (sandbox, lusha):
            await lusha.subscriptions.sync(["1", "2"], **HOOK)
            path = {
                "create": "POST /api/subscriptions",
                "update": "PATCH /api/subscriptions/{id}",
                "delete": "POST /api/subscriptions/delete",
            }[step]
            lose_answers(sandbox, path)
            changed = {"entity_id": "2", "signal_types": ["companyChange"]}
            report = await lusha.subscriptions.sync([changed, "3"], **HOOK)
            assert report.complete, report
            assert await watched(lusha) == {"2": ("companyChange",), "3": ("promotion",)}

    @pytest.mark.parametrize("seed", range(8))
    async def test_under_fire_nobody_wanted_is_ever_missing_and_repeats_finish(self, seed: int) -> None:
        dice = random.Random(seed)
        everybody = [str(number) for number in range(120)]
        before, wanted = dice.sample(everybody, 60), dice.sample(everybody, 60)
        async with account(attempts=1) as (sandbox, lusha):
            await lusha.subscriptions.sync(before, **HOOK)
            kinds = ("500", "502", "504", "499", "html", "empty", "truncated", "cut", "reset_before", "reset_after")
            for _ in range(40):
                sandbox.set_faults(Faults(rate=0.5, kinds=kinds, seed=dice.randrange(10**6)))
                with contextlib.suppress(LushaError):
                    report = await lusha.subscriptions.sync(wanted, **HOOK)
                    if report.complete:
                        break
                sandbox.set_faults(Faults())
                assert set(await watched(lusha)) >= set(before) & set(wanted), "nobody wanted is missing meanwhile"
            sandbox.set_faults(Faults())
            assert set(await watched(lusha)) == set(wanted)
            assert (await lusha.subscriptions.list()).pagination.total == len(wanted)  # type: ignore[union-attr]

    async def test_what_another_process_made_meanwhile_is_put_right(self) -> None:
        async with account() as (_, lusha):
            await lusha.subscriptions.sync(["1"], **{**HOOK, "signal_types": ["companyChange"]})
            lists = lusha.subscriptions._all
            first = True

            async def behind(timeout: float | None) -> list[Subscription]:
                nonlocal first
                was, first = first, False
                return [] if was else await lists(timeout)

            lusha.subscriptions._all = behind  # type: ignore[method-assign]
            report = await lusha.subscriptions.sync(["1"], **HOOK)
            assert report.complete
            assert report.changes[0].subscription_id
            assert await watched(lusha) == {"1": ("promotion",)}

    async def test_an_account_that_cannot_go_on_ends_it_before_anything_is_deleted(self) -> None:
        async with account() as (sandbox, lusha):
            await lusha.subscriptions.sync(["1", "2"], **HOOK)
            sandbox.next_error(status=401, endpoint="POST /api/subscriptions", times=100)
            report = await lusha.subscriptions.sync(["2", "3"], **HOOK)
            assert isinstance(report.ended_by, AuthenticationError)
            assert {change.status for change in report.changes} == {"not_sent"}
            assert set(await watched(lusha)) == {"1", "2"}

    async def test_nobody_is_named_in_the_text_of_a_report(self) -> None:
        async with account() as (_, lusha):
            report = await lusha.subscriptions.sync(["marked-id"], **HOOK)
            assert "marked" not in repr(report) + str(report)
            assert pickle.loads(pickle.dumps(report)) == report


def lose_answers(sandbox: Sandbox, endpoint: str) -> None:
    """The next call of an operation is carried out, and its answer lost."""
    sandbox.next_error(status=504, endpoint=endpoint, charge=True)


class TestRotation:
    async def test_both_secrets_are_accepted_afterwards(self) -> None:
        async with account() as (_, lusha):
            first = await lusha.webhook_secret.rotate()
            receiver = WebhookReceiver("unrelated")
            second = await lusha.webhook_secret.rotate(receiver)
            assert second.secret != first.secret
            assert "3 secrets" in repr(receiver)
            assert "2 secrets" in repr(WebhookReceiver([first.secret or "", second.secret or ""]))

    async def test_a_lost_answer_is_looked_up_and_nothing_is_sent_twice(self) -> None:
        async with account() as (sandbox, lusha):
            old = (await lusha.webhook_secret.regenerate()).secret
            lose_answers(sandbox, "POST /api/account/secret/regenerate")
            made = await lusha.webhook_secret.rotate()
            assert made.secret not in {None, old}
            assert made == await lusha.webhook_secret.get()
            assert sandbox.stats()["endpoints"]["POST /api/account/secret/regenerate"]["requests"] == 2

    async def test_a_rotation_that_did_not_happen_says_so(self) -> None:
        async with account() as (sandbox, lusha):
            await lusha.webhook_secret.regenerate()
            sandbox.next_error(status=504, endpoint="POST /api/account/secret/regenerate", times=1)
            with pytest.raises(OutcomeUnknown, match="still is the old one"):
                await lusha.webhook_secret.rotate()
