"""`lusha webhooks`: subscriptions, deliveries and the secret, from the command line."""

from __future__ import annotations

import asyncio
import functools
import json
from typing import TYPE_CHECKING, Any

import click

from .exit_codes import ExitCode, code_of
from .options import EXIT_CODES, access_options
from .refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from ..client import LushaClient
    from ..v3.subscription_plan import Change, Reactivation, SyncReport
    from ..v3.subscriptions_types import AuditLogEntry, AuditStats, Subscription, TestDelivery
    from .access import Access

AS_JSON = click.option("--json", "as_json", is_flag=True, help="As JSON, with the API's names.")


@click.group(epilog=EXIT_CODES)
def webhooks() -> None:
    """Signals that Lusha delivers to a URL of yours: who is watched, what came, and the secret. Nothing here costs."""


def _with_access(function: Callable[..., None]) -> Callable[..., None]:
    """A command that reaches Lusha: its function gets an `Access` besides its own options."""

    @access_options
    @functools.wraps(function)
    def run(
        sandbox: bool, base_url: str | None, api_key_file: str | None, timeout: float | None, **options: Any
    ) -> None:
        from .access import Access

        function(Access(sandbox=sandbox, base_url=base_url, api_key_file=api_key_file, timeout=timeout), **options)

    return run


def _ask(access: Access, question: Callable[[LushaClient], Coroutine[Any, Any, Any]]) -> Any:
    async def ask() -> Any:
        async with access.connect() as lusha:
            return await question(lusha)

    access.check()
    return asyncio.run(ask())


# --- receiving


@webhooks.command(epilog=EXIT_CODES)
@_with_access
@click.option("--port", type=click.IntRange(0, 65535), default=9000, show_default=True, help="0 picks a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--count", type=click.IntRange(min=1), metavar="N", help="End after N events.")
@click.option("--json", "as_json", is_flag=True, help="Every event whole, one JSON object a line: personal data, too.")
def listen(access: Access, port: int, host: str, count: int | None, as_json: bool) -> None:
    """Print the events that arrive at a port of this machine, each once, until Ctrl-C.

    Deliveries are verified with LUSHA_WEBHOOK_SECRET, or with the account's secret, fetched with the API key. Lusha
    delivers to https only, so let a tunnel of yours lead to the port. With --sandbox a sandbox in this process sends
    signals about invented people, and with --base-url one that runs elsewhere on this machine can.
    """
    from .listening import listen as run

    if access.sandbox and (access.base_url or access.api_key_file):
        access.check()
    run(access, host=host, port=port, count=count, as_json=as_json)


# --- subscriptions


@webhooks.command(epilog=EXIT_CODES)
@_with_access
@click.argument("file", metavar="FILE")
@click.option("--url", metavar="URL", help="Where to, for rows without a url.")
@click.option("--entity-type", type=click.Choice(["contact", "company"]), help="For rows without an entity_type.")
@click.option("--signals", metavar="A,B", help="For rows without signal_types, such as promotion,companyChange.")
@click.option("--keep-others", is_flag=True, help="Delete nothing that FILE does not name.")
@click.option("--allow-empty", is_flag=True, help="Take a FILE without rows for what it says: delete all.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@AS_JSON
def sync(
    access: Access,
    file: str,
    url: str | None,
    entity_type: str | None,
    signals: str | None,
    keep_others: bool,
    allow_empty: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Make the account's subscriptions those in FILE: CSV, JSON Lines or a JSON array, - for standard input.

    Columns: entity_id (or id), entity_type, signal_types, url, name; those that are the same for all can be given as
    options instead. Subscriptions that FILE does not name are deleted, once everything in it stands; opt-outs are
    left alone. The same command again takes up what failed.
    """
    from .wanted import read_wanted
    from .wanted import signals as names

    wanted: list[Any] = read_wanted(file)
    if not wanted and not (allow_empty or keep_others):
        raise Refused("FILE names nobody, so every subscription would be deleted: say --allow-empty if that is meant.")
    types = names(signals, "--signals") if signals else None
    report: SyncReport = _ask(
        access,
        lambda lusha: lusha.subscriptions.sync(
            wanted, url=url, entity_type=entity_type, signal_types=types, delete=not keep_others, dry_run=dry_run
        ),
    )
    code = _code_of_sync(report)
    if as_json:
        click.echo(json.dumps(_sync_json(report, code)))
    else:
        for change in report.changes if dry_run else report.failed:
            click.echo(_change_line(change))
        click.echo(str(report))
    raise click.exceptions.Exit(int(code))


@webhooks.command("list", epilog=EXIT_CODES)
@_with_access
@AS_JSON
def list_(access: Access, as_json: bool) -> None:
    """All subscriptions, newest first."""

    async def every(lusha: LushaClient) -> list[Subscription]:
        return [each async for each in lusha.subscriptions.iter_list()]

    found: list[Subscription] = _ask(access, every)
    _print(found, _subscription_line, "no subscriptions", as_json=as_json)


@webhooks.command(epilog=EXIT_CODES)
@_with_access
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@AS_JSON
def test(access: Access, ids: tuple[str, ...], as_json: bool) -> None:
    """Send a made-up signal to the URL of each subscription ID, and tell how the receiver answered."""

    async def each(lusha: LushaClient) -> list[TestDelivery]:
        return [await lusha.subscriptions.test(one) for one in ids]

    found: list[TestDelivery] = _ask(access, each)
    _print(found, _test_line, "nothing tested", as_json=as_json)
    if not all(one.is_success for one in found):
        raise click.exceptions.Exit(int(ExitCode.INCOMPLETE))


@webhooks.command(epilog=EXIT_CODES)
@_with_access
@click.argument("ids", metavar="[ID]...", nargs=-1)
def reactivate(access: Access, ids: tuple[str, ...]) -> None:
    """Switch subscriptions on again that Lusha switched off, all or these, and tell what the log says about why."""
    found: tuple[Reactivation, ...] = _ask(access, lambda lusha: lusha.subscriptions.reactivate(ids or None))
    for one in found:
        click.echo(f"{one.before.id}  {'active' if one.error is None else f'still off ({one.error})'}: {one.why}")
    if not found:
        click.echo("no subscription is switched off")
    if any(one.error is not None for one in found):
        raise click.exceptions.Exit(int(ExitCode.INCOMPLETE))


# --- deliveries


@webhooks.command(epilog=EXIT_CODES)
@_with_access
@click.option("--subscription", metavar="ID", help="Of this subscription only.")
@click.option("--status", type=click.Choice(["success", "failed", "permanent_failure"]), help="Of this status only.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, metavar="N", help="The latest N.")
@AS_JSON
def logs(access: Access, subscription: str | None, status: str | None, limit: int, as_json: bool) -> None:
    """The latest attempts to deliver, and how many succeeded: successes of 90 days, failures of 180."""

    async def both(lusha: LushaClient) -> tuple[list[AuditLogEntry], AuditStats]:
        entries = lusha.audit_logs.iter_list(subscription_id=subscription, status=status, limit=limit)
        return [each async for each in entries], await lusha.audit_logs.stats(subscription_id=subscription)

    entries, stats = _ask(access, both)
    _print(entries, _log_line, "no deliveries", as_json=as_json)
    if not as_json:
        click.echo(f"{stats.total or 0:,} attempts, {stats.failed or 0:,} failed, {stats.success_rate or '-'} good")


@webhooks.group(epilog=EXIT_CODES)
def secret() -> None:
    """The one secret that all deliveries of the account are signed with."""


@secret.command(epilog=EXIT_CODES)
@_with_access
@click.option("--yes", is_flag=True, help="Replace the one there is.")
@AS_JSON
def rotate(access: Access, yes: bool, as_json: bool) -> None:
    """Make the secret, or replace it, and print the new one.

    From then on Lusha signs with the new one alone: give it to the receivers, beside the old one, at once. What they
    refuse meanwhile Lusha delivers again, three times at most.
    """
    from ..errors import NotFound

    async def make(lusha: LushaClient) -> str | None:
        if not yes:
            try:
                await lusha.webhook_secret.get()
            except NotFound:
                pass
            else:
                raise Refused("There is a secret, and its signatures would be worth nothing at once: say --yes.")
        return (await lusha.webhook_secret.rotate()).secret

    made: str | None = _ask(access, make)
    click.echo(json.dumps({"secret": made}) if as_json else made)


# --- for people and for scripts


def _print(found: Any, line: Callable[[Any], str], none: str, *, as_json: bool) -> None:
    from ..model import to_dict

    if as_json:
        click.echo(json.dumps([to_dict(each, api_names=True) for each in found]))
        return
    for each in found:
        click.echo(line(each))
    if not found:
        click.echo(none)


def _subscription_line(one: Subscription) -> str:
    state = "active" if one.is_active is not False else f"off since {one.blocked_at or '?'} ({one.block_reason or '?'})"
    return f"{one.id}  {one.entity_type} {one.entity_id}  {','.join(one.signal_types or ())}  {one.url}  {state}"


def _test_line(one: TestDelivery) -> str:
    check = one.flow_check
    answer = f"HTTP {check.status_code}" if check and check.status_code else "no answer"
    return f"{one.subscription_id}  {'good' if one.is_success else 'failed'}  {answer}  {one.url}"


def _log_line(one: AuditLogEntry) -> str:
    answer = f"HTTP {one.status_code}" if one.status_code else one.error or "no answer"
    return f"{one.delivered_at}  {one.status:<17}  {answer:<8}  {one.subscription_id}  delivery {one.payload_id}"


def _change_line(change: Change) -> str:
    signals = ",".join(change.goal.signal_types) if change.goal else ""
    target = f"{change.entity_type} {change.entity_id}"
    why = f"  {change.error}" if change.error else ""
    return "  ".join(filter(None, (f"{change.action:<10}", target, signals, change.status))) + why


def _code_of_sync(report: SyncReport) -> ExitCode:
    if report.dry_run or report.complete:
        return ExitCode.DONE
    return ExitCode.INCOMPLETE if report.ended_by is None else code_of(report.ended_by)


def _sync_json(report: SyncReport, code: ExitCode) -> dict[str, Any]:
    return {
        "exit_code": int(code),
        "complete": report.complete,
        "dry_run": report.dry_run,
        "unchanged": report.unchanged,
        "changes": [
            {
                "action": change.action,
                "status": change.status,
                "entity_type": change.entity_type,
                "entity_id": change.entity_id,
                "subscription_id": change.subscription_id,
                "error": None if change.error is None else str(change.error),
            }
            for change in report.changes
        ],
    }
