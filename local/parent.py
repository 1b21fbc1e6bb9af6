from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(signum: int) -> Callable[[], None]:
    """A call that has the kernel send `signum` to the calling process when its parent dies.

    The library is loaded here, so that the call is safe between fork and exec. Elsewhere than on
    Linux the call does nothing.
    """
    if sys.platform != "linux":
        return lambda: None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
