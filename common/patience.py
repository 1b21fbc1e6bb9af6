from __future__ import annotations

import time
from collections.abc import Callable


class Patience:
    """Waits once for a server that does not answer, and then lets it be for some seconds.

    A server that hangs costs whoever asks it the whole time-out; everybody behind them need not
    learn it again.
    """

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.clock = clock
        self.over_until = 0.0

    @property
    def is_over(self) -> bool:
        return self.clock() < self.over_until

    def lose(self) -> None:
        self.over_until = self.clock() + self.seconds
