"""The peer of benchmarks/web/answering.py: bare Django views on Koe's database.

Its middleware is Django's usual list without sessions, messages, log-in and CSRF, which a public
view without cookies has no use for: the security headers, the host check and the content length
are its own, as they are ours.
"""

from __future__ import annotations

import os
from pathlib import Path

from config.settings import *  # noqa: F403

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Without it the log-in, whose rows Koe's receivers know, does not start.
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "benchmarks.peers.answering_views"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(os.environ.get("BENCH_TEMPLATES", "."))],
    }
]
