"""`JSON.stringify(JSON.parse(x))` in Python, held against Node.js itself."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lusha_async.webhooks import sign, verify
from lusha_async.webhooks.javascript import number, restringify

from .helpers import NOW, OPT_OUT, SAMPLES, SECRET, payload

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")

RESTRINGIFY = """
const lines = require('fs').readFileSync(0, 'latin1').split('\\n').filter(Boolean);
const out = lines.map(line => {
  try { return Buffer.from(JSON.stringify(JSON.parse(Buffer.from(line, 'hex').toString('utf8'))), 'utf8').toString('hex'); }
  catch { return 'refused'; }
});
console.log(out.join('\\n'));
"""

SIGN = """
const crypto = require('crypto');
// The documented receiver's check, used for signing: https://docs.lusha.com/webhooks/security
function expectedSignature(payload, timestamp, secret) {
  const signedPayload = `${timestamp}.${JSON.stringify(payload)}`;
  return crypto.createHmac('sha256', secret).update(signedPayload).digest('hex');
}
const [secret, timestamp] = process.argv.slice(1);
const lines = require('fs').readFileSync(0, 'latin1').split('\\n').filter(Boolean);
console.log(lines.map(line => {
  const payload = JSON.parse(Buffer.from(line, 'hex').toString('utf8'));
  return expectedSignature(payload, timestamp, secret);
}).join('\\n'));
"""

AWKWARD = [
    "{}", "[]", '""', "null", "true", " [ 1 , 2 ] ", "1.0", "-0", "-0.0", "1e21", "1e20", "123456789012345678901", "1e-7",
    "0.000001", "1e999", "-1e999", "5e-324", "2.2250738585072014e-308", "1.7976931348623157e308", "9007199254740993", "0.1",
    "100", "1E2", "1e+2", "12345.678e-10", "4158887495", "99999999999999999999999", "0.30000000000000004", "123e-20",
    '{"b":1,"a":2,"10":3,"2":4,"4294967295":5,"4294967294":6,"01":7,"-1":8,"1.5":9,"":10}', '{"a":1,"b":2,"a":3}',
    '{"__proto__":{"x":1},"constructor":2,"toString":3}', '"\\u00e9\\u4f60\\ud83d\\ude00"', '"é你😀"', '"\\ud83d"', '"\\ude00x"',
    '"\\ude00\\ud83d"', '"\\u2028\\u2029\\u007f\\u0000\\u001f\\b\\f\\n\\r\\t\\"\\\\\\/"', '"\u2028\u2029\x7f"', '{"\\ud800":1}',
    "[[[[[[[[[[1]]]]]]]]]]", '{"a":[{"b":[{"c":null}]}]}', "0", "-1", "1e0", "1.5e300", "1e22", "1e23", "8e-7",
]  # fmt: skip
NOT_JSON = [
    "",
    "{",
    "NaN",
    "[NaN]",
    "Infinity",
    "-Infinity",
    "01",
    "+1",
    "'a'",
    "{a:1}",
    "[1,]",
    '"\\x"',
    '"\n"',
    "1 2",
    "\ufeff{}",
    "tru",
]


def through_node(script: str, bodies: list[bytes], *arguments: str) -> list[str]:
    lines = "\n".join(body.hex() for body in bodies)
    done = subprocess.run(["node", "-e", script, *arguments], input=lines, capture_output=True, text=True, check=True)
    return done.stdout.strip("\n").split("\n")


@needs_node
def test_awkward_json_is_written_as_node_writes_it() -> None:
    bodies = [text.encode() for text in AWKWARD]
    expected = [bytes.fromhex(line) for line in through_node(RESTRINGIFY, bodies)]
    assert [restringify(body) for body in bodies] == expected


@needs_node
def test_what_node_refuses_is_refused() -> None:
    bodies = [text.encode() for text in NOT_JSON if text]
    assert set(through_node(RESTRINGIFY, bodies)) == {"refused"}
    assert [restringify(body) for body in bodies] == [None] * len(bodies)


@needs_node
def test_ten_thousand_numbers_are_written_as_node_writes_them() -> None:
    import random
    import struct

    dice = random.Random(6)
    numbers = [struct.unpack("<d", dice.randbytes(8))[0] for _ in range(6000)]
    numbers += [dice.choice([1, -1]) * dice.random() * 10 ** dice.randint(-12, 26) for _ in range(2000)]
    numbers += [float(dice.randint(-(2**60), 2**60)) for _ in range(2000)]
    body = json.dumps([value for value in numbers if value == value and abs(value) != float("inf")]).encode()
    chunks = [
        json.dumps(json.loads(body)[start : start + 500]).encode() for start in range(0, len(json.loads(body)), 500)
    ]
    expected = [bytes.fromhex(line) for line in through_node(RESTRINGIFY, chunks)]
    assert [restringify(chunk) for chunk in chunks] == expected


@needs_node
def test_the_documented_snippet_and_verify_agree() -> None:
    """Bodies with non-ASCII text, large numbers and escapes, as Lusha's Node.js would sign them."""
    contents = [payload(kind) for kind in SAMPLES]
    contents += [
        OPT_OUT,
        payload(entityId="v1.AbC-_dEf"),
        payload(
            data={
                "currentTitle": "Geschäftsführerin für Öl & Gas",
                "currentCompanyName": "株式会社サンプル",
                "note": '😀 \u2028 \x7f \t " \\ /',
            }
        ),
        payload(data={"personId": 9007199254740991, "big": 123456789012345680000, "small": 1e-7, "huge": 1e21}),
    ]
    bodies = [
        json.dumps(content, ensure_ascii=index % 2 == 0, indent=index % 3 or None).encode()
        for index, content in enumerate(contents)
    ]
    signatures = through_node(SIGN, bodies, SECRET, str(int(NOW)))
    for body, signature in zip(bodies, signatures, strict=True):
        headers = {"x-lusha-signature": signature, "x-lusha-timestamp": str(int(NOW))}
        verified = verify(headers, body, SECRET, now=NOW)
        assert sign(verified.payload, SECRET, timestamp=NOW)["X-Lusha-Signature"] == signature
        assert json.loads(verified.payload) == json.loads(body)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_being_written(value: float) -> None:
    assert float(number(value)) == value


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(JSON)
def test_writing_twice_changes_nothing(content: object) -> None:
    once = restringify(json.dumps(content).encode())
    assert once is not None
    assert restringify(once) == once
    assert json.loads(once, parse_int=float) == content, "integers above 2**53 are doubles to JavaScript"


@given(st.binary(max_size=200))
def test_any_bytes_end_in_an_answer(body: bytes) -> None:
    assert restringify(body) is None or restringify(restringify(body) or b"") == restringify(body)
