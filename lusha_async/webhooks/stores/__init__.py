"""Where a receiver remembers what it has received: in memory, in an SQLite file, in Redis."""

from .base import Kept, Store, StoreFull
from .memory import MemoryStore
from .redis import RedisStore
from .sqlite import SQLiteStore

__all__ = ["Kept", "MemoryStore", "RedisStore", "SQLiteStore", "Store", "StoreFull"]
