"""Settings of gunicorn, as docs/install.md shows them."""

import os

from tests.servers.city_app import forked

workers = 2
threads = 4
worker_class = os.environ.get("CITY_WORKERS", "gthread")
preload_app = os.environ.get("CITY_PRELOAD") == "yes"
graceful_timeout = 5
post_fork = forked
