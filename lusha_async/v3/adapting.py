"""Senders around the sender, for bulk runs of operations whose answers do not name their records.

The engine matches by reference. Some answers speak of records by their place in the call, or list only those that
failed; an adapter knows what was sent, and puts the references in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..endpoint import Endpoint
    from ..resource import Reply, Sender


class Packed(NamedTuple):
    """A body, and the references of the records in it, in order."""

    body: Any
    references: Sequence[str]


class Adapter:
    """A sender that takes `Packed` bodies and turns each answer into one that names its records."""

    def __init__(
        self, sender: Sender, adapt: Callable[[Any, Sequence[str]], Any], *, path: Mapping[str, str] | None = None
    ) -> None:
        self._sender = sender
        self._adapt = adapt
        self._path = path

    async def send(self, endpoint: Endpoint[Any], *, body: Any = None, **options: Any) -> Reply[Any]:
        """As the sender it wraps."""
        packed: Packed = body
        reply = await self._sender.send(endpoint, path=self._path, body=packed.body, **options)
        return replace(reply, data=self._adapt(reply.data, packed.references))
