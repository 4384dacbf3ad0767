"""A local Lusha: every operation on invented data, with limits, credits, faults and webhooks.

::

    async with Sandbox(plan="premium", faults=Faults(rate=0.05)) as sandbox:
        async with LushaClient(sandbox.api_key, base_url=sandbox.url) as lusha:
            ...

What can be asked for by name (nobody found, restricted, nothing to reveal) stands in `lusha_async.sandbox.world`.
"""

from .clock import Clock, ManualClock, SystemClock
from .faults import KINDS as FAULT_KINDS
from .faults import Faults
from .server import Sandbox
from .serving import serve

__all__ = ["FAULT_KINDS", "Clock", "Faults", "ManualClock", "Sandbox", "SystemClock", "serve"]
