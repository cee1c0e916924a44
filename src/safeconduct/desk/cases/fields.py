# SPDX-License-Identifier: AGPL-3.0-or-later
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]  # generic only in the stubs; bytes, or None where a column allows it
else:
    _Binary = models.BinaryField


class BytesField(_Binary):
    """Bytes that come back as bytes: PostgreSQL's driver hands out memoryviews, which compare and hash otherwise."""

    def from_db_value(self, value: Any, *_: Any) -> bytes | None:
        return None if value is None else bytes(value)
