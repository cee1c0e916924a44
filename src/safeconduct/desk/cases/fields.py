# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import Any

from django.db import models


class BytesField(models.BinaryField):  # type: ignore[type-arg]  # generic only in the stubs
    """Bytes that come back as bytes: PostgreSQL's driver hands out memoryviews, which compare and hash otherwise."""

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else bytes(value)
