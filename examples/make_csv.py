# ruff: noqa: SIM905, RUF001
"""Writes contacts.csv and companies.csv beside this file: invented lists as a CRM would export them.

Nobody in them exists: the names are drawn at random and every domain is reserved for examples. As in real exports there
are duplicates (some in another spelling), gaps, accents, and rows that lead to nobody. The same lists on every run.
"""

from __future__ import annotations

import csv
import random
import re
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
CONTACTS = 1_000
COMPANIES = 200

FIRST = """Ada Aiko Alma Amara Anaïs Anders Arjun Ayşe Beatriz Björn Bruno Camille Carlos Chiara Chloé Dagny Dario Edda
Elena Élodie Emeka Esra Fabian Fatima Felipe Freya Giulia Göran Greta Hannes Hélène Hugo Imani Inês Ingrid Isla Jana
João Jörg José Karim Keiko Kofi Lars Leïla Łukasz Lucía Magnus Marek Márta Mateo Milena Noa Núria Odile Oskar Paloma
Priya Rafael René Ronan Samir Siân Sofia Søren Stella Tomás Tuva Valeria Viktor Xiomara Yael Zeynep Zoë""".split()
LAST = """Abara Ålund Aoki Arslan Ashdown Azevedo Bellweather Bergqvist Birch Bouchard Brookfield Calloway Castellan
Chaudhry Coldwater Corrêa Dąbrowski Delacroix Demirel Drăgan Ekwall Engström Espinoza Fairweather Falkenrath Ferreira
Fjellheim Fontaine Friis Gonçalves Greenhalgh Grünwald Gutiérrez Hällström Hartwick Holloway Hrubý Ibarra Jørgensen
Kaplan-Ruiz Kjær Kovář Kowalczyk Lachance Langström Larkspur Lefèvre Lindqvist Løvstad Marchetti Marlowe Moreau Müller
Nakagawa Navarro Nightingale Nkosi Novák Núñez O'Hanlon Okonjo Oliveira Özdemir Papadakis Pemberton Piątek Quiroga
Ravensworth Rousseau Sæther Sakamoto Schäfer Serrano Sjöberg Solano Stormgaard Szabó Thornbury Tremblay Underhill
Vandermeer Verhoeven Voss Weissmann Wójcik Yıldız Zambrano Žižkov""".split()
CJK = [
    ("太郎", "星野", "taro.hoshino"),
    ("美咲", "月島", "misaki.tsukishima"),
    ("伟", "云山", "wei.yunshan"),
    ("芳", "青林", "fang.qinglin"),
    ("지우", "한별", "jiwoo.hanbyeol"),
    ("서준", "은하", "seojun.eunha"),
]
WORDS = """Amber Anchor Arbor Aurora Beacon Birch Blue Bright Cedar Cinder Cobalt Copper Coral Delta Drift Ember Falcon
Fern Flint Frost Garnet Glacier Granite Harbor Hazel Indigo Juniper Kestrel Lantern Larch Maple Meridian Mosaic Nimbus
Nordwind Onyx Orchard Osprey Pebble Prairie Quartz Raven River Saffron Slate Solstice Summit Tidal Timber Verdant Violet
Willow Zenith Zephyr""".split()
TRADES = """Analytics Biotech Capital Cloud Consulting Data Energy Foods Freight Gaming Health Hotels Labs Learning
Logistics Machines Materials Media Mobility Networks Optics Partners Payments Robotics Security Software Studios Systems
Telecom Textiles Travel Works""".split()
FORMS = ["", "", "", "", " GmbH", " Ltd", ", Inc.", " S.A.", " AB", " & Co."]
TITLES = [
    "Account Executive",
    "CEO",
    "CFO",
    "Chef de projet",
    "CTO",
    "Data Engineer",
    "Directora de Operaciones",
    "Geschäftsführerin",
    "Head of Sales",
    "HR Manager",
    "Leiter Einkauf",
    "Marketing Manager",
    "Product Owner",
    "Senior Buyer",
    "VP Engineering",
    "VP, Finance",
    'Manager ("interim")',
    "",
]
OWNERS = ["Mira Osei", "Jonas Varga", "Lina Zeller", ""]

CONTACT_HEADERS = [
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Company",
    "Website",
    "LinkedIn URL",
    "Title",
    "Owner",
]
COMPANY_HEADERS = ["Company Name", "Website", "Country", "Account Owner"]

Row = dict[str, str]


def plain(text: str) -> str:
    """A name as it stands in addresses: "Zoë" is zoe, "O'Hanlon" is ohanlon."""
    spelled = text.replace("æ", "ae").translate(str.maketrans("øłŁı", "olLi"))
    folded = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9-]", "", folded)


def company(dice: random.Random) -> tuple[str, str]:
    """The name and the domain of a company."""
    word, trade = dice.choice(WORDS), dice.choice(TRADES)
    return f"{word} {trade}{dice.choice(FORMS)}", f"{word}-{trade}".lower() + dice.choice([".example.com", ".example"])


def website(dice: random.Random, domain: str) -> str:
    """A domain as people write it."""
    return dice.choice([domain, f"www.{domain}", f"https://www.{domain}/", f"http://{domain}", ""])


def contact(dice: random.Random) -> Row:
    """A person, with one of the usual gaps."""
    first, last = dice.choice(FIRST), dice.choice(LAST)
    local = f"{plain(first)}.{plain(last)}"
    if dice.random() < 0.03:
        first, last, local = dice.choice(CJK)
    name, domain = company(dice)
    row = {"First Name": first, "Last Name": last, "Email": f"{local}@{domain}", "Company": name}
    row |= {"Website": website(dice, domain), "Title": dice.choice(TITLES), "Owner": dice.choice(OWNERS)}
    gap = dice.random()
    if gap < 0.20:
        row["Email"] = dice.choice(["", "", "", "n/a"])
    elif gap < 0.34:
        profile = f"{local.replace('.', '-')}-{dice.randrange(10_000):04d}"
        row |= {"Email": "", "LinkedIn URL": f"https://www.linkedin.com/in/{profile}"}
    elif gap < 0.40:
        row |= {"First Name": "", "Last Name": ""}
    elif gap < 0.42:
        row |= {"Email": "", "Company": "", "Website": ""}
    elif gap < 0.425:
        row |= {"Email": f"{local} at {domain}", "Last Name": ""}
    return row


def respelled(dice: random.Random, row: Row) -> Row:
    """The same person once more, as somebody else typed it."""
    again = dict(row)
    how = dice.randrange(4)
    if how == 0:
        again["Email"] = row.get("Email", "").upper()
    elif how == 1:
        again |= {name: row.get(name, "").upper() for name in ("First Name", "Last Name", "Company")}
    elif how == 2:
        again |= {name: f" {row.get(name, '')} " for name in ("First Name", "Email", "Company")}
    again |= {"Title": dice.choice(TITLES), "Owner": dice.choice(OWNERS)}
    return again


def contacts() -> list[Row]:
    """The contacts, in no particular order."""
    dice = random.Random(2026)
    rows: list[Row] = []
    while len(rows) < CONTACTS:
        known = bool(rows) and dice.random() < 0.08
        rows.append(respelled(dice, dice.choice(rows)) if known else contact(dice))
    return [{**row, "Record ID": str(51_000_000 + 37 * number)} for number, row in enumerate(rows)]


def companies() -> list[Row]:
    """The companies, in no particular order."""
    dice = random.Random(2027)
    rows: list[Row] = []
    while len(rows) < COMPANIES:
        name, domain = company(dice)
        row = {"Company Name": name, "Website": website(dice, domain), "Account Owner": dice.choice(OWNERS)}
        row["Country"] = dice.choice(["Deutschland", "España", "France", "Österreich", "Türkiye", "United States", ""])
        if rows and dice.random() < 0.08:
            row = {**dice.choice(rows), "Account Owner": dice.choice(OWNERS)}
            row |= {"Company Name": row["Company Name"].upper(), "Website": row["Website"].upper()}
        elif dice.random() < 0.015:
            row |= {"Company Name": "", "Website": dice.choice(["", "n/a"])}
        rows.append(row)
    return rows


def write(path: Path, headers: list[str], rows: list[Row]) -> None:
    """One CSV file, in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, headers, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write(HERE / "contacts.csv", CONTACT_HEADERS, contacts())
    write(HERE / "companies.csv", COMPANY_HEADERS, companies())
