from __future__ import annotations

import time
from collections.abc import Callable


class CircuitBreaker:
    """Open for some seconds after a failure, in which nobody asks the server that is away.

    A server that hangs costs whoever asks it the whole time-out; everybody behind them need not
    learn it again.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.clock = clock
        self.open_until = 0.0

    @property
    def is_open(self) -> bool:
        return self.clock() < self.open_until

    def trip(self) -> None:
        self.open_until = self.clock() + self.seconds
