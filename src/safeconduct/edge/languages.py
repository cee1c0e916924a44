# SPDX-License-Identifier: AGPL-3.0-or-later
"""R12: which languages this door may speak."""

from safeconduct.dialogue.texts import AVAILABLE, texts
from safeconduct.edge.board import View


def served(view: View, *, demonstration: bool) -> tuple[str, ...]:
    """In production only what two people approved, by the hash of exactly these sentences."""
    return tuple(tag for tag in AVAILABLE if _may_serve(tag, view, demonstration=demonstration))


def _may_serve(tag: str, view: View, *, demonstration: bool) -> bool:
    spoken = texts(tag)
    return spoken.is_complete and (demonstration or view.approved.get(tag) == spoken.content_hash)
