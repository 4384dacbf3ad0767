"""The seam around sending: who must be asked before a chunk leaves, and told what became of it.

Without a ledger and a ceiling nobody is (`NoJournal`), and a run is as fast as the engine. A `Journal` asks a `Budget`
for credits, then has a `Book` (the ledger) write the chunk down as sent; afterwards it has the outcomes written down
before the run hands them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from .budget import Budget, Reservation
    from .cost import Prices
    from .matching import Match
    from .memory import Entry
    from .operation import Route
    from .outcome import Answer, Outcome
    from .report import RunReport

State = Literal["answered", "refused", "failed", "lost", "unsent"]
"""How a request ended: with an answer; refused and not charged; with a fault of the server; with no readable answer;
or without having left."""


class Recalled(NamedTuple):
    """What is already known of a record."""

    match: Match[Any] | None = None
    """Its outcome, if it need not be asked about."""
    answer: Answer | None = None
    first: int | None = None
    """Index of the record of this run that brought the outcome."""
    known_id: str | None = None
    """Its id at Lusha: it can be asked about by that."""


class Ticket:
    """Leave to send the first `count` records of a chunk."""

    __slots__ = ("count", "number", "open", "reservation", "worst")

    def __init__(self, count: int, *, worst: float = 0.0, reservation: Reservation | None = None) -> None:
        self.count = count
        self.worst = worst
        """Credits they may cost."""
        self.reservation = reservation
        self.number: int | None = None
        """The request's number in the ledger."""
        self.open = True


class Book(Protocol):
    """Where a run is written down. Every method raises `LedgerError` when that fails."""

    charged: float
    """Credits charged in earlier parts of this run."""
    in_doubt: float
    """Credits set aside for requests of this run whose outcome is unknown."""

    async def recall(self, entries: Sequence[Entry[Any, Any, Any]]) -> Sequence[Recalled | None]:
        """What is known of these records."""
        ...

    async def sent(self, route: Route, entries: Sequence[Entry[Any, Any, Any]], reserved: float) -> int:
        """Write down that a request is about to leave; returns its number."""
        ...

    async def closed(
        self,
        number: int,
        state: State,
        concluded: Sequence[tuple[Entry[Any, Any, Any], Outcome[Any, Any]]],
        *,
        charged: float | None,
        doubtful: float,
    ) -> None:
        """Write down how a request ended, and the outcomes it brought. Queued at once, even if nobody waits."""
        ...

    def close_soon(self, number: int, state: State, doubtful: float) -> None:
        """The same for a request whose task is being cancelled: queued, not waited for."""
        ...

    async def finish(self, *, complete: bool) -> None:
        """The run is over; `complete` when every record of the source is settled."""
        ...


class NoJournal:
    """Nothing is written down and nothing held back."""

    remembers = False
    repeats = False

    async def recall(self, entries: Sequence[Entry[Any, Any, Any]]) -> Sequence[Recalled | None]:
        """Nothing is known."""
        return [None] * len(entries)

    async def begin(self, route: Route, entries: Sequence[Entry[Any, Any, Any]]) -> Ticket:
        """Send them all."""
        return Ticket(len(entries))

    async def done(
        self,
        ticket: Ticket,
        state: State,
        concluded: Sequence[tuple[Entry[Any, Any, Any], Outcome[Any, Any]]] = (),
        *,
        charged: float | None = None,
        more: bool = False,
    ) -> None:
        """Nothing to write."""
        ticket.open = False

    def abandon(self, ticket: Ticket, *, left: bool) -> None:
        """Nothing to write."""
        ticket.open = False

    async def finish(self, *, complete: bool) -> None:
        """Nothing to write."""


class Journal(NoJournal):
    """Asks the budget, then the book, before every request; tells both afterwards."""

    def __init__(self, *, budget: Budget | None, book: Book | None, prices: Prices, report: RunReport) -> None:
        self._budget = budget
        self._book = book
        self._prices = prices
        self._report = report
        self.remembers = book is not None
        """Whether records may be known already."""
        self.repeats = budget is not None
        """Whether requests of unknown outcome are repeated by the run: each needs a reservation of its own."""
        if book is not None:
            report.credits_before, report.credits_in_doubt = book.charged, book.in_doubt

    async def recall(self, entries: Sequence[Entry[Any, Any, Any]]) -> Sequence[Recalled | None]:
        """What the ledger knows of these records."""
        return await self._book.recall(entries) if self._book is not None else await super().recall(entries)

    async def begin(self, route: Route, entries: Sequence[Entry[Any, Any, Any]]) -> Ticket:
        """Wait for leave to send. Raises `BudgetExhausted` or `LedgerError`: then the run is over."""
        if self._budget is not None:
            reservation = await self._budget.reserve(lambda size: route.worst(size, self._prices), len(entries))
            ticket = Ticket(reservation.count, worst=reservation.amount, reservation=reservation)
        else:
            ticket = Ticket(len(entries), worst=route.worst(len(entries), self._prices))
        if self._book is not None:
            try:
                ticket.number = await self._book.sent(route, entries[: ticket.count], ticket.worst)
            except BaseException:
                self._settle(ticket, "unsent", None, more=False)
                raise
        self._show()
        return ticket

    async def done(
        self,
        ticket: Ticket,
        state: State,
        concluded: Sequence[tuple[Entry[Any, Any, Any], Outcome[Any, Any]]] = (),
        *,
        charged: float | None = None,
        more: bool = False,
    ) -> None:
        """A request has ended: settle it, and write it and its outcomes down. Raises `LedgerError`."""
        doubtful = self._settle(ticket, state, charged, more=more)
        if self._book is not None and ticket.number is not None:
            await self._book.closed(ticket.number, state, concluded, charged=charged, doubtful=doubtful)

    def abandon(self, ticket: Ticket, *, left: bool) -> None:
        """The task of a request is being cancelled."""
        if ticket.open:
            state: State = "lost" if left else "unsent"
            doubtful = self._settle(ticket, state, None, more=False)
            if self._book is not None and ticket.number is not None:
                self._book.close_soon(ticket.number, state, doubtful)

    async def finish(self, *, complete: bool) -> None:
        """The run is over."""
        if self._book is not None:
            await self._book.finish(complete=complete)

    def _settle(self, ticket: Ticket, state: State, charged: float | None, *, more: bool) -> float:
        """Move what was set aside to where it belongs; returns what stays in doubt."""
        ticket.open = False
        doubtful = 0.0
        if state in ("lost", "failed") or (state == "answered" and charged is None):
            doubtful = ticket.worst
        elif state == "answered" and more:
            doubtful = max(0.0, ticket.worst - (charged or 0.0))
        if self._budget is not None and ticket.reservation is not None:
            self._budget.settle(ticket.reservation, charged=charged or 0.0, doubtful=doubtful)
        self._report.credits_in_doubt += doubtful
        self._show()
        return doubtful

    def _show(self) -> None:
        if self._budget is not None:
            self._report.credits_reserved = self._budget.reserved
