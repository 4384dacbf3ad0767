"""CSV cells that a spreadsheet would run as formulas, made harmless. Pure code."""

from __future__ import annotations

import re

_STARTERS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001 - the wide forms are what is looked for
_HARMLESS = re.compile(r"[+-]?[\d\s().,/-]*(?:[eE][+-]?\d+)?(?:\s*(?:ext|x)\.?\s*\d+)?%?")
"""Numbers and phone numbers: "+1 555 0100" has to stay what it is."""


def harmless(cell: str) -> str:
    """`cell`, with an apostrophe in front if a spreadsheet would take it for a formula."""
    if cell[:1] not in _STARTERS or not cell or _HARMLESS.fullmatch(cell):
        return cell
    return "'" + cell
