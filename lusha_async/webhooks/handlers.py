"""Which function an event goes to: by the name of its type, else by its class or one above it, else the fallback."""

from __future__ import annotations

import warnings
from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from typing import Any, TypeAlias, TypeVar, overload

from lusha_async.errors import WebhookError

from .events import SIGNALS, Event
from .optout import OPT_OUT, OptOut

Handler: TypeAlias = Callable[[Any], Awaitable[object] | object]
"""A function of one event, async or not. One that is not async runs in a thread."""

E = TypeVar("E", bound=Event)
H = TypeVar("H", bound=Handler)


class Handlers:
    """The registered functions, one for each kind of event. Registration closes when the receiver starts."""

    def __init__(self) -> None:
        self._by_name: dict[str, Handler] = {}
        self._by_class: dict[type[Event], Handler] = {}
        self._fallback: Handler | None = None
        self.closed = False

    @overload
    def on(
        self, kind: type[E], /, *kinds: type[E]
    ) -> Callable[[Callable[[E], Awaitable[object] | object]], Callable[[E], Awaitable[object] | object]]: ...

    @overload
    def on(self, kind: str, /, *kinds: str) -> Callable[[H], H]: ...

    def on(self, kind: str | type[Event], /, *kinds: str | type[Event]) -> Callable[[Any], Any]:
        """Register a function for types (``"promotion"``) or classes (`Promotion`, `CompanyNews`). See the receiver."""

        def register(handler: H) -> H:
            for each in (kind, *kinds):
                self._add(each, handler)
            return handler

        return register

    def fallback(self, handler: H) -> H:
        """Register the function for every event that no other takes."""
        self._check_open()
        if self._fallback is not None:
            raise ValueError("there is a fallback already")
        self._fallback = handler
        return handler

    def find(self, event: Event) -> Handler | None:
        """The function an event goes to."""
        if handler := self._by_name.get(event.type):
            return handler
        for kind in type(event).__mro__:
            if handler := self._by_class.get(kind):
                return handler
        return self._fallback

    @property
    def takes_opt_outs(self) -> bool:
        """Whether a function was registered for opt-outs by name or class; a fallback does not count."""
        return OPT_OUT in self._by_name or OptOut in self._by_class

    def _add(self, kind: str | type[Event], handler: Handler) -> None:
        self._check_open()
        if isinstance(kind, str):
            _warn_of_typo(kind)
            if kind in self._by_name:
                raise ValueError(f"there is a handler for {kind!r} already")
            self._by_name[kind] = handler
            return
        if kind is Event:
            raise ValueError("for all events use the fallback")
        if kind in self._by_class:
            raise ValueError(f"there is a handler for {kind.__name__} already")
        self._by_class[kind] = handler

    def _check_open(self) -> None:
        if self.closed:
            raise WebhookError("Handlers are registered before the receiver starts: an event may have passed already.")


def _warn_of_typo(name: str) -> None:
    known = [*SIGNALS, OPT_OUT]
    if name not in known and (close := get_close_matches(name, known, n=1, cutoff=0.85)):
        warnings.warn(f"no signal is known as {name!r}; did you mean {close[0]!r}?", stacklevel=5)
