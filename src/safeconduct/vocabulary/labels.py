# SPDX-License-Identifier: AGPL-3.0-or-later
"""The little that travels in clear with an envelope, and only while it waits."""

from dataclasses import dataclass

from safeconduct.vocabulary.applications import Kind, Urgency


@dataclass(frozen=True, slots=True)
class Label:
    """Channel, language (BCP 47), kind and urgency: what a queue needs in order to be sorted without being read."""

    channel: str
    language: str
    kind: Kind
    urgency: Urgency
