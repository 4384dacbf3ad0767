# ruff: noqa: SIM905, RUF001
"""The words the invented world is made of. Nobody here exists."""

from __future__ import annotations

from typing import Any, NamedTuple

FIRST_NAMES: tuple[str, ...] = tuple(
    "Ada Aiko Alma Amara Ana Anaïs Anders Anouk Arjun Asha Ayşe Beatriz Björn Bruno Camille Carlos Chiara Chloé Clara "
    "Dagny Daniela Dario Dmitri Edda Eitan Elena Élodie Emeka Emil Erik Esra Eva Fabian Farah Fatima Felipe Filip "
    "Freya Gabriel Giulia Göran Greta Hana Hannes Hélène Hugo Ilona Imani Inês Ingrid Irina Isla Ivo Jana Jens Joana "
    "João Jonas Jörg José Juno Kaito Karim Katya Keiko Kemal Kofi Kristýna Lars Leïla Leon Lina Łukasz Luis Lucía "
    "Magnus Maja Malik Marek Mariam Márta Mateo Mei Mika Milena Miguel Mira Moana Nadia Nils Noa Noor Núria Odile "
    "Olga Oskar Paloma Pavel Petra Priya Rafael Ramona Ravi René Rina Ronan Rosa Rune Sahar Samir Sanna Santiago "
    "Selma Shira Siân Sofia Søren Stella Svea Tara Tomás Theo Tuva Uma Ursula Valeria Vera Viktor Wanda Xiomara Yael "
    "Yara Yuki Zara Zeynep Zoë".split()
)

LAST_NAMES: tuple[str, ...] = tuple(
    "Abara Adeyemi Ålund Amsel Andrade Aoki Arslan Ashdown Azevedo Baptiste Barros Bellweather Benatar Bergqvist "
    "Birch Blomdahl Bouchard Brandvold Brookfield Cabrera Calloway Castellan Chaudhry Cheval Coldwater Corrêa "
    "Dąbrowski Delacroix Demirel Dombrowa Drăgan Dunmore Ekwall Elmsworth Engström Espinoza Faraday Fairweather "
    "Falkenrath Ferreira Fjellheim Fontaine Friis Galanis Garrick Gjerde Gonçalves Greenhalgh Grünwald Gutiérrez "
    "Hällström Hartwick Hasegawa Holloway Hrubý Ibarra Ilves Itō Jankowska Jarvela Jørgensen Kaplan-Ruiz Karimov "
    "Kettleburn Kimura Kjær Kobayashi Kovář Kowalczyk Lachance Langström Larkspur Lefèvre Lindqvist Løvstad Marchetti "
    "Marlowe Mbeki-Stone Medeiros Moreau Müller Nakagawa Navarro Nightingale Nkosi Nordahl Novák Núñez O'Hanlon "
    "Okonjo Oliveira Osei Özdemir Pàmies Papadakis Patel-Reed Pemberton Petrov Piątek Quarles Quiroga Rahmani "
    "Ramires Ravensworth Rezende Rousseau Rybakov Sæther Sakamoto Saldanha Santoro Schäfer Sedláček Serrano Shimizu "
    "Silverwood Sjöberg Solano Stenmark Stormgaard Szabó Tanizaki Tavares Thornbury Tremblay Tsukuda Ulvang Underhill "
    "Vandermeer Varga Vasquez Verhoeven Vialle Voss Wainwright Weissmann Wójcik Yamane Yıldız Zambrano Zeller "
    "Žižkov Zubair".split()
)

COMPANY_FIRST: tuple[str, ...] = tuple(
    "Amber Anchor Arbor Aster Aurora Beacon Birch Blue Bridge Bright Cedar Cinder Clear Cobalt Copper Coral Crest "
    "Delta Drift Echo Elm Ember Falcon Fern Field Flint Forge Frost Garnet Glacier Granite Harbor Hazel Helio Indigo "
    "Iron Ivory Juniper Kestrel Lantern Larch Lumen Maple Meridian Mosaic Nimbus Nordwind Oak Onyx Opal Orchard "
    "Osprey Pebble Pine Prairie Quartz Quill Raven Ridge River Rowan Saffron Sage Silver Slate Solstice Spruce "
    "Sterling Summit Tamarack Tidal Timber Umber Vale Verdant Violet Walnut Willow Zenith Zephyr".split()
)

COMPANY_SECOND: tuple[str, ...] = tuple(
    "Analytics Biotech Capital Cloud Consulting Data Devices Dynamics Energy Engineering Finance Foods Freight "
    "Fabrics Gaming Health Hotels Insurance Interactive Labs Learning Logistics Machines Materials Media Mobility "
    "Networks Optics Partners Pharma Payments Robotics Retail Security Semiconductors Software Studios Systems "
    "Telecom Textiles Travel Ventures Works".split()
)

DEPARTMENTS: tuple[str, ...] = (
    "Business Development",
    "Consulting",
    "Customer Service",
    "Engineering & Technical",
    "Finance",
    "General Management",
    "Health Care & Medical",
    "Human Resources",
    "Information Technology",
    "Legal",
    "Marketing",
    "Operations",
    "Other",
    "Product",
    "Research & Analytics",
    "Sales",
)

SENIORITIES: dict[str, int] = {
    "Founder": 10,
    "C-Suite": 9,
    "Vice President": 8,
    "Partner": 7,
    "Director": 6,
    "Manager": 5,
    "Senior": 4,
    "Non-Manager": 3,
    "Intern": 2,
    "Other": 1,
}
"""Seniority names and the numbers the filters know them by."""

_TITLES = {
    "Founder": "Founder",
    "C-Suite": "Chief {} Officer",
    "Vice President": "Vice President of {}",
    "Partner": "Partner, {}",
    "Director": "Director of {}",
    "Manager": "{} Manager",
    "Senior": "Senior {} Specialist",
    "Non-Manager": "{} Specialist",
    "Intern": "{} Intern",
    "Other": "{} Advisor",
}
_SENIORITY_WEIGHTS = {"Manager": 4, "Non-Manager": 5, "Senior": 3, "Director": 3, "Vice President": 2}


class Job(NamedTuple):
    """What somebody does."""

    title: str
    department: str
    seniority: str


JOBS: tuple[Job, ...] = tuple(
    Job(_TITLES[seniority].format(department), department, seniority)
    for seniority in SENIORITIES
    for department in DEPARTMENTS
    for _ in range(_SENIORITY_WEIGHTS.get(seniority, 1))
)


class Place(NamedTuple):
    """A city, and what the API says about it."""

    city: str
    state: str
    state_code: str
    country: str
    iso2: str
    continent: str
    longitude: float
    latitude: float
    eu: bool
    area_code: str

    def fields(self) -> dict[str, Any]:
        """The address part, with what does not apply left out."""
        fields = {
            "city": self.city,
            "state": self.state,
            "stateCode": self.state_code,
            "country": self.country,
            "countryIso2": self.iso2,
            "continent": self.continent,
        }
        return {name: value for name, value in fields.items() if value}


PLACES: tuple[Place, ...] = (
    Place("New York City", "New York", "NY", "United States", "US", "North America", -74.006, 40.7128, False, "1212"),
    Place("Boston", "Massachusetts", "MA", "United States", "US", "North America", -71.0598, 42.3584, False, "1617"),
    Place("Austin", "Texas", "TX", "United States", "US", "North America", -97.7431, 30.2672, False, "1512"),
    Place("Chicago", "Illinois", "IL", "United States", "US", "North America", -87.6298, 41.8781, False, "1312"),
    Place("Seattle", "Washington", "WA", "United States", "US", "North America", -122.3321, 47.6062, False, "1206"),
    Place("Denver", "Colorado", "CO", "United States", "US", "North America", -104.9903, 39.7392, False, "1303"),
    Place("Toronto", "Ontario", "ON", "Canada", "CA", "North America", -79.3832, 43.6532, False, "1416"),
    Place("Montréal", "Québec", "QC", "Canada", "CA", "North America", -73.5673, 45.5017, False, "1514"),
    Place("London", "England", "", "United Kingdom", "GB", "Europe", -0.1278, 51.5074, True, "4420"),
    Place("Leeds", "England", "", "United Kingdom", "GB", "Europe", -1.5491, 53.8008, True, "44113"),
    Place("Dublin", "", "", "Ireland", "IE", "Europe", -6.2603, 53.3498, True, "3531"),
    Place("Berlin", "Berlin", "BE", "Germany", "DE", "Europe", 13.405, 52.52, True, "4930"),
    Place("München", "Bayern", "BY", "Germany", "DE", "Europe", 11.582, 48.1351, True, "4989"),
    Place("Paris", "Île-de-France", "", "France", "FR", "Europe", 2.3522, 48.8566, True, "331"),
    Place("Lyon", "", "", "France", "FR", "Europe", 4.8357, 45.764, True, "334"),
    Place("Madrid", "", "", "Spain", "ES", "Europe", -3.7038, 40.4168, True, "3491"),
    Place("Lisboa", "", "", "Portugal", "PT", "Europe", -9.1393, 38.7223, True, "35121"),
    Place("Amsterdam", "", "", "Netherlands", "NL", "Europe", 4.9041, 52.3676, True, "3120"),
    Place("Stockholm", "", "", "Sweden", "SE", "Europe", 18.0686, 59.3293, True, "468"),
    Place("København", "", "", "Denmark", "DK", "Europe", 12.5683, 55.6761, True, "453"),
    Place("Warszawa", "", "", "Poland", "PL", "Europe", 21.0122, 52.2297, True, "4822"),
    Place("Praha", "", "", "Czechia", "CZ", "Europe", 14.4378, 50.0755, True, "4202"),
    Place("Tel Aviv", "", "", "Israel", "IL", "Asia", 34.7818, 32.0853, False, "9723"),
    Place("Bengaluru", "Karnataka", "KA", "India", "IN", "Asia", 77.5946, 12.9716, False, "9180"),
    Place("Tokyo", "", "", "Japan", "JP", "Asia", 139.6503, 35.6762, False, "813"),
    Place("Singapore", "", "", "Singapore", "SG", "Asia", 103.8198, 1.3521, False, "65"),
    Place("Sydney", "New South Wales", "NSW", "Australia", "AU", "Oceania", 151.2093, -33.8688, False, "612"),
    Place("São Paulo", "São Paulo", "SP", "Brazil", "BR", "South America", -46.6333, -23.5505, False, "5511"),
    Place("Bogotá", "", "", "Colombia", "CO", "South America", -74.0721, 4.711, False, "571"),
    Place("Nairobi", "", "", "Kenya", "KE", "Africa", 36.8219, -1.2921, False, "25420"),
)

COUNTRIES: tuple[str, ...] = tuple(sorted({place.country for place in PLACES}))


class Industry(NamedTuple):
    """A main industry with one of its sub-industries and their codes."""

    id: int
    main: str
    sub_id: int
    sub: str
    sic: int
    sic_text: str
    naics: int
    naics_text: str


INDUSTRIES: tuple[Industry, ...] = (
    Industry(17, "Technology, Information & Media", 98, "Software Development", 7371, "Programming services", 541511,
             "Custom programming services"),
    Industry(17, "Technology, Information & Media", 101, "Internet & Data", 7374, "Data processing", 518210,
             "Computing infrastructure"),
    Industry(6, "Finance", 31, "Banking", 6021, "Commercial banks", 522110, "Commercial banking"),
    Industry(6, "Finance", 34, "Insurance", 6411, "Insurance agents", 524210, "Insurance brokerages"),
    Industry(8, "Health Care", 41, "Hospitals & Clinics", 8062, "Hospitals", 622110, "General hospitals"),
    Industry(8, "Health Care", 44, "Biotechnology", 8731, "Physical research", 541714, "Biotechnology research"),
    Industry(11, "Manufacturing", 61, "Machinery", 3559, "Special machinery", 333248, "Industrial machinery"),
    Industry(11, "Manufacturing", 64, "Food & Beverages", 2099, "Food preparations", 311999, "Food manufacturing"),
    Industry(14, "Retail", 78, "Online Retail", 5961, "Mail-order houses", 454110, "Electronic shopping"),
    Industry(19, "Transportation & Logistics", 110, "Freight", 4731, "Freight arrangement", 488510, "Freight brokers"),
    Industry(5, "Education", 25, "E-Learning", 8299, "Schools", 611710, "Educational support"),
    Industry(2, "Business Services", 12, "Consulting", 8742, "Management consulting", 541611, "Management consulting"),
)  # fmt: skip

SIZES: tuple[tuple[int, int | None], ...] = (
    (1, 10), (11, 50), (51, 200), (201, 500), (501, 1_000), (1_001, 5_000), (5_001, 10_000), (10_001, 100_000),
    (100_001, None),
)  # fmt: skip
"""Bands of head count; the last has no upper end."""

REVENUES: tuple[tuple[int, int | None], ...] = (
    (1, 1_000_000), (1_000_000, 5_000_000), (5_000_000, 10_000_000), (10_000_000, 50_000_000),
    (50_000_000, 100_000_000), (100_000_000, 250_000_000), (250_000_000, 500_000_000), (500_000_000, 1_000_000_000),
    (1_000_000_000, 10_000_000_000), (10_000_000_000, 100_000_000_000), (100_000_000_000, None),
)  # fmt: skip

TECHNOLOGIES: tuple[str, ...] = tuple(
    "Apache Kafka|Basalt CRM|Cumulus|Docker|Elastic|Fluent Mail|GraphQL|Heron Analytics|Java|Kubernetes|Linux|"
    "Node.js|Orbit ERP|PostgreSQL|Python|React|Redis|Rust|Snowdrift|Tiller Pay|TypeScript|Vantage BI".split("|")
)

INTENT_TOPICS: tuple[tuple[str, str], ...] = (
    ("Technology", "Cloud Migration"),
    ("Technology", "Data Enrichment"),
    ("Technology", "Zero Trust Security"),
    ("Marketing", "Account Based Marketing"),
    ("Marketing", "Marketing Automation"),
    ("Finance", "Accounts Payable Automation"),
    ("Finance", "Fraud Detection"),
    ("Human Resources", "Applicant Tracking"),
    ("Operations", "Freight Management"),
    ("Sales", "Sales Intelligence"),
)

KEYWORDS: tuple[str, ...] = tuple(
    "automation benchmarking collaboration compliance data-quality forecasting integration onboarding pricing "
    "procurement reporting scheduling sustainability workflow".split()
)

DATA_POINTS: tuple[str, ...] = ("work_email", "private_email", "phone", "mobile_phone", "direct_phone")
"""What contact prospecting can demand that a contact has."""

FREE_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "proton.me", "gmx.de"})
"""Mailboxes that say nothing about an employer."""
