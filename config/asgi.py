"""What the web server runs: all of Koe, which sees no request before it has arrived."""

from __future__ import annotations

from common.web.whole import WholeRequests
from config.wsgi import application as koe

# So many as PostgreSQL has connections of a web process (docs/scaling.md).
THREADS = 4

application = WholeRequests(koe, threads=THREADS)
