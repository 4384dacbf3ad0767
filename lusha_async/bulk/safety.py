"""From the options `ledger`, `max_credits` and their kin to the journal of one run."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from ..endpoint import Repeat
from ..errors import LushaError
from ..retry import RetryPolicy
from .budget import Budget
from .cost import Prices, prices_of
from .journal import Book, Journal, NoJournal

if TYPE_CHECKING:
    import os

    from ..ledger import Ledger
    from ..resource import Sender
    from .operation import BulkOperation
    from .options import OnDoubt
    from .report import RunReport


LONGEST_ASKING = 15.0
"""Seconds account usage may be waited for; it is only asked for a better estimate."""


class SafetyOptions(TypedDict):
    """The options this is made from."""

    ledger: str | os.PathLike[str] | Ledger | None
    on_doubt: OnDoubt | None
    retry_failed: bool
    reuse: timedelta | None
    max_credits: float | None


class Safety:
    """What keeps a run from paying twice, or too much. Opened with the run, closed with it."""

    def __init__(
        self,
        *,
        ledger: str | os.PathLike[str] | Ledger | None,
        on_doubt: OnDoubt | None,
        retry_failed: bool,
        reuse: timedelta | None,
        max_credits: float | None,
    ) -> None:
        self.ledger = ledger
        self.on_doubt: OnDoubt | None = on_doubt
        self.retry_failed = retry_failed
        self.reuse = reuse
        self.max_credits = max_credits
        self._opened: Ledger | None = None

    def options(self) -> SafetyOptions:
        """The options again, for another run."""
        return {
            "ledger": self.ledger,
            "on_doubt": self.on_doubt,
            "retry_failed": self.retry_failed,
            "reuse": self.reuse,
            "max_credits": self.max_credits,
        }

    async def open(
        self, sender: Sender, operation: BulkOperation[Any, Any], request: Any, report: RunReport
    ) -> NoJournal:
        """The journal of a run. Raises `LedgerError` when the ledger cannot be used for it."""
        if self.ledger is None and self.max_credits is None:
            return NoJournal()
        prices = Prices() if self.max_credits is None else await learn_prices(sender, operation)
        book = await self.open_book(sender, operation, request)
        budget = None
        if self.max_credits is not None:
            budget = Budget(
                self.max_credits,
                charged=book.charged if book is not None else 0.0,
                in_doubt=book.in_doubt if book is not None else 0.0,
            )
        return Journal(budget=budget, book=book, prices=prices, report=report)

    async def open_book(
        self, sender: Sender, operation: BulkOperation[Any, Any], request: Any, *, reading: bool = False
    ) -> Book | None:
        """The run's pages in the ledger. `reading` writes nothing, and gives None for a file that is not there."""
        if self.ledger is None:
            return None
        from ..ledger import Ledger

        ledger = self.ledger if isinstance(self.ledger, Ledger) else Ledger(self.ledger)
        if reading and not ledger.exists():
            return None
        if not ledger.is_open:
            await ledger.open(account=_of_client(sender, "fingerprint") or "")
            self._opened = ledger
        on_doubt = self.on_doubt
        if on_doubt is None:
            on_doubt = "resend" if operation.endpoint.repeat in (Repeat.FREE, Repeat.CHEAP) else "hold"
        try:
            return await ledger.begin(
                operation,
                request,
                account=_of_client(sender, "fingerprint") or "",
                hold=on_doubt == "hold",
                retry_failed=self.retry_failed,
                reuse=self.reuse,
                reading=reading,
            )
        except BaseException:
            await self.close_ledger()
            raise

    async def close(self, journal: NoJournal, *, complete: bool) -> None:
        """The run is over. A ledger that fails now has nothing left to lose: what it says was said before."""
        try:
            await journal.finish(complete=complete)
        except LushaError:
            pass
        finally:
            await self.close_ledger()

    async def close_ledger(self) -> None:
        """Close the ledger, if it was opened here."""
        ledger, self._opened = self._opened, None
        if ledger is not None:
            await ledger.close()


def _of_client(sender: Any, name: str) -> Any:
    """Something of the client at the bottom of senders that wrap each other."""
    while sender is not None:
        found = getattr(sender, name, None)
        if found is not None:
            return found
        sender = getattr(sender, "_sender", None)
    return None


def retry_policy(sender: Sender) -> RetryPolicy:
    """The client's bounds of automatic repeats."""
    return _of_client(sender, "retries") or RetryPolicy()


async def learn_usage(sender: Sender, operation: BulkOperation[Any, Any]) -> Any:
    """What account usage says, or None where it cannot be had: estimates go by the documented figures then."""
    if operation.usage is None:
        return None
    try:
        reply = await sender.send(operation.usage, bulk=True, max_wait=LONGEST_ASKING)
    except LushaError:
        return None
    return reply.data


async def learn_prices(sender: Sender, operation: BulkOperation[Any, Any]) -> Prices:
    """The account's prices as far as they can be learned."""
    return prices_of(await learn_usage(sender, operation))
