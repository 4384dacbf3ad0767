"""The four ways in which a delivery can be unacceptable. None of them quotes the delivery or a secret."""

from __future__ import annotations

from typing import ClassVar

from lusha_async.errors import WebhookError

__all__ = ["ForgedWebhook", "ReplayedWebhook", "StaleWebhook", "UnreadableWebhook", "WebhookError"]


class ForgedWebhook(WebhookError):
    """Nothing proves that Lusha sent this: a signature that is absent, malformed or made with another secret.

    `reason` is a word for logs and metrics: ``no-signature``, ``no-timestamp``, ``ambiguous-header``,
    ``malformed-signature``, ``malformed-timestamp`` or ``mismatch``. Answer it with `status` (401).
    """

    status: ClassVar[int] = 401
    hint = "Answer 401 and do nothing with it."

    def __init__(self, text: str, *, reason: str) -> None:
        super().__init__(text)
        self.reason = reason


class StaleWebhook(WebhookError):
    """Signed with a valid secret, but too long ago or too far ahead. `age` is in seconds, negative when ahead."""

    status: ClassVar[int] = 401
    hint = "Check this machine's clock first; a delivery recorded and sent again later looks the same."

    def __init__(self, text: str, *, age: float) -> None:
        super().__init__(text)
        self.age = age


class ReplayedWebhook(WebhookError):
    """Genuine, and received before: Lusha repeats a delivery whose acknowledgement it missed, and so would a thief.

    Acknowledge it (`status` 201, with `webhook_id`), so that Lusha stops repeating it, and do nothing else.
    """

    status: ClassVar[int] = 201
    hint = "Acknowledge it again and do not handle it a second time."

    def __init__(self, text: str, *, webhook_id: str) -> None:
        super().__init__(text)
        self.webhook_id = webhook_id


class UnreadableWebhook(WebhookError):
    """Not a body that can be read: too large, too deep, not UTF-8, not JSON, or JSON that parsers disagree about.

    `reason`: ``too-large``, ``too-deep``, ``not-utf8``, ``not-json``, ``duplicate-key``, ``encoded``,
    ``bad-length`` or ``not-an-object``.
    Answer it with `status` (413 when it is too large, 415 when it is compressed, else 400).
    """

    hint = "Look at what stands between Lusha and this application: proxies that change bodies are the usual cause."

    def __init__(self, text: str, *, reason: str) -> None:
        super().__init__(text)
        self.reason = reason

    @property
    def status(self) -> int:
        """The HTTP status to answer with."""
        return {"too-large": 413, "encoded": 415}.get(self.reason, 400)
