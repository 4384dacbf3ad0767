"""The cases where hours are meant: the real limiter on a virtual clock."""

from __future__ import annotations

import asyncio
import random
from bisect import bisect_right
from collections.abc import Iterator

from lusha_async.limits.model import Kind, StrictServer
from lusha_async.limits.plans import PLANS
from lusha_async.limits.simulate import shortest, simulate
from lusha_async.limits.virtual import LoopClock, run
from tests.limits.rig import ENRICH, Rig

from .rows import Row

START = LoopClock().start


def million(seed: int) -> Iterator[Row]:
    """A million rows on the Scale plan: both kinds of windows, turning at random moments, by the real limiter."""
    rng = random.Random(seed)
    kinds: tuple[Kind, ...] = ("aligned", "first")
    for kind in kinds:
        turns = {"minute": rng.uniform(1, 60), "hour": rng.uniform(60, 3_600), "day": rng.uniform(20_000, 86_400)}
        given = turns if kind == "aligned" else None
        server = StrictServer(PLANS["scale"], kind=kind, now=START, turns_in=given)
        rig = Rig(server, seed=seed, jitter=0.02)
        rig.asks()
        happened = run(lambda rig=rig: rig.run(10_000))
        took = happened.done[-1] - START
        best = shortest(PLANS["scale"], 10_000, turns_in=given)
        ratio = took / best
        values = {"minutes": took / 60, "of the shortest": ratio, "usage asked": rig.asked}
        good = not server.refused and ratio <= 1.01
        yield Row("plan", f"1,000,000 rows, Scale, windows {kind}", values, len(server.refused), 0, good, "0, <= 1.01")
        guess = simulate("scale", 1_000_000, kind=kind, turns_in=given)
        values = {"minutes": guess.seconds / 60, "of the real run": guess.seconds / took}
        yield Row("plan", f"the simulator's estimate, {kind}", values, guess.refused, 0, None, "same arithmetic")


def stranger(seed: int) -> Iterator[Row]:
    """Somebody else takes half of every minute, as fast as we do; ten windows."""
    server = StrictServer(PLANS["scale"], kind="aligned", now=START, turns_in={"minute": 30.0})
    rig = Rig(server, seed=seed, jitter=0.02)
    rig.asks()
    theirs: list[float] = []

    async def other() -> None:
        while True:
            turn = START + 30 + 60 * (1 + (rig.clock.wall() - START - 30) // 60)
            for _ in range(150):
                await rig.clock.sleep(rig.rng.expovariate(12.5))
                if rig.clock.wall() < turn and server.spend(rig.clock.wall()):
                    theirs.append(rig.clock.wall())
            await rig.clock.sleep(max(turn - rig.clock.wall(), 0) + 0.001)

    async def main() -> None:
        task = asyncio.ensure_future(other())
        await rig.run(1_900)
        task.cancel()

    run(main)
    mine = server.accepted[ENRICH.endpoint]
    used, most = 1.0, 0
    for number in range(int((mine[-1] - START - 30) // 60)):
        begin = START + 30 + 60 * number
        ours = bisect_right(mine, begin + 60) - bisect_right(mine, begin)
        left = 300 - (bisect_right(theirs, begin + 60) - bisect_right(theirs, begin))
        used = min(used, ours / left)
        most = max(most, sum(begin < moment <= begin + 60 for moment, _ in server.refused))
    values = {"least used of what is left": used, "most 429s in a window": most}
    yield Row("stranger", "takes half", values, len(server.refused), 0, used >= 0.95 and most <= 1, ">= 95 %, <= 1")


def day(seed: int) -> Iterator[Row]:
    """The day ends at a random moment: 429 with "Reset in 81671 seconds", usage cannot be asked."""
    left = random.Random(seed).randrange(0, 250)
    server = StrictServer(PLANS["scale"], kind="aligned", now=START, turns_in={"day": 81_671.0}, left={"day": left})
    rig = Rig(server, seed=seed, jitter=0.02)
    happened = run(lambda: rig.run(1_000, max_wait=3_600))
    error = happened.refused_by
    resumable = error is not None and error.resume_at is not None
    known = max((happened.done[i] for i, status in enumerate(happened.statuses) if status == 429), default=START)
    values = {"allowed": left, "sent": len(happened.sent), "seconds to the end": max(happened.done) - known}
    good = resumable and len(server.refused) <= 1 and happened.statuses.count(200) == left
    yield Row("day", "429 'Reset in 81671 seconds'", values, len(server.refused), 0, good, "one too many, resumable")
