"""``python -m lusha_async.sandbox --port 8787``"""

from .serving import main

main()
