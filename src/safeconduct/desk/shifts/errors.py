# SPDX-License-Identifier: AGPL-3.0-or-later
# ruff: noqa: N818 - a refusal is named by what was refused


class ShiftsError(Exception):
    """What shifts refuse.

    ShiftsError
    ├── HandoverRefused    `field`: who gives, who takes, or the note cannot be used
    └── HandoverGone       no such handover, or not one that this person takes
    """


class HandoverRefused(ShiftsError):
    """`field` is the one that cannot be used. What stood in it is never repeated."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the field {field} cannot be used")
        self.field = field


class HandoverGone(ShiftsError):
    pass
