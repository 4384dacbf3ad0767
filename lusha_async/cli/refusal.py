"""The one way to end a command with a sentence and a code."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from .exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterable


class Refused(Exception):
    """Shown as one sentence on stderr. Names files, rows and columns; never repeats what stands in a cell."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.INPUT) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word that `word` was probably meant to be."""
    by_fold = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=cutoff)
    return by_fold[close[0]] if close else None
