"""What others hear of health. In a module of its own: who listens need not load what computes."""

from __future__ import annotations

from django.dispatch import Signal

# That the scores of a `day` are there, in the transaction of it, on `today`.
scored = Signal()
# That a band was set by hand or is no more, in the transaction of it: `customer`, `before`,
# `after`, `now`; empty is the computed one.
band_set = Signal()
