# ruff: noqa: SIM905
"""A person's full name as first and last name. Pure code."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_TITLES = frozenset(
    "dr prof professor mr mrs ms miss mx sir dame lord lady rev hon ing dipl dott mag herr frau hr fr mme mlle m "
    "monsieur madame sr sra srta don dona".split()
)
_DEGREES = frozenset(
    "jr sr ii iii iv phd md mba msc ma ba bsc bs ms llm llb jd cpa cfa cissp pmp esq dds dvm pe rn mph mpa med "
    "cma cipp shrm shrmcp acca fca ca dba edd psyd".split()
)
_PARTICLES = frozenset(
    "van von vom zu zum zur der den de del della delle di da das do dos du des la le lo ten ter te 't op af av al el "
    "bin ibn ben bint abu st san santa mac".split()
)


class Name(NamedTuple):
    """Either part may be empty."""

    first: str
    last: str


def split_name(full: str) -> Name:
    """First and last name of a full name.

    "Last, First" is turned round; titles and degrees fall away; particles belong to the last name ("Ludwig van der
    Berg"); words in between belong to neither. Chinese, Japanese and Korean names with a space start with the family
    name. A single word is a first name: nobody can be found by it alone.
    """
    given, comma, rest = full.partition(",")
    family_first = False
    if comma:
        following = [word for word in rest.replace(",", " ").split() if not _is_degree(word)]
        if following:
            family = _plain_words(given)
            first = _without_titles(_plain_words(" ".join(following)))
            return Name(first[0] if first else "", " ".join(family))
    words = _without_titles(_plain_words(given))
    while len(words) > 2 and _is_degree(words[-1]):
        words.pop()
    if len(words) < 2:
        return Name(" ".join(words), "")
    family_first = len(words) == 2 and all(_is_east_asian(word) for word in words)
    if family_first:
        return Name(words[1], words[0])
    return Name(words[0], " ".join(words[_last_name_starts(words) :]))


def _last_name_starts(words: list[str]) -> int:
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold().rstrip(".") in _PARTICLES:
        start -= 1
    return start


def _plain_words(text: str) -> list[str]:
    """Words without what stands in brackets or double quotes: nicknames, pronouns, maiden names."""
    return re.sub(r"\([^)]*\)|\[[^\]]*\]|\"[^\"]*\"|[“«][^”»]*[”»]", " ", text).split()


def _without_titles(words: list[str]) -> list[str]:
    while len(words) > 1 and _bare(words[0]) in _TITLES:
        words = words[1:]
    return words


def _is_degree(word: str) -> bool:
    return _bare(word) in _DEGREES


def _bare(word: str) -> str:
    return re.sub(r"[.\-]", "", word).casefold()


def _is_east_asian(word: str) -> bool:
    return all(unicodedata.name(sign, "").startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL")) for sign in word)
