"""Managing webhooks: subscriptions, the log of deliveries, and the secret they are signed with.

Receiving them is `lusha_async.webhooks`. All operations under /api share 100 requests a minute.
"""

from collections.abc import Iterable
from functools import partial
from typing import Literal

from ..paging import ByOffset, Pages, Position, even_size
from ..records import one_or_many, record_ids
from ..resource import Resource
from .checks import tokens, within
from .subscriptions_bulk import BulkSubscriptions
from .subscriptions_endpoints import (
    AUDIT_LOGS_LIST,
    AUDIT_LOGS_STATS,
    SECRET_GET,
    SECRET_REGENERATE,
    SUBSCRIPTION_CREATE_OPT_OUT,
    SUBSCRIPTION_GET,
    SUBSCRIPTION_TEST,
    SUBSCRIPTION_UPDATE,
    SUBSCRIPTIONS_CREATE,
    SUBSCRIPTIONS_DELETE,
    SUBSCRIPTIONS_LIST,
)
from .subscriptions_types import (
    LARGEST_PAGE,
    MOST_SUBSCRIPTIONS,
    AccountSecret,
    AuditLogEntry,
    AuditLogsQuery,
    AuditLogsResponse,
    AuditStats,
    AuditStatsQuery,
    CreateOptOutRequest,
    CreateSubscriptionsRequest,
    DeleteSubscriptionsRequest,
    EntityType,
    NewSubscription,
    OffsetQuery,
    Subscription,
    SubscriptionLike,
    SubscriptionListResponse,
    SubscriptionResultsResponse,
    TestDelivery,
    TestQuery,
    UpdateSubscriptionRequest,
    check_complete,
    new_subscription,
    subscription_defaults,
    webhook_name,
    webhook_url,
)


class Subscriptions(BulkSubscriptions):
    """Webhook subscriptions."""

    async def create(
        self,
        subscriptions: SubscriptionLike | Iterable[SubscriptionLike],
        *,
        url: str,
        entity_type: EntityType | str | None = None,
        signal_types: Iterable[str] | None = None,
        name: str | None = None,
        timeout: float | None = None,
    ) -> SubscriptionResultsResponse:
        """Watch up to 25 contacts or companies: signals of these types are delivered to `url` from now on.

        ``POST /api/subscriptions``, 100 requests a minute together with the others here. Free; each delivered signal is
        charged. `entity_type` (``contact``, ``company``) and `signal_types` hold for every item that does not bring its
        own. Items fare for themselves: look at each result's `success`. Without a secret (`webhook_secret.regenerate`)
        nothing is delivered.

        >>> found = await lusha.companies.search({"domain": "example.com"})
        >>> made = await lusha.subscriptions.create(
        ...     [found.results[0].id],
        ...     url="https://example.com/hooks/lusha",
        ...     entity_type="company",
        ...     signal_types=["surgeInHiring"],
        ... )
        >>> made.total
        1
        """
        defaults = subscription_defaults(url, entity_type, signal_types)
        given = one_or_many(subscriptions, NewSubscription, MOST_SUBSCRIPTIONS)
        found = tuple(new_subscription(item, index=n) for n, item in enumerate(given))
        for n, item in enumerate(found):
            check_complete(item, defaults, index=n)
        body = CreateSubscriptionsRequest(defaults=defaults, subscriptions=found, name=webhook_name(name))
        return await self._call(SUBSCRIPTIONS_CREATE, body=body, timeout=timeout)

    async def list(
        self, *, limit: int = 100, offset: int = 0, timeout: float | None = None
    ) -> SubscriptionListResponse:
        """A stretch of the subscriptions: `limit` 1 to 100, after the first `offset`.

        ``GET /api/subscriptions``, 100 requests a minute together with the others here, free.

        >>> subscriptions = await lusha.subscriptions.list(limit=10)
        >>> len(subscriptions.data) <= 10
        True
        """
        return await self._call(SUBSCRIPTIONS_LIST, query=offset_query(limit, offset), timeout=timeout)

    def iter_list(
        self,
        *,
        limit: int | None = None,
        offset: int = 0,
        prefetch: bool = True,
        timeout: float | None = None,
    ) -> Pages[Subscription]:
        """All subscriptions, up to `limit`, after the first `offset`.

        ``GET /api/subscriptions``, stretches of 100 (or less, to meet `limit`), free. See `lusha_async.paging`.

        >>> [subscription.url async for subscription in lusha.subscriptions.iter_list(limit=5)][5:]
        []
        """
        size = even_size(limit, smallest=1, largest=LARGEST_PAGE)
        call = partial(self.list, limit=size, timeout=timeout)
        walk: ByOffset[Subscription, SubscriptionListResponse] = ByOffset(
            lambda start: call(offset=start), items=lambda answer: answer.data, size=size
        )
        return Pages(walk, start=Position(offset=offset), limit=limit, prefetch=prefetch)

    async def get(self, subscription_id: str, *, timeout: float | None = None) -> Subscription:
        """One subscription.

        ``GET /api/subscriptions/{id}``, 100 requests a minute together with the others here, free.

        Raises `NotFound` for one that is not there.

        >>> for subscription in (await lusha.subscriptions.list()).data[:1]:
        ...     assert (await lusha.subscriptions.get(subscription.id)).id == subscription.id
        """
        return await self._call(SUBSCRIPTION_GET, path={"subscription_id": subscription_id}, timeout=timeout)

    async def update(
        self,
        subscription_id: str,
        *,
        signal_types: Iterable[str] | None = None,
        url: str | None = None,
        name: str | None = None,
        is_active: bool | None = None,
        regenerate_secret: bool | None = None,
        timeout: float | None = None,
    ) -> Subscription:
        """Change a subscription. ``is_active=True`` wakes one that was switched off after failed deliveries.

        ``PATCH /api/subscriptions/{id}``, 100 requests a minute together with the others here, free.
        `regenerate_secret` makes a new secret for the whole account at once, and shows it in this answer alone.

        >>> for subscription in (await lusha.subscriptions.list()).data[:1]:
        ...     assert (await lusha.subscriptions.update(subscription.id, name="renamed")).name == "renamed"
        """
        body = UpdateSubscriptionRequest(
            signal_types=None if signal_types is None else tokens(signal_types, field="signal_types"),
            url=None if url is None else webhook_url(url),
            name=webhook_name(name),
            is_active=is_active,
            regenerate_secret=regenerate_secret,
        )
        path = {"subscription_id": subscription_id}
        return await self._call(SUBSCRIPTION_UPDATE, path=path, body=body, timeout=timeout)

    async def test(
        self,
        subscription_id: str,
        *,
        mode: Literal["direct", "kafka", "full"] | str | None = None,
        timeout: float | None = None,
    ) -> TestDelivery:
        """Send a made-up signal to the subscription's URL and tell how the receiver answered.

        ``POST /api/subscriptions/{id}/test``, 100 requests a minute together with the others here, free.

        >>> for subscription in (await lusha.subscriptions.list()).data[:1]:
        ...     assert (await lusha.subscriptions.test(subscription.id)).subscription_id == subscription.id
        """
        path = {"subscription_id": subscription_id}
        query = None if mode is None else TestQuery(mode=mode)
        return await self._call(SUBSCRIPTION_TEST, path=path, query=query, timeout=timeout)

    async def delete(self, ids: str | Iterable[str], *, timeout: float | None = None) -> SubscriptionResultsResponse:
        """Delete up to 25 subscriptions, for good. Items fare for themselves: look at each result's `success`.

        ``POST /api/subscriptions/delete``, 100 requests a minute together with the others here, free.

        >>> ids = [subscription.id for subscription in (await lusha.subscriptions.list(limit=1)).data]
        >>> if ids:
        ...     assert (await lusha.subscriptions.delete(ids)).total == len(ids)
        """
        body = DeleteSubscriptionsRequest(ids=record_ids(ids, limit=MOST_SUBSCRIPTIONS))
        return await self._call(SUBSCRIPTIONS_DELETE, body=body, timeout=timeout)

    async def create_opt_out(self, url: str, *, name: str | None = None, timeout: float | None = None) -> Subscription:
        """Be told of every contact that opted out and whose data the account has revealed: one per account.

        ``POST /api/subscriptions/opt-out``, 100 requests a minute together with the others here. Free, deliveries too.

        >>> opt_out = await lusha.subscriptions.create_opt_out("https://example.com/hooks/opt-out")
        >>> opt_out.entity_type
        'contact'
        """
        body = CreateOptOutRequest(entity_type="contact", url=webhook_url(url), name=webhook_name(name))
        return await self._call(SUBSCRIPTION_CREATE_OPT_OUT, body=body, timeout=timeout)


class AuditLogs(Resource):
    """The log of webhook deliveries: successes of 90 days, failures of 180."""

    async def list(
        self,
        *,
        subscription_id: str | None = None,
        status: Literal["success", "failed", "permanent_failure"] | str | None = None,
        limit: int = 50,
        offset: int = 0,
        timeout: float | None = None,
    ) -> AuditLogsResponse:
        """A stretch of the log: `limit` 1 to 100, after the first `offset`.

        ``GET /api/audit-logs``, 100 requests a minute together with the others here, free.

        >>> log = await lusha.audit_logs.list(status="failed", limit=10)
        >>> len(log.data) <= 10
        True
        """
        query = AuditLogsQuery(
            limit=within(limit, 1, LARGEST_PAGE, field="limit"),
            offset=within(offset, 0, None, field="offset"),
            subscription_id=subscription_id,
            status=status,
        )
        return await self._call(AUDIT_LOGS_LIST, query=query, timeout=timeout)

    def iter_list(
        self,
        *,
        subscription_id: str | None = None,
        status: Literal["success", "failed", "permanent_failure"] | str | None = None,
        limit: int | None = None,
        offset: int = 0,
        prefetch: bool = True,
        timeout: float | None = None,
    ) -> Pages[AuditLogEntry]:
        """All entries of the log, up to `limit`, after the first `offset`.

        ``GET /api/audit-logs``, stretches of 100 (or less, to meet `limit`), free. Deliveries made meanwhile move the
        log on, so that an entry can come twice: tell by its `id`. See `lusha_async.paging`.

        >>> [entry.status async for entry in lusha.audit_logs.iter_list(limit=5)][5:]
        []
        """
        size = even_size(limit, smallest=1, largest=LARGEST_PAGE)
        call = partial(self.list, subscription_id=subscription_id, status=status, limit=size, timeout=timeout)
        walk: ByOffset[AuditLogEntry, AuditLogsResponse] = ByOffset(
            lambda start: call(offset=start), items=lambda answer: answer.data, size=size
        )
        return Pages(walk, start=Position(offset=offset), limit=limit, prefetch=prefetch)

    async def stats(self, *, subscription_id: str | None = None, timeout: float | None = None) -> AuditStats:
        """Deliveries counted, of the account or of one subscription.

        ``GET /api/audit-logs/stats``, 100 requests a minute together with the others here, free.

        >>> stats = await lusha.audit_logs.stats()
        >>> stats.total >= 0
        True
        """
        query = None if subscription_id is None else AuditStatsQuery(subscription_id=subscription_id)
        return await self._call(AUDIT_LOGS_STATS, query=query, timeout=timeout)


class WebhookSecret(Resource):
    """The one secret of the account that all webhook deliveries are signed with."""

    async def get(self, *, timeout: float | None = None) -> AccountSecret:
        """The secret.

        ``GET /api/account/secret``, 100 requests a minute together with the others here, free.

        Raises `NotFound` while there is none: `regenerate` makes the first.

        >>> made = await lusha.webhook_secret.regenerate()
        >>> (await lusha.webhook_secret.get()).secret == made.secret
        True
        """
        return await self._call(SECRET_GET, timeout=timeout)

    async def regenerate(self, *, timeout: float | None = None) -> AccountSecret:
        """Make the secret, or replace it: deliveries signed with the old one fail to verify from this moment on.

        ``POST /api/account/secret/regenerate``, 100 requests a minute together with the others here, free.

        Raises `OutcomeUnknown` when no answer came back: `get` then tells which secret holds.

        >>> made = await lusha.webhook_secret.regenerate()
        >>> bool(made.secret)
        True
        """
        return await self._call(SECRET_REGENERATE, timeout=timeout)


def offset_query(limit: int, offset: int) -> OffsetQuery:
    """A stretch of a list, checked."""
    return OffsetQuery(
        limit=within(limit, 1, LARGEST_PAGE, field="limit"), offset=within(offset, 0, None, field="offset")
    )
