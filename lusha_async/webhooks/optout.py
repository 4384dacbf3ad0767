"""Opt-outs: somebody wants their data gone, and the listed data points must leave every system that has them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from lusha_async.model import Model

from .dates import utc_moment
from .events import Event
from .signals import Id

OPT_OUT = "optOut"
"""`Event.type` of an opt-out: the deliveries name no type, subscriptions call it this."""


class Datapoint(Model, frozen=True, kw_only=True, gc=False):
    """One thing to remove: `datapoint_id` is the phone number or e-mail address itself."""

    datapoint_id: Id | None = None
    datapoint_type: str | None = None
    """``phone`` or ``email`` so far."""


class Identities(Model, frozen=True, kw_only=True, gc=False):
    """What to look for and remove, as plain values. Text as Lusha wrote it, without surrounding space, no repeats."""

    contact_id: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    """Data points of a type this version does not know: they must go as well."""
    linkedin_url: str | None = None
    partner_client_id: str | None = None
    """Your own tenant's identifier, where one was given when the data was revealed."""
    complete: bool = True
    """False when a part of the delivery could not be read: a person has to look at `OptOut.raw`."""


class OptOut(Event, frozen=True, kw_only=True, gc=False):
    """A contact has opted out. Not charged. Remove what `identities` lists."""

    contact_id: Id | None = None
    full_name: str | None = None
    company_name: str | None = None
    job_title: str | None = None
    linkedin_url: str | None = None
    contact_opt_out_date: str | None = None
    contact_exposure_date: str | None = None
    datapoints: tuple[Datapoint, ...] = ()
    partner_client_id: Id | None = None

    @property
    def opted_out_at(self) -> datetime | None:
        """`contact_opt_out_date` as a UTC datetime."""
        return utc_moment(self.contact_opt_out_date)

    @property
    def exposed_at(self) -> datetime | None:
        """`contact_exposure_date` (when this account first saw the data) as a UTC datetime."""
        return utc_moment(self.contact_exposure_date)

    def identities(self) -> Identities:
        """The person and the data points to remove, in plain form.

        >>> point = Datapoint(datapoint_id="jane.doe@example.com", datapoint_type="email")
        >>> OptOut(contact_id="987654321", datapoints=(point,)).identities().emails
        ('jane.doe@example.com',)
        """
        points = [(_text(point.datapoint_id), (point.datapoint_type or "").casefold()) for point in self.datapoints]
        nameless = not self.contact_id and not any(value for value, _ in points)
        return Identities(
            contact_id=_text(self.contact_id) or None,
            emails=_unique(value for value, kind in points if kind == "email"),
            phones=_unique(value for value, kind in points if kind == "phone"),
            others=_unique(value for value, kind in points if kind not in {"email", "phone"}),
            linkedin_url=_text(self.linkedin_url) or None,
            partner_client_id=_text(self.partner_client_id) or None,
            complete=not self.problems and not nameless and all(value for value, _ in points),
        )


def _text(value: Id | None) -> str:
    return "" if value is None else str(value).strip()


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


FIELDS: frozenset[str] = frozenset(
    field.encode_name for field in msgspec.structs.fields(OptOut) if field.name not in Event.__struct_fields__
)
"""The names an opt-out's own fields have in its JSON."""
