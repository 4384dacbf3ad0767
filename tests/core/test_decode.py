"""An answer that surprises a struct degrades field by field; the paid rest survives."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.decode import decode
from lusha_async.model import Model, to_dict


class Part(Model, frozen=True):
    name: str | None = None
    count: int | None = None


class Whole(Model, frozen=True):
    id: str | None = None
    score: float | None = None
    first_part: Part | None = None
    parts: tuple[Part, ...] | None = None
    by_key: dict[str, Part] | None = None
    number: int | float | None = None
    flag: bool | None = None
    words: tuple[str, ...] | None = None
    anything: object = None


def test_the_fast_path_takes_what_fits_and_ignores_what_is_new() -> None:
    decoded = decode(b'{"id":"a","firstPart":{"name":"n","count":1},"brandNew":[1]}', Whole)
    assert decoded.value == Whole(id="a", first_part=Part(name="n", count=1))
    assert decoded.problems == ()


@pytest.mark.parametrize(
    ("body", "expected", "paths"),
    [
        (b'{"id":7}', Whole(id="7"), []),
        (b'{"score":"1.5","id":"a"}', Whole(id="a", score=1.5), []),
        (b'{"score":"much","id":"a"}', Whole(id="a"), [".score"]),
        (b'{"firstPart":"text","id":"a"}', Whole(id="a"), [".firstPart"]),
        (b'{"firstPart":{"name":["x"],"count":2}}', Whole(first_part=Part(count=2)), [".firstPart.name"]),
        (
            b'{"parts":[{"name":"a"},null,{"name":"b"}]}',
            Whole(parts=(Part(name="a"), Part(), Part(name="b"))),
            [".parts[1]"],
        ),
        (b'{"parts":{"name":"a"},"id":"x"}', Whole(id="x"), [".parts"]),
        (b'{"words":["a",1,{}]}', Whole(words=("a", "1")), [".words[2]"]),
        (b'{"byKey":{"k":{"count":"3"},"l":5}}', Whole(by_key={"k": Part(count=3)}), [".byKey.*"]),
        (b'{"flag":"true"}', Whole(flag=True), []),
        (b'{"flag":2}', Whole(), [".flag"]),
        (b'{"number":"12"}', Whole(number=12), []),
        (b'{"score":1' + b"0" * 400 + b"}", Whole(), [".score"]),
        (b'{"score":"1e999","id":"a"}', Whole(id="a"), [".score"]),
        (b'{"id":null,"score":[]}', Whole(), [".score"]),
        (b"[1,2]", Whole(), ["."]),
        (b'"text"', Whole(), ["."]),
    ],
)
def test_what_does_not_fit_costs_only_itself(body: bytes, expected: Whole, paths: list[str]) -> None:
    decoded = decode(body, Whole)
    assert decoded.value == expected
    assert [problem.path for problem in decoded.problems] == paths


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff", b'{"id":"\xff"}', b"[" * 5000])
def test_what_is_not_json_says_so(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(body, Whole)


def test_absurd_nesting_is_cut_not_followed() -> None:
    body = b'{"id":1,"firstPart":' + b'{"name":' * 300 + b"1" + b"}" * 301
    assert decode(body, Whole).value.id == "1"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "score", "firstPart", "parts", "byKey", "name", "count", "x"]), inner)
    ),
    max_leaves=30,
)


@given(JSON)
def test_no_json_breaks_the_decoder(data: object) -> None:
    decoded = decode(msgspec.json.encode(data), Whole)
    assert isinstance(decoded.value, Whole)


def test_text_forms_show_no_contents() -> None:
    whole = Whole(id="secret-id", parts=(Part(name="Zebulon"),), first_part=Part(name="Quill"), words=("w",))
    assert repr(whole) == "Whole(id=..., first_part=Part(name=...), parts=<1>, words=<1>)"
    assert to_dict(whole) == {
        "id": "secret-id",
        "first_part": {"name": "Quill"},
        "parts": [{"name": "Zebulon"}],
        "words": ["w"],
    }
    assert to_dict(whole, api_names=True)["firstPart"] == {"name": "Quill"}
