"""What becomes of a record: exactly one `Outcome`, whatever happens to its chunk."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

import msgspec

from ..errors import LushaError
from ..inflate import Packed

Item = TypeVar("Item")
Result = TypeVar("Result")


class Status(enum.StrEnum):
    """How it ended for a record."""

    FOUND = "found"
    """Lusha has it: `result` holds it."""
    NOT_FOUND = "not_found"
    """Lusha has nothing under these identifiers."""
    RESTRICTED = "restricted"
    """Blocked for legal reasons (451, COMPLIANCE_RESTRICTED). Do not ask again."""
    INVALID = "invalid"
    """Refused before sending, or by the API when it stood alone. `error` says what to mend."""
    FAILED = "failed"
    """Asked and not answered with data; nothing is known to be charged. May be tried again."""
    UNKNOWN = "unknown"
    """Sent, and no readable answer came back: it may have been charged."""
    NOT_SENT = "not_sent"
    """Never asked: a budget, a quota or an error ended the run first."""


class Layout(NamedTuple):
    """Where in an answer its items stand."""

    path: tuple[str, ...]
    """The keys that lead from the root to the list, or to the object, of items."""


RESULTS = Layout(("results",))
"""Where nearly all answers of V3 have them."""


def split(body: bytes, layout: Layout) -> Mapping[int | str, msgspec.Raw]:
    """The items of an answer as raw JSON, by position in a list or by key in an object; nothing for a strange body."""
    try:
        held: Any = _splitter(layout).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    for _ in layout.path:
        held = held.held
    items: dict[int | str, msgspec.Raw] | list[msgspec.Raw] = held
    return items if isinstance(items, dict) else dict(enumerate(items))


@cache
def _splitter(layout: Layout) -> msgspec.json.Decoder[Any]:
    """Reads an answer once, and nothing of it but where its items begin and end."""
    kind: Any = list[msgspec.Raw] | dict[str, msgspec.Raw]
    for key in reversed(layout.path):
        kind = msgspec.defstruct("Around", [("held", kind, msgspec.field(name=key))])
    return msgspec.json.Decoder(kind)


def around(layout: Layout, items: Sequence[bytes], *, keyed: bool = False) -> bytes:
    """The reverse of `split`: an answer around items, in a list or (`keyed`) in an object under their numbers."""
    if keyed:
        body = b"{" + b",".join(b'"%d":%b' % (n, item) for n, item in enumerate(items)) + b"}"
    else:
        body = b"[" + b",".join(items) + b"]"
    for name in reversed(layout.path):
        body = b"{" + msgspec.json.encode(name) + b":" + body + b"}"
    return body


class Answer:
    """The bytes of one answer, unpacked and split into its items only when somebody looks."""

    __slots__ = ("_body", "_items", "_layout", "_of_lines")

    def __init__(self, body: bytes | Packed, layout: Layout) -> None:
        self._body = body
        self._layout = layout
        self._items: Mapping[int | str, msgspec.Raw] | None = None
        self._of_lines = False

    def item(self, place: int | str) -> bytes | None:
        """The JSON of the item at `place`, exactly as it came."""
        item = self._split().get(place)
        return None if item is None else bytes(item)

    def on_one_line(self, place: int | str) -> bytes | msgspec.Raw | None:
        """The JSON of the item at `place` without line ends: a view of the answer, not a copy, where it has none."""
        item = self._split().get(place)
        return msgspec.json.format(bytes(item), indent=-1) if self._of_lines and item is not None else item

    def _split(self) -> Mapping[int | str, msgspec.Raw]:
        if self._items is None:
            body = self._body.unpacked() if isinstance(self._body, Packed) else self._body
            self._of_lines = b"\n" in body or b"\r" in body  # first: a ledger's thread may be looking, too
            self._items = split(body, self._layout)
        return self._items


class Outcome(msgspec.Struct, Generic[Item, Result], frozen=True, gc=False, eq=False):
    """What became of one record of the source."""

    index: int
    """Its place in the source, from 0."""
    item: Item
    """The record as it was given."""
    status: Status
    result: Result | None = None
    """The typed data, when found, unless the run was told ``typed=False``."""
    error: LushaError | None = None
    """Why it is not found, where there is a why."""
    credits: float | None = None
    """Credits charged for this record alone, where the API says so."""
    duplicate_of: int | None = None
    """Index of the record that was sent in its place: the same person or company stood there first."""
    answer: Answer | None = None
    """The whole answer this result came in, shared by its chunk."""
    place: int | str | None = None
    """Where in the answer it stands."""
    from_ledger: bool = False
    """Whether the ledger knew it, and nothing was asked or paid for it now. With ``keep="keys"`` no `result` then."""

    @property
    def raw(self) -> bytes | None:
        """The JSON of this record's result exactly as it came, unknown fields included; None when nothing came."""
        return self.answer.item(self.place) if self.answer is not None and self.place is not None else None

    @property
    def raw_on_one_line(self) -> bytes | msgspec.Raw | None:
        """`raw` for formats with a record a line, without a copy: something that can be joined with bytes."""
        return self.answer.on_one_line(self.place) if self.answer is not None and self.place is not None else None

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        shown: list[tuple[str, Any]] = [("index", self.index), ("status", self.status.value)]
        if self.error is not None:
            shown.append(("error", type(self.error).__name__))
        if self.duplicate_of is not None:
            shown.append(("duplicate_of", self.duplicate_of))
        if self.from_ledger:
            shown.append(("from_ledger", True))
        return shown

    def __repr__(self) -> str:
        return f"Outcome({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"
