"""What a run is made of: where it reads, what it asks, how it goes about it."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .intake import Intake
from .operation import BulkOperation

if TYPE_CHECKING:
    from ..resource import Sender
    from .report import RunReport
    from .safety import Safety

Item = TypeVar("Item")
Result = TypeVar("Result")
Source = Iterable[Item] | AsyncIterable[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup(Generic[Item, Result]):
    """The options of a run, checked. `BulkOptions` says what they mean."""

    sender: Sender
    operation: BulkOperation[Any, Result]
    source: Source[Item]
    request: Any
    concurrency: int | None
    chunk_size: int
    ordered: bool
    linger: float
    fold: int | None
    timeout: float | None
    max_wait: float | None
    allow_repeat: bool
    on_progress: Callable[[RunReport], None] | None
    safety: Safety

    def new_intake(self, *, remembers: bool) -> Intake[Item, Any, Result]:
        """Where its records go in."""
        return Intake(self.operation, self.request, chunk_size=self.chunk_size, fold=self.fold, remembers=remembers)

    def options(self) -> dict[str, Any]:
        """The options, as a bulk method takes them."""
        return {
            "concurrency": self.concurrency,
            "chunk_size": self.chunk_size,
            "ordered": self.ordered,
            "linger": self.linger,
            "fold": self.fold,
            "timeout": self.timeout,
            "max_wait": self.max_wait,
            "allow_repeat": self.allow_repeat,
            "typed": self.operation.typed,
            "on_progress": self.on_progress,
            **self.safety.options(),
        }
