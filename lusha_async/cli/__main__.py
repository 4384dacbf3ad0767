"""``python -m lusha_async.cli``: the same as ``lusha``."""

from . import main

main()
