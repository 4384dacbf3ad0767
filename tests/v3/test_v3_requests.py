"""What V3 methods put on the wire, and what they refuse before anything is sent."""

from __future__ import annotations

from datetime import date

import pytest

from lusha_async.errors import APIError, InvalidRequest
from lusha_async.records import CompanyQuery, ContactQuery
from lusha_async.v3.common import SignalOptions
from lusha_async.v3.companies import Companies
from lusha_async.v3.contacts import Contacts
from lusha_async.v3.conversations import Conversations
from lusha_async.v3.lookalikes import CompanySeeds
from lusha_async.v3.prospecting_filters import (
    CompanyCriteria,
    CompanyFilter,
    ContactCriteria,
    ContactFilter,
    Place,
    ProspectingFilters,
    Range,
)
from lusha_async.v3.subscriptions import AuditLogs, NewSubscription, Subscriptions

MARKETING = {"contacts": {"include": {"departments": ["Marketing"]}}}
GERMANY = {"companies": {"include": {"locations": [{"country": "Germany"}]}}}


def _include(**fields):
    return {"contacts": {"include": fields}}


def _firms(**fields):
    return {"companies": {"include": fields}}


class TestEnrichment:
    async def test_enrich_sends_the_ids_the_reveal_and_an_explicit_no_to_the_waterfall(self, sender):
        await Contacts(sender).enrich(["v1.a", 12], reveal=["emails"])
        assert sender.last.body == {"ids": ["v1.a", "12"], "reveal": ["emails"], "waterfallEnabled": False}

    async def test_the_waterfall_is_asked_for_in_so_many_words(self, sender):
        await Contacts(sender).enrich("v1.a", reveal=["phones"], waterfall_enabled=True, table_id="482910")
        assert sender.last.body["waterfallEnabled"] is True
        assert sender.last.body["tableId"] == "482910"

    @pytest.mark.parametrize("reveal", [[], (), "", ["emails", ""], [None]])
    async def test_a_reveal_that_names_nothing_is_refused(self, sender, reveal):
        with pytest.raises(InvalidRequest) as refused:
            await Contacts(sender).enrich(["v1.a"], reveal=reveal)
        assert refused.value.field == "reveal"
        assert not sender.calls

    async def test_reveal_has_no_default(self, sender):
        with pytest.raises(TypeError):
            await Contacts(sender).enrich(["v1.a"])

    async def test_a_reveal_newer_than_this_package_passes(self, sender):
        await Contacts(sender).enrich("v1.a", reveal=["emails", "fax", "emails"])
        assert sender.last.body["reveal"] == ["emails", "fax"]

    async def test_an_empty_company_reveal_is_left_out_as_the_api_refuses_an_empty_list(self, sender):
        await Companies(sender).enrich("v1.c", reveal=())
        assert sender.last.body == {"ids": ["v1.c"]}
        await Companies(sender).search_and_enrich({"domain": "example.com"}, reveal=())
        assert sender.last.body == {"companies": [{"domain": "example.com"}]}

    async def test_company_reveals_are_sent(self, sender):
        await Companies(sender).search_and_enrich(CompanyQuery(domain="example.com"), reveal=["directParent"])
        assert sender.last.body["reveal"] == ["directParent"]

    async def test_search_sends_records_options_and_signals(self, sender):
        await Contacts(sender).search(
            [ContactQuery(email="jane@example.com", client_reference_id="1"), {"linkedin_url": "linkedin.com/in/jane"}],
            include_partial_profiles=True,
            signals=SignalOptions(types=["promotion"], start_date="2026-01-31", max_results_per_signal=3),
        )
        assert sender.last.body == {
            "contacts": [
                {"clientReferenceId": "1", "email": "jane@example.com"},
                {"linkedinUrl": "linkedin.com/in/jane"},
            ],
            "options": {"includePartialProfiles": True},
            "signals": {"types": ["promotion"], "startDate": "2026-01-31", "maxResultsPerSignal": 3},
        }

    async def test_what_was_not_asked_for_is_not_sent(self, sender):
        await Contacts(sender).search({"email": "jane@example.com"})
        assert sender.last.body == {"contacts": [{"email": "jane@example.com"}]}

    async def test_the_most_results_per_signal_is_refused_for_companies(self, sender):
        with pytest.raises(InvalidRequest) as refused:
            await Companies(sender).search(
                {"domain": "example.com"}, signals={"types": ["surgeInHiring"], "max_results_per_signal": 3}
            )
        assert refused.value.field == "signals.max_results_per_signal"

    @pytest.mark.parametrize("start", ["2026-02-30", "20260131", "31.01.2026", "2026-01-31T10:00:00Z"])
    async def test_a_date_is_a_day_that_exists(self, sender, start):
        with pytest.raises(InvalidRequest, match="YYYY-MM-DD"):
            await Contacts(sender).signals("v1.a", signal_types=["promotion"], start_date=start)

    async def test_more_than_a_hundred_records_are_refused(self, sender):
        with pytest.raises(InvalidRequest, match="bulk_"):
            await Contacts(sender).enrich([str(n) for n in range(101)], reveal=["emails"])


class TestProspecting:
    async def test_filters_as_structs_and_as_mappings_are_the_same_on_the_wire(self, sender):
        structs = ProspectingFilters(
            contacts=ContactFilter(include=ContactCriteria(job_titles=["CTO"], seniority_ids=[9])),
            companies=CompanyFilter(
                include=CompanyCriteria(sizes=[Range(min=51, max=200)], locations=[Place(country="Germany")]),
                exclude=CompanyCriteria(domains=["example.com"]),
            ),
        )
        snake = {
            "contacts": {"include": {"job_titles": ["CTO"], "seniority_ids": [9]}},
            "companies": {
                "include": {"sizes": [{"min": 51, "max": 200}], "locations": [{"country": "Germany"}]},
                "exclude": {"domains": ["example.com"]},
            },
        }
        camel = {
            "contacts": {"include": {"jobTitles": ["CTO"], "seniorityIds": [9]}},
            "companies": {
                "include": {"sizes": [Range(min=51, max=200)], "locations": [Place(country="Germany")]},
                "exclude": CompanyCriteria(domains=["example.com"]),
            },
        }
        contacts = Contacts(sender)
        for filters in (structs, snake, camel):
            await contacts.prospect(filters, page=3, size=50)
        bodies = [call.body for call in sender.calls]
        assert bodies[0] == bodies[1] == bodies[2]
        assert bodies[0]["pagination"] == {"page": 3, "size": 50}
        assert bodies[0]["filters"]["contacts"]["include"] == {"jobTitles": ["CTO"], "seniorityIds": [9]}

    async def test_options_are_sent_together(self, sender):
        await Contacts(sender).prospect(MARKETING, exclude_dnc=True, max_contacts_per_company=2)
        assert sender.last.body["options"] == {"excludeDnc": True, "maxContactsPerCompany": 2}

    @pytest.mark.parametrize(
        ("kind", "filters", "field"),
        [
            (
                Contacts,
                _include(locations=[{"countryIso2": "DE"}]),
                "filters.contacts.include.locations[0].country_iso2",
            ),
            (
                Companies,
                _firms(locations=[{"country_iso2": "DE"}]),
                "filters.companies.include.locations[0].country_iso2",
            ),
            (Contacts, _include(existing_data_points=["work_phone"]), "filters.contacts.include.existing_data_points"),
            (Companies, _firms(industries_labels=["Software"]), "filters.companies.include.industries_labels"),
            (Companies, _firms(funding={"is_ipo": True}), "filters.companies.include.funding"),
            (Contacts, _firms(search_text="cloud"), "filters.companies.include.search_text"),
            (Contacts, _include(search_text="x" * 201), "filters.contacts.include.search_text"),
            (Contacts, _include(score={"min_score": 60}), "filters.contacts.include"),
            (Contacts, _include(signals={"start_date": "soon"}), "filters.contacts.include.signals.start_date"),
            (Contacts, _firms(intent_min_score=0), "filters.companies.include.intent_min_score"),
            (Contacts, _firms(sizes=[{"min": 200, "max": 51}]), "filters.companies.include.sizes[0].max"),
            (Companies, MARKETING, "filters.companies.include"),
            (Companies, GERMANY | _include(emails=["jane@example.com"]), "filters.contacts.include.emails"),
        ],
    )
    async def test_what_the_live_api_refuses_or_ignores_is_refused_by_field(self, sender, kind, filters, field):
        with pytest.raises(InvalidRequest) as refused:
            await kind(sender).prospect(filters)
        assert refused.value.field == field
        assert not sender.calls

    @pytest.mark.parametrize("name", ["industries", "sics", "naics"])
    async def test_names_that_look_right_and_are_not_come_with_the_mend(self, sender, name):
        with pytest.raises(InvalidRequest, match=r"sic_codes|naics_codes|main_industries_ids"):
            await Companies(sender).prospect(_firms(**{name: ["x"]}))

    async def test_seniority_is_mended_to_its_ids(self, sender):
        with pytest.raises(InvalidRequest, match="seniority_ids"):
            await Contacts(sender).prospect(_include(seniority=["Director"]))

    async def test_a_string_where_a_list_belongs_is_refused(self, sender):
        with pytest.raises(InvalidRequest, match="jobTitles"):
            await Contacts(sender).prospect(
                ProspectingFilters(contacts=ContactFilter(include=ContactCriteria(job_titles="CTO")))
            )

    async def test_refinements_may_narrow_a_filter_of_companies(self, sender):
        await Contacts(sender).prospect(_include(score={"min_score": 60}) | _firms(domains=["example.com"]))
        assert sender.calls

    @pytest.mark.parametrize("pages", [{"size": 9}, {"size": 101}, {"page": -1}, {"page": 1001}])
    async def test_pages_have_bounds(self, sender, pages):
        with pytest.raises(InvalidRequest):
            await Contacts(sender).prospect(MARKETING, **pages)

    async def test_values_of_a_filter_are_not_repeated_in_an_error(self, sender):
        with pytest.raises(InvalidRequest) as refused:
            await Contacts(sender).prospect(_include(emails=["secret.person@example.com"], secret_person="x"))
        assert "secret.person@" not in str(refused.value)


class TestTheRest:
    async def test_seeds_are_sorted_by_the_strongest_thing_known(self, sender):
        await Contacts(sender).lookalikes(
            [
                {"id": "v1.a", "email": "a@example.com"},
                {"linkedin_url": "https://www.linkedin.com/in/example"},
                {"email": "b@example.com"},
                {"first_name": "Jane", "last_name": "Doe", "company_domain": "example.com"},
            ],
            exclude={"email": "c@example.com"},
            limit=7,
            dedupe_session_id="58adaa77-7a6e-4c9b-8c2d-820a6538e613",
        )
        assert sender.last.body == {
            "seeds": {
                "ids": ["v1.a"],
                "linkedinUrls": ["https://www.linkedin.com/in/example"],
                "emails": ["b@example.com"],
                "contacts": [{"firstName": "Jane", "lastName": "Doe", "companyDomain": "example.com"}],
            },
            "exclude": {"emails": ["c@example.com"]},
            "limit": 7,
            "dedupeSessionId": "58adaa77-7a6e-4c9b-8c2d-820a6538e613",
        }

    async def test_companies_are_seeds_by_domain_only(self, sender):
        companies = Companies(sender)
        await companies.lookalikes(CompanySeeds(linkedin_urls=["https://www.linkedin.com/company/example"]))
        with pytest.raises(InvalidRequest) as refused:
            await companies.lookalikes([{"domain": "example.com"}, {"name": "Example"}])
        assert (refused.value.index, refused.value.field) == (1, "domain")
        with pytest.raises(InvalidRequest, match="seeds is empty"):
            await companies.lookalikes(CompanySeeds())

    async def test_an_error_with_a_success_status_is_an_error(self, sender):
        sender.answers = [{"statusCode": 402, "message": "Not enough credits"}]
        with pytest.raises(APIError) as failed:
            await Companies(sender).lookalikes([{"domain": "example.com"}])
        assert failed.value.status == 402

    async def test_buying_group_takes_domain_or_id_and_says_how_many(self, sender):
        await Contacts(sender).buying_group(
            {"name": "Example", "domain": "example.com", "client_reference_id": "r"}, contacts_limit=5
        )
        assert sender.last.body == {
            "companies": [{"clientReferenceId": "r", "domain": "example.com"}],
            "contactsLimit": 5,
            "pagination": {"page": 0, "size": 100},
        }
        with pytest.raises(InvalidRequest):
            await Contacts(sender).buying_group({"name": "Example"}, contacts_limit=5)

    async def test_a_company_to_score_is_sent_with_one_identifier(self, sender):
        await Companies(sender).signal_scores(
            [
                {"id": "v1.c", "domain": "example.com"},
                {"domain": "example.com", "name": "Example"},
                {"email": "info@example.com", "name": "Example"},
                {"name": "Example", "client_reference_id": "4"},
            ]
        )
        assert sender.last.body["companies"] == [
            {"id": "v1.c"},
            {"domain": "example.com"},
            {"email": "info@example.com"},
            {"clientReferenceId": "4", "name": "Example"},
        ]
        with pytest.raises(InvalidRequest, match="256"):
            await Companies(sender).signal_scores({"domain": "example.com", "client_reference_id": "x" * 257})

    async def test_company_signals_carry_their_categories(self, sender):
        await Companies(sender).signals(
            "v1.c",
            signal_types=["linkedinActivityIntent"],
            start_date=date(2026, 1, 31),
            intent_categories=["Technology"],
        )
        assert sender.last.body == {
            "ids": ["v1.c"],
            "signalTypes": ["linkedinActivityIntent"],
            "startDate": "2026-01-31",
            "filters": {"include": {"intentCategories": ["Technology"]}},
        }

    @pytest.mark.parametrize(
        ("kind", "name"), [(Contacts, "locations"), (Companies, "technologies"), (Companies, "names")]
    )
    async def test_long_lists_of_values_are_searched(self, sender, kind, name):
        with pytest.raises(InvalidRequest, match="query"):
            await kind(sender).filter_values(name)
        with pytest.raises(InvalidRequest, match="2 to 256"):
            await kind(sender).filter_values(name, query="x")
        await kind(sender).filter_values(name, query="ger")
        assert sender.last.query == {"query": "ger"}
        assert sender.last.path == {"filter_type": name}

    async def test_visits_span_at_most_three_months_forwards(self, sender):
        companies = Companies(sender)
        await companies.website_visits(
            "example.com", start_date="2026-01-01", end_date=date(2026, 3, 31), sort_by="score"
        )
        assert sender.last.body["domains"] == ["example.com"]
        assert sender.last.body["sort"] == {"by": "score"}
        for start, end in (("2026-03-01", "2026-02-01"), ("2026-01-01", "2026-06-01")):
            with pytest.raises(InvalidRequest) as refused:
                await companies.website_visits("example.com", start_date=start, end_date=end)
            assert refused.value.field == "end_date"

    async def test_tables_of_both_kinds_share_their_methods_not_their_paths(self, sender):
        for kind, word in ((Contacts, "contacts"), (Companies, "companies")):
            tables = kind(sender).tables
            await tables.add("482910", ["v1.a"], owner="user@example.com")
            assert sender.last.name == f"POST /v3/{word}/tables/{{table_id}}/entities"
            assert sender.last.body == {"entityIds": ["v1.a"], "owner": {"email": "user@example.com"}}
            await tables.entities("482910", owner="user@example.com", page=2)
            assert sender.last.query == {"email": "user@example.com", "page": 2, "size": 100}
            await tables.get("482910")
            assert sender.last.query is None

    async def test_table_refusals_name_the_field(self, sender):
        tables = Contacts(sender).tables
        for call, field in (
            (tables.create("x", owner="nobody"), "owner"),
            (tables.add("1", ["a", "b"], owner="user@example.com", company_ids=["c"]), "company_ids"),
            (tables.run_column("1", "c1", run_scope="specific", owner="user@example.com"), "ids"),
            (tables.add_columns("1", [str(n) for n in range(11)], owner="user@example.com"), "columns"),
            (tables.list(owner="user@example.com", page=101), "page"),
        ):
            with pytest.raises(InvalidRequest) as refused:
                await call
            assert refused.value.field == field

    async def test_subscriptions_inherit_what_they_do_not_say(self, sender):
        subscriptions = Subscriptions(sender)
        await subscriptions.create(
            ["v1.c", NewSubscription(entity_id="v1.p", entity_type="contact", signal_types=("promotion",))],
            url="https://example.com/hook",
            entity_type="company",
            signal_types=["surgeInHiring"],
        )
        assert sender.last.body == {
            "defaults": {"url": "https://example.com/hook", "entityType": "company", "signalTypes": ["surgeInHiring"]},
            "subscriptions": [
                {"entityId": "v1.c"},
                {"entityId": "v1.p", "entityType": "contact", "signalTypes": ["promotion"]},
            ],
        }
        with pytest.raises(InvalidRequest) as refused:
            await subscriptions.create("v1.c", url="https://example.com/hook", entity_type="company")
        assert refused.value.field == "signal_types"
        with pytest.raises(InvalidRequest, match="https"):
            await subscriptions.create_opt_out("http://example.com/hook")

    async def test_lists_under_api_are_counted_in_items(self, sender):
        await Subscriptions(sender).list(limit=10, offset=20)
        assert sender.last.query == {"limit": 10, "offset": 20}
        await AuditLogs(sender).list(status="failed", subscription_id="s")
        assert sender.last.query == {"limit": 50, "offset": 0, "status": "failed", "subscriptionId": "s"}

    async def test_conversation_dates_are_days(self, sender):
        await Conversations(sender).search(company_domains="example.com", date_from=date(2026, 9, 1), size=25)
        assert sender.last.body == {
            "companyDomains": ["example.com"],
            "dateFrom": "2026-09-01",
            "page": 0,
            "pageSize": 25,
        }
        with pytest.raises(InvalidRequest):
            await Conversations(sender).search(size=101)

    async def test_an_id_that_would_leave_its_place_in_the_path_is_escaped_or_refused(self, sender):
        with pytest.raises(InvalidRequest):
            await Contacts(sender).jobs.get("..")
