"""One API operation as data. Each is declared once, beside the resource that uses it; `endpoints()` lists them all."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote

from .errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")


class Repeat(enum.Enum):
    """What it costs to send a call again when its outcome is unknown. Decides whether a retry is allowed."""

    FREE = "free"
    """Reads: nothing is charged, nothing changes."""
    CHEAP = "cheap"
    """Enrichment: revealed data points are not charged twice, and not asking again would forfeit them."""
    COSTLY = "costly"
    """Prospecting, lookalikes, signals: charged per result each time."""
    NEVER = "never"
    """Creating, adding, deleting, rotating: a second time is a second change."""


class LimitGroup(enum.Enum):
    """Which of the API's short windows a call counts against."""

    ENDPOINT = "endpoint"
    """25 requests in any second, each endpoint for itself."""
    USAGE = "usage"
    """Account usage: 5 a minute, both generations together."""
    WEBHOOKS = "webhooks"
    """Webhook management under /api: 100 a minute, all of them together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Generic[T]):
    """An API operation: where it is, what goes in, what comes back, what a repeat costs."""

    method: str
    path: str
    operation: str
    """The operation id in Lusha's documents, for example ``enrichContacts``."""
    response: type[T]
    request: type[Any] | None = None
    query: type[Any] | None = None
    repeat: Repeat = Repeat.FREE
    limit: LimitGroup = LimitGroup.ENDPOINT
    successor: str | None = None
    """For the retired generation: the method that does the same in V3."""

    @property
    def name(self) -> str:
        """Method and path template: ``POST /v3/contacts/enrich``. Limits, logs and errors speak of it."""
        return f"{self.method} {self.path}"

    def url_path(self, values: Mapping[str, str] | None = None) -> str:
        """The path with its ``{names}`` filled in and escaped. Raises `InvalidRequest` for a missing or empty one."""
        path = self.path
        for name in path_names(path):
            value = str((values or {}).get(name, ""))
            if not value or value in {".", ".."}:
                raise InvalidRequest(f"{self.name}: the path needs {name!r}; give it a non-empty value", field=name)
            path = path.replace("{" + name + "}", quote(value, safe=""))
        return path


def path_names(path: str) -> list[str]:
    """The names inside braces, in order: ``/tables/{table_id}`` -> ``["table_id"]``."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{") and part.endswith("}")]
