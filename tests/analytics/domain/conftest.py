from __future__ import annotations

from hypothesis import settings

# A first call warms caches in pandas; how long it takes says nothing about the rule under test.
settings.register_profile("koe-statistics", deadline=None, max_examples=60)
settings.load_profile("koe-statistics")
