"""Which column of a file holds what: recognised by the usual names of CRM exports, or told with --map. Pure code."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .refusal import Refused, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

FULL_NAME = "full_name"
"""Not a field of the API: split into first and last name."""

CONTACT_HEADERS: Mapping[str, tuple[str, ...]] = {
    "email": (
        "work email, work email address, business email, company email, corporate email, professional email, "
        "email work, email, email address, e mail, mail, email 1, email 1 value, email address 1, email value, "
        "e mail adresse, email adresse, adresse e mail, adresse mail, courriel, correo, correo electronico, "
        "indirizzo email, e mailadres, email other, other email, email 2, email 2 value, email address 2, "
        "e mail 2 address, secondary email, email home, home email, personal email, private email",
    ),
    "linkedin_url": (
        "linkedin url, linkedin profile url, linkedin profile, linkedin, linkedin link, linkedin public url, "
        "linkedin public profile url, public profile url, linkedin bio, linkedin page, linkedin address, li url, "
        "linkedin member url, linkedin profil, default profile url, profile url, profile link, profile, "
        "sales navigator url, sales navigator profile url, sales nav url, url",
    ),
    "first_name": (
        "first name, given name, forename, fname, first, preferred name, vorname, prenom, nombre, nome, voornaam, "
        "fornavn, fornamn",
    ),
    "last_name": (
        "last name, surname, family name, lname, last, nachname, familienname, nom de famille, nom, apellido, "
        "apellidos, cognome, sobrenome, achternaam, etternavn, efternavn, efternamn",
    ),
    FULL_NAME: (
        "full name, name, display name, complete name, first and last name, first last, file as, contact, person, "
        "vollstandiger name, nom complet, nombre completo, nome completo",
    ),
    "company_name": (
        "company, company name, company table company name, account name, account, organization, organisation, "
        "organization name, organisation name, organization 1 name, employer, employer name, current company, "
        "current company name, current employer, associated company, business name, business, firma, firmenname, "
        "unternehmen, entreprise, societe, empresa, azienda, bedrijf, bedrijfsnaam, foretag, virksomhed",
    ),
    "company_domain": (
        "company domain, company domain name, domain, domain name, email domain, website domain, company website, "
        "company website url, company web site, company url, account website, account domain, organization website, "
        "organization url, organization domain, corporate website, website, website url, web site, web page, webpage, "
        "web, homepage, website 1 value, business website, webseite, internetseite, site web, sitio web, sito web",
    ),
    "id": ("lusha id, lusha contact id, lusha person id",),
}
"""The headers that are recognised for each field of a contact, the better ones first. Case, spaces and punctuation
make no difference; neither do leading words such as "Contact:" or "Primary" (`_OBJECTS`)."""

COMPANY_HEADERS: Mapping[str, tuple[str, ...]] = {
    "domain": (
        *CONTACT_HEADERS["company_domain"],
        "company homepage url, website address, url, web address, internet address, primary domain, root domain",
    ),
    "name": (*CONTACT_HEADERS["company_name"], "name, legal name, company legal name, trading name, nom, nombre, nome"),
    "id": ("lusha id, lusha company id",),
}
"""The same for a company."""

_OBJECTS = ("contact", "person", "lead", "prospect", "candidate", "primary", "hs")
"""Words in front that say whose field it is: Pipedrive's "Person - Email", Salesforce's "Contact: Email"."""

_LOOKS_LIKE_DATA = re.compile(r"\S@\S+\.\S|https?://|linkedin\.com/|\d{6}")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns each field is taken from: the first that is filled in a row counts."""

    of: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        return "; ".join(
            f"{field} from {', else '.join(_quoted(name) for name in names)}" for field, names in self.of.items()
        )


def recognise(
    headers: Sequence[str], known: Mapping[str, tuple[str, ...]], told: Mapping[str, tuple[str, ...]]
) -> Columns:
    """The columns to use among `headers`. What `told` says of a field goes before what is recognised.

    Raises `Refused` when `told` names a column that is not there.
    """
    by_plain = _by_plain(headers)
    taken = {_find(column, field, headers) for field, columns in told.items() for column in columns}
    found: dict[str, tuple[str, ...]] = {}
    for field, aliases in known.items():
        if field in told:
            found[field] = tuple(_find(column, field, headers) for column in told[field])
            continue
        hits = dict.fromkeys(header for alias in _names(aliases) for header in by_plain.get(alias, ()))
        columns = tuple(header for header in hits if header not in taken)
        if columns:
            found[field] = columns
            taken.update(columns)
    return Columns(found)


def parse_map(options: Iterable[str], known: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What the `--map FIELD=COLUMN` options say. Raises `Refused` for a field that does not exist."""
    told: dict[str, tuple[str, ...]] = {}
    for option in options:
        field, sign, column = option.partition("=")
        field = field.strip().replace("-", "_").lower()
        column = column.strip()
        if len(column) > 1 and column[0] == column[-1] and column[0] in "\"'":
            column = column[1:-1]
        if not sign or not column:
            raise Refused('--map wants FIELD=COLUMN, for example --map email="Work Email".')
        if field not in known:
            near = nearest(field, known)
            meant = f" Did you mean {near}?" if near else ""
            raise Refused(f"--map knows no field {_shown(field)}: there are {', '.join(known)}.{meant}")
        told[field] = (*told.get(field, ()), column)
    return told


def check_headers(headers: Sequence[str], source: str) -> None:
    """Refuse a header line that is none, or names two columns alike."""
    for place, header in enumerate(headers, start=1):
        if _LOOKS_LIKE_DATA.search(header):
            raise Refused(
                f"{source}: the first line holds data where column names should stand (column {place}): "
                "put a line of column names above it."
            )
    seen: dict[str, int] = {}
    for place, header in enumerate(headers, start=1):
        if header in seen:
            raise Refused(
                f"{source}: two columns are called {_quoted(header)} ({seen[header]} and {place}): rename one of them."
            )
        seen[header] = place


def require(columns: Columns, headers: Sequence[str], *, source: str, company: bool) -> None:
    """Refuse a file in which no row could ever be matched, saying what was found and what is wanted."""
    of = columns.of
    if company:
        enough = bool(of)
        wanted = "a website or domain, or a company name"
        known: Mapping[str, tuple[str, ...]] = COMPANY_HEADERS
    else:
        named = FULL_NAME in of or ("first_name" in of and "last_name" in of)
        employed = "company_name" in of or "company_domain" in of
        enough = any(field in of for field in ("email", "linkedin_url", "id")) or (named and employed)
        wanted = "an e-mail address, a LinkedIn URL, or first and last name with a company"
        known = CONTACT_HEADERS
    if enough:
        return
    shown = ", ".join(_quoted(header) for header in headers[:20]) + (", ..." if len(headers) > 20 else "")
    used = f" Recognised: {columns}." if of else ""
    raise Refused(
        f"{source}: no columns to look up rows by. Found: {shown or 'none'}.{used} Needed: {wanted}. "
        f"{_suggestion(headers, columns, known)}"
    )


def _suggestion(headers: Sequence[str], columns: Columns, known: Mapping[str, tuple[str, ...]]) -> str:
    used = {name for names in columns.of.values() for name in names}
    for field, aliases in known.items():
        plain = _names(aliases)
        for header in headers:
            if header not in used and field not in columns.of and nearest(_plain(header), plain, cutoff=0.75):
                return f"Is it --map {field}={_quoted(header)}?"
    return f'Say which with --map {next(iter(known))}="Name of the Column".'


def _find(column: str, field: str, headers: Sequence[str]) -> str:
    if column in headers:
        return column
    alike = [header for header in headers if _plain(header) == _plain(column)]
    if len(alike) == 1:
        return alike[0]
    near = nearest(column, headers)
    meant = f" Did you mean {_quoted(near)}?" if near else ""
    raise Refused(f"--map {field}: there is no column {_quoted(column)} in the input.{meant}")


def _by_plain(headers: Sequence[str]) -> dict[str, list[str]]:
    """The headers by how they are compared: whole, and after those without the words that say whose field it is."""
    found: dict[str, list[str]] = {}
    for header in headers:
        found.setdefault(_plain(header), []).append(header)
    for header in headers:
        plain = _plain(header)
        for word in _OBJECTS:
            if plain.startswith(word) and len(plain) > len(word):
                found.setdefault(plain[len(word) :], []).append(header)
    return found


def _names(aliases: tuple[str, ...]) -> list[str]:
    return [_plain(name) for line in aliases for name in line.split(",")]


def _plain(text: str) -> str:
    """Letters and digits only, without accents, in lower case."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if sign.isalnum())


def _quoted(header: str) -> str:
    return f'"{_shown(header)}"'


def _shown(text: str) -> str:
    """A header for a message: short, printable, and not repeated when it could be somebody's data."""
    if _LOOKS_LIKE_DATA.search(text):
        return "(looks like data)"
    printable = "".join(sign if sign.isprintable() else " " for sign in text)
    return printable if len(printable) <= 40 else printable[:37] + "..."
