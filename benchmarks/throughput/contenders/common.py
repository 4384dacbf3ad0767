"""What the contenders share so that none of them works less: the rows, the bodies, the sums."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..bodies import RECORDS, Sums, row
from ..job import REVEAL

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from ..job import Job


def chunks(contacts: int) -> Iterator[range]:
    """The rows, a hundred at a time."""
    for start in range(0, contacts, RECORDS):
        yield range(start, min(start + RECORDS, contacts))


def body(numbers: range) -> dict[str, Any]:
    """What a request asks for, in the API's own words."""
    contacts = []
    for number in numbers:
        of = row(number)
        contacts.append(
            {
                "clientReferenceId": str(number),
                "email": of["email"],
                "firstName": of["first_name"],
                "lastName": of["last_name"],
                "companyDomain": of["company_domain"],
            }
        )
    return {"contacts": contacts, "reveal": REVEAL}


class Tally:
    """Sums under way."""

    __slots__ = ("connections", "contacts", "emails", "pairs", "phones")

    def __init__(self) -> None:
        self.contacts = self.connections = self.emails = self.phones = self.pairs = 0

    def objects(self, results: Any) -> None:
        """Add contacts with attributes."""
        for contact in results:
            self.contacts += 1
            self.connections += contact.linkedin_connections
            self.emails += len(contact.emails)
            self.phones += len(contact.phones)
            self.pairs += int(contact.client_reference_id) * contact.linkedin_connections

    def mappings(self, results: Any) -> None:
        """Add contacts that are dicts with the API's names."""
        for contact in results:
            self.contacts += 1
            self.connections += contact["linkedinConnections"]
            self.emails += len(contact["emails"])
            self.phones += len(contact["phones"])
            self.pairs += int(contact["clientReferenceId"]) * contact["linkedinConnections"]

    def sums(self) -> Sums:
        """What came out."""
        return Sums(self.contacts, self.connections, self.emails, self.phones, self.pairs)


async def one_by_one(run: Any, tally: Tally, job: Job) -> None:
    """Add outcomes as a user reads them."""
    async for outcome in run:
        contact = outcome.result
        tally.contacts += 1
        tally.connections += contact.linkedin_connections
        tally.emails += len(contact.emails)
        tally.phones += len(contact.phones)
        tally.pairs += outcome.index * contact.linkedin_connections
        if job.pause and not tally.contacts % RECORDS:
            await asyncio.sleep(job.pause)


def run_loop(job: Job, work: Coroutine[Any, Any, Any]) -> Any:
    """Run on the event loop the job names."""
    if job.loop == "uvloop":
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    return asyncio.run(work)
