"""The previous generation of Lusha's API, under `lusha.v2`. Each operation names the V3 method that replaces it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..resource import Resource
from . import companies, persons
from .companies import Companies
from .persons import Persons

if TYPE_CHECKING:
    from ..endpoint import Endpoint


class V2(Resource):
    """`lusha.v2`: the operations of the previous generation, in groups."""

    @cached_property
    def persons(self) -> Persons:
        """Find and enrich people."""
        return Persons(self._sender)

    @cached_property
    def companies(self) -> Companies:
        """Find and enrich companies."""
        return Companies(self._sender)


def endpoints() -> tuple[Endpoint[Any], ...]:
    """Every operation that only this generation has."""
    return (
        persons.ENRICH,
        persons.ENRICH_BATCH,
        companies.ENRICH,
        companies.ENRICH_BATCH,
    )
