"""What happens inside Redis: one atomic script, on the server's own clock, and the words it exchanges with us.

The script hands out reservations: it answers at once with the moment of the next free slot, so nobody asks twice, and
it is first come, first served. It does not interpret anything: what calls taught (`Lesson`) is kept in a list from
which every process learns with the same arithmetic. All keys begin with one name, which ends with the digest in braces
(one slot of a cluster).
"""

from __future__ import annotations

import json
from typing import Any

from ..endpoint import LimitGroup
from .base import Scope
from .lesson import Lesson, Refusal, Report

SCRIPT = """
local base = KEYS[1]
local ask = cjson.decode(ARGV[1])
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local function int(x) return string.format('%.0f', x) end
local LEASE, KEPT, DAY = 900000000, 500, 90000

-- A server that has just been (re)started knows nothing of the last seconds: it waits until no private share is in use.
if redis.call('HGET', base, 'run') ~= ask.run then
  local since = now
  if not ask.newcomer or redis.call('EXISTS', base) == 1 then since = now + ask.settle end
  redis.call('HSET', base, 'run', ask.run, 'since', int(since))
end
redis.call('EXPIRE', base, DAY)
local since = tonumber(redis.call('HGET', base, 'since'))

for _, id in ipairs(ask.done) do redis.call('ZREM', base .. ':open', id) end
for _, stamp in ipairs(ask.stamps) do
  local log = base .. ':log:' .. stamp[1]
  if stamp[3] == 0 then redis.call('ZREM', log, stamp[2])
  else redis.call('ZADD', log, 'XX', int(stamp[3]), stamp[2]) end
end
for _, event in ipairs(ask.events) do
  local seq = redis.call('HINCRBY', base, 'seq', 1)
  redis.call('ZADD', base .. ':events', seq, seq .. '|' .. int(now) .. '|' .. event)
end
if #ask.events > 0 then
  redis.call('ZREMRANGEBYRANK', base .. ':events', 0, -KEPT - 1)
  redis.call('EXPIRE', base .. ':events', DAY)
end

local seq = tonumber(redis.call('HGET', base, 'seq') or 0)
local news = {}
if seq ~= ask.seq then
  local after = ask.seq < seq and '(' .. int(ask.seq) or '-inf'
  news = redis.call('ZRANGEBYSCORE', base .. ':events', after, '+inf')
end
redis.call('ZREMRANGEBYSCORE', base .. ':open', '-inf', int(now - LEASE))
local open = redis.call('ZCARD', base .. ':open')
local code, wait = 'ok', 0
local want = ask.want
if want then
  local at = math.max(now, since)
  for _, window in ipairs(want.windows) do
    local log = base .. ':log:' .. window.key
    redis.call('ZREMRANGEBYSCORE', log, '-inf', int(now))
    local full = redis.call('ZCARD', log) - window.limit
    if full >= 0 then at = math.max(at, tonumber(redis.call('ZRANGE', log, full, full, 'WITHSCORES')[2])) end
    at = math.max(at, tonumber(redis.call('GET', log .. ':next') or 0))
  end
  wait = at - now
  if want.most >= 0 and open >= want.most then
    if #news > 0 then code = 'news' else code = 'full' end
  elseif want.most >= 0 and open + 64 >= want.most and #news > 0 then code = 'news'
  elseif wait > want.lead then code = 'later'
  else
    code = 'go'
    for _, window in ipairs(want.windows) do
      local log = base .. ':log:' .. window.key
      local ideal = tonumber(redis.call('GET', log .. ':next') or 0)
      redis.call('ZADD', log, int(at + window.hold), want.id)
      redis.call('PEXPIRE', log, math.ceil((wait + window.hold) / 1000) + 60000)
      redis.call('SET', log .. ':next', int(math.max(ideal, at - window.slack) + window.interval), 'PX', 120000)
    end
    redis.call('ZADD', base .. ':open', int(now), want.id)
    redis.call('EXPIRE', base .. ':open', DAY)
    open = open + 1
  end
end
return {code, int(wait), int(now), int(seq), int(open), news}
"""


def encode(lesson: Lesson, origin: str, to_server: float) -> str:
    """A lesson for the others. `to_server` is added to our moments."""
    reports = {
        name: [report.left, report.limit, None if report.turn is None else report.turn + to_server]
        for name, report in lesson.reports.items()
    }
    refusal = lesson.refusal
    words: dict[str, Any] = {
        "from": origin,
        "scope": [lesson.scope.endpoint, lesson.scope.group.value],
        "sent": lesson.sent + to_server,
        "kind": [lesson.ok, lesson.lost, lesson.usage],
        "reports": reports,
        "refusal": None if refusal is None else [refusal.window, refusal.seconds],
    }
    return json.dumps(words, separators=(",", ":"))


def decode(event: str, from_server: float) -> tuple[str, Lesson, float]:
    """Who it is from, what it says, and when it was published; `from_server` is added to the server's moments."""
    _, published, text = event.split("|", 2)
    words: dict[str, Any] = json.loads(text)
    endpoint, group = words["scope"]
    ok, lost, usage = words["kind"]
    lesson = Lesson(
        Scope(endpoint, LimitGroup(group)),
        words["sent"] + from_server,
        ok=ok,
        lost=lost,
        usage=usage,
        reports={
            name: Report(left, limit, None if turn is None else turn + from_server)
            for name, (left, limit, turn) in words["reports"].items()
        },
        refusal=None if words["refusal"] is None else Refusal(*words["refusal"]),
    )
    return words["from"], lesson, int(published) / 1e6 + from_server
