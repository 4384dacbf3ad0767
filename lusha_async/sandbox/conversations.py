# ruff: noqa: RUF012 - msgspec gives every struct an empty list of its own
"""Recorded sales calls: search and transcripts. The account has a fixed number of invented ones."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from . import events, identity
from .backend import Answer, Backend, Call, Json, Operation
from .refusals import bad_body, plain
from .requests import Body, Text

RECORDED = 60
_TOPICS = ("pricing", "integration", "security", "rollout", "renewal")
_NAMESPACE = uuid.UUID("7b6d1f0e-53a1-4c39-9d43-0a6c5b8e2f10")


class ConversationsSearch(Body):
    """Body of conversation search."""

    query: Text | UnsetType = UNSET
    conversation_ids: list[Text] = []
    company_domains: list[Text] = []
    contact_names: list[Text] = []
    meeting_titles: list[Text] = []
    date_from: Text | UnsetType = UNSET
    date_to: Text | UnsetType = UNSET
    page: Annotated[int, Meta(ge=0)] = 0
    page_size: Annotated[int, Meta(ge=1, le=100)] = 25


def search(call: Call[ConversationsSearch]) -> Answer:
    """POST /v3/account/conversations/search"""
    body = call.body
    first, last = _day(body.date_from, "dateFrom"), _day(body.date_to, "dateTo")
    found = [one for one in _finished(call.backend) if _wanted(one, body, first, last)]
    shown = found[body.page * body.page_size : (body.page + 1) * body.page_size]
    call.bill.per_results("conversationSearch", len(shown))
    data = {
        "requestId": call.backend.request_id(),
        "results": shown,
        "pagination": {"page": body.page, "size": len(shown), "total": len(found)},
        "billing": call.billing(len(shown)),
    }
    return Answer(data, items=len(shown))


def transcript(call: Call[None]) -> Answer:
    """GET /v3/account/conversations/{conversationId}/transcript"""
    wanted = call.path["conversationId"]
    one = next((one for one in _finished(call.backend) if one["conversationId"] == wanted), None)
    if one is None:
        raise plain(404, "No such conversation, or it is still being processed")
    call.bill.per_results("conversationTranscript", 1)
    speakers = [*one["participants"], {"name": ""}]
    segments = [
        {
            "speaker": speakers[turn % len(speakers)]["name"],
            "start": turn * 12.5,
            "end": turn * 12.5 + 11,
            "text": f"Let us talk about {_TOPICS[turn % len(_TOPICS)]}.",
        }
        for turn in range(8)
    ]
    data = {
        "requestId": call.backend.request_id(),
        "conversationId": wanted,
        "segments": segments,
        "billing": call.billing(1),
    }
    return Answer(data, items=1)


def _finished(backend: Backend) -> list[Json]:
    """Calls whose processing is over: all but every tenth."""
    return [_conversation(backend, index) for index in range(RECORDED) if index % 10 != 9]


def _conversation(backend: Backend, index: int) -> Json:
    world = backend.world
    company = world.companies[index % len(world.companies)]
    guest = world.person(world.staff(company.domain)[index % 5])
    held = events.today(backend.clock.wall()) - timedelta(days=index)
    topic = _TOPICS[index % len(_TOPICS)]
    analysed = index % 7 != 6
    return {
        "conversationId": str(uuid.uuid5(_NAMESPACE, f"{backend.settings.seed}:{index}")),
        "title": f"{company.name}: {topic}",
        "date": held.isoformat(),
        "durationSeconds": 600 + index * 31,
        "company": {"name": company.name, "domain": company.domain},
        "participants": [{"name": f"{guest.first} {guest.last}", "email": guest.email}, {"name": "Sandbox Owner"}],
        "topics": [topic],
        "summary": f"A call about {topic}." if analysed else None,
        "actionItems": [f"Send the {topic} overview"] if analysed else [],
        "coaching": {"score": 50 + index % 50} if analysed else None,
        "chapters": [{"title": topic, "start": 0}] if analysed else None,
    }


def _wanted(one: Json, body: ConversationsSearch, first: date | None, last: date | None) -> bool:
    if body.query is not UNSET:
        return identity.slug(body.query) in identity.slug(" ".join((*_TOPICS, one["title"])))
    held = date.fromisoformat(one["date"])
    names = " ".join(str(guest["name"]) for guest in one["participants"])
    return (
        (not body.conversation_ids or one["conversationId"] in body.conversation_ids)
        and (not body.company_domains or one["company"]["domain"] in map(identity.domain, body.company_domains))
        and (not body.contact_names or any(identity.slug(name) in identity.slug(names) for name in body.contact_names))
        and (
            not body.meeting_titles
            or any(identity.slug(text) in identity.slug(one["title"]) for text in body.meeting_titles)
        )
        and (first is None or held >= first)
        and (last is None or held <= last)
    )


def _day(text: Any, name: str) -> date | None:
    if text is UNSET:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise bad_body(f"{name} must be a date like 2026-09-01") from None
    if day.isoformat() != text:
        raise bad_body(f"{name} must be a date like 2026-09-01")
    return day


OPERATIONS: tuple[Operation, ...] = (
    Operation(method="POST", path="/v3/account/conversations/search", handler=search, body=ConversationsSearch),
    Operation(method="GET", path="/v3/account/conversations/{conversationId}/transcript", handler=transcript),
)
