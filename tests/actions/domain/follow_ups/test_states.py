from __future__ import annotations

from actions.domain.follow_ups.states import BY_HAND, Dismissal, State, came_from, may_become


def test_what_may_follow_what() -> None:
    allowed = {(old, new) for new in State for old in came_from(new)}

    assert allowed == {
        (State.OPEN, State.WORKING), (State.OPEN, State.WAITING), (State.OPEN, State.CLOSED),
        (State.WORKING, State.WAITING), (State.WORKING, State.CLOSED),
        (State.WAITING, State.WORKING), (State.WAITING, State.WAITING),
        (State.WAITING, State.CLOSED), (State.CLOSED, State.WORKING),
    }  # fmt: skip
    assert all(may_become(old, new) is ((old, new) in allowed) for old in State for new in State)


def test_nobody_dismisses_as_history() -> None:
    assert Dismissal.HISTORY not in BY_HAND
