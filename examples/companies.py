"""Companies: find them by domain, see what could be revealed and at what price, then buy just that.

Run it (no key needed, it starts the sandbox):  python examples/companies.py
"""

from __future__ import annotations

import asyncio

from lusha_async import CompanyQuery, LushaClient
from lusha_async.sandbox import Sandbox

DOMAINS = ["example.com", "example.org", "not-found.example", "acme.test"]


async def main() -> None:
    """Search, look at the prices, enrich by id."""
    async with Sandbox() as sandbox, LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
        found = await lusha.companies.search([CompanyQuery(domain=domain) for domain in DOMAINS])
        for company in found.results:
            prices = {offer.field: offer.credits for offer in company.can_reveal or ()}
            print(company.name or company.error, prices)

        ids = [company.id for company in found.results if company.id]
        async with lusha.companies.bulk_enrich(ids, reveal=["employeesByDepartment"]) as run:
            async for outcome in run:
                if outcome.result is not None:
                    departments = outcome.result.employees_by_department or ()
                    print(outcome.result.name, [(part.department, part.count) for part in departments[:3]])
        print(run.report)


if __name__ == "__main__":
    asyncio.run(main())
