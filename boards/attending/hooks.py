"""What follows from the recording of a meeting: each part of the wing adds its own function when the portal starts."""

from collections.abc import Callable

# (meeting) -> None: who came to a held meeting was recorded, or put right.
on_marked: list[Callable] = []
# (meeting, *, by, reason) -> None: who came was put right after the minutes were agreed.
on_corrected: list[Callable] = []
