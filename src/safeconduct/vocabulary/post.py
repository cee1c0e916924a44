# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is written down of a parcel when it is opened before its owner (GC III, arts. 72 and 76). It is sealed to the mail office."""

from typing import Annotated

import msgspec

CONTENTS_MOST = 4_000

Contents = Annotated[str, msgspec.Meta(max_length=CONTENTS_MOST)]


class ParcelContents(msgspec.Struct, frozen=True, kw_only=True, tag_field="record", tag="parcel/1"):
    """One thing a line, as its owner saw it. Nothing of it is taken away."""

    parcel: int
    contents: Contents
