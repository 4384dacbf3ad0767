"""Creating and deleting webhook subscriptions by the list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

import msgspec

from ..bulk import BulkOperation, BulkOptions, BulkRun, Judgement, Source, Status
from ..errors import RecordFailed
from ..records import record_id
from ..resource import Resource
from .adapting import Adapter, Packed
from .enrichment_bulk import results
from .subscriptions_endpoints import SUBSCRIPTIONS_CREATE, SUBSCRIPTIONS_DELETE
from .subscriptions_types import (
    MOST_SUBSCRIPTIONS,
    CreateSubscriptionsRequest,
    DeleteSubscriptionsRequest,
    EntityType,
    NewSubscription,
    SubscriptionDefaults,
    SubscriptionLike,
    SubscriptionResult,
    SubscriptionResultsResponse,
    check_complete,
    new_subscription,
    subscription_defaults,
    webhook_name,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

Item = TypeVar("Item", bound=SubscriptionLike)

_BY_CODE = {"NOT_FOUND": Status.NOT_FOUND, "VALIDATION_ERROR": Status.INVALID, "URL_VALIDATION_FAILED": Status.INVALID}


def _judge(item: SubscriptionResult) -> Judgement:
    if item.success:
        return Judgement(Status.FOUND)
    code = item.error.code if item.error is not None else None
    return Judgement(_BY_CODE.get(code or "", Status.FAILED), RecordFailed(code))


def _numbered(record: object, number: int) -> str:
    return str(number)


def _reference(item: SubscriptionResult) -> str | None:
    return None if item.index is None else str(item.index)


def _restore(item: SubscriptionResult, record: object) -> SubscriptionResult:
    """The place in its call means nothing to the user of a run; `Outcome.index` does."""
    return msgspec.structs.replace(item, index=None)


def _successful(answer: SubscriptionResultsResponse) -> int | None:
    return answer.successful


def by_reference(answer: SubscriptionResultsResponse, references: Sequence[str]) -> SubscriptionResultsResponse:
    """The answer with our references in place of the places in the call."""
    found = tuple(
        msgspec.structs.replace(
            item,
            index=int(references[item.index]) if item.index is not None and 0 <= item.index < len(references) else None,
        )
        for item in answer.results
    )
    return msgspec.structs.replace(answer, results=found)


def _pack_new(
    request: CreateSubscriptionsRequest, records: Sequence[NewSubscription], references: Sequence[str]
) -> Packed:
    return Packed(msgspec.structs.replace(request, subscriptions=tuple(records)), references)


def _pack_ids(request: DeleteSubscriptionsRequest, records: Sequence[str], references: Sequence[str]) -> Packed:
    return Packed(msgspec.structs.replace(request, ids=tuple(records)), references)


def _new(defaults: SubscriptionDefaults, item: Any, index: int) -> NewSubscription:
    found = new_subscription(item, index=index)
    check_complete(found, defaults, index=index)
    return found


def _same(record: NewSubscription) -> Hashable:
    return record.entity_id, record.entity_type, tuple(record.signal_types or ()), record.name


def _id(item: object, index: int) -> str:
    return record_id(item, index=index)


def _itself(record: str) -> str:
    return record


def _creating(defaults: SubscriptionDefaults) -> BulkOperation[NewSubscription, SubscriptionResult]:
    return BulkOperation(
        endpoint=SUBSCRIPTIONS_CREATE,
        largest_chunk=MOST_SUBSCRIPTIONS,
        prepare=partial(_new, defaults),
        identity=_same,
        reference=_numbered,
        pack=_pack_new,
        results=results,
        answers_to=_reference,
        judge=_judge,
        restore=_restore,
        returned=_successful,
    )


SUBSCRIPTIONS_BULK_DELETE: BulkOperation[str, SubscriptionResult] = BulkOperation(
    endpoint=SUBSCRIPTIONS_DELETE,
    largest_chunk=MOST_SUBSCRIPTIONS,
    prepare=_id,
    identity=_itself,
    reference=_numbered,
    pack=_pack_ids,
    results=results,
    answers_to=_reference,
    judge=_judge,
    restore=_restore,
    returned=_successful,
)


class BulkSubscriptions(Resource):
    """Subscriptions by the list."""

    def bulk_create(
        self,
        subscriptions: Source[Item],
        *,
        url: str,
        entity_type: EntityType | str | None = None,
        signal_types: Iterable[str] | None = None,
        name: str | None = None,
        **options: Unpack[BulkOptions],
    ) -> BulkRun[Item, SubscriptionResult]:
        """Watch any number of contacts or companies. See `create`.

        ``POST /api/subscriptions`` in chunks of 25, 100 requests a minute. Items are entity ids, `NewSubscription`, or
        mappings with the same names. A chunk without an answer is ``unknown`` and is not sent again. Options as in
        `BulkOptions`.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> ids = [company.id for company in found.results if company.id]
        >>> run = lusha.subscriptions.bulk_create(
        ...     ids, url="https://example.com/hooks/lusha", entity_type="company", signal_types=["surgeInHiring"]
        ... )
        >>> len(await run.collect()) == len(ids)
        True
        """
        defaults = subscription_defaults(url, entity_type, signal_types)
        request = CreateSubscriptionsRequest(defaults=defaults, subscriptions=(), name=webhook_name(name))
        sender = Adapter(self._sender, by_reference)
        return BulkRun(sender, _creating(defaults), subscriptions, request=request, **options)

    def bulk_delete(self, ids: Source[str], **options: Unpack[BulkOptions]) -> BulkRun[str, SubscriptionResult]:
        """Delete any number of subscriptions, for good. See `delete`.

        ``POST /api/subscriptions/delete`` in chunks of 25, 100 requests a minute. Options as in `BulkOptions`.

        >>> ids = [subscription.id async for subscription in lusha.subscriptions.iter_list(limit=30)]
        >>> len(await lusha.subscriptions.bulk_delete(ids).collect()) == len(ids)
        True
        """
        request = DeleteSubscriptionsRequest(ids=())
        sender = Adapter(self._sender, by_reference)
        return BulkRun(sender, SUBSCRIPTIONS_BULK_DELETE, ids, request=request, **options)
