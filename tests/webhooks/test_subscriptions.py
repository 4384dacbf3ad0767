"""The difference between the subscriptions there are and those there should be."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.webhooks.subscriptions import SyncPlan, Wanted, batches, plan_sync

URL = "https://app.example/lusha"


class Stored(NamedTuple):
    id: str | None
    entity_id: str | int | None
    signal_types: tuple[str, ...] | None = ("promotion",)
    url: str | None = URL
    is_active: bool | None = True
    entity_type: str | None = "contact"


def want(entity_id: str, *signals: str, url: str = URL) -> Wanted:
    return Wanted(entity_type="contact", entity_id=entity_id, signal_types=signals or ("promotion",), url=url)


def test_each_kind_of_difference() -> None:
    existing = [
        Stored("same", "1", ("promotion", "companyChange")),
        Stored("other-url", "2", url="https://old.example"),
        Stored("other-signals", 3, ("companyChange",)),
        Stored("disabled", "4", is_active=False),
        Stored("stranger", "5"),
        Stored("opt-out", None, ("optOut",)),
        Stored("also-opt-out", "9", ("optOut",)),
    ]
    wanted = [want("1", "companyChange", "promotion"), want("2"), want("3"), want("4"), want("6"), want("6")]
    plan = plan_sync(existing, wanted)
    assert plan == SyncPlan(
        create=(want("6"),),
        update=(("other-url", want("2")), ("other-signals", want("3"))),
        reactivate=("disabled",),
        delete=("stranger",),
        unchanged=("same",),
    )
    assert plan_sync(existing, wanted, delete=False).delete == ()


def test_two_wishes_for_one_entity_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two different"):
        plan_sync([], [want("1"), want("1", "companyChange")])
    with pytest.raises(ValueError, match="entity_id"):
        want("")


IDS = st.sampled_from("abcdef")


@given(existing=st.dictionaries(IDS, st.booleans()), wanted=st.sets(IDS))
def test_carrying_a_plan_out_leaves_nothing_to_do(existing: dict[str, bool], wanted: set[str]) -> None:
    stored = {f"id-{entity}": Stored(f"id-{entity}", entity, is_active=active) for entity, active in existing.items()}
    plan = plan_sync(stored.values(), [want(entity) for entity in wanted])
    for each in plan.delete:
        del stored[each]
    for each in plan.reactivate:
        stored[each] = stored[each]._replace(is_active=True)
    for made in plan.create:
        stored[made.entity_id] = Stored(made.entity_id, made.entity_id)
    assert {each.entity_id for each in stored.values()} == wanted
    assert plan_sync(stored.values(), [want(entity) for entity in wanted]).empty


def test_batches_lose_nothing() -> None:
    assert [number for part in batches(list(range(101))) for number in part] == list(range(101))
