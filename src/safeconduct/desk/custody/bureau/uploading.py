# SPDX-License-Identifier: AGPL-3.0-or-later
"""One file that is posted by hand, held in memory and no longer than it may be. Nothing of it touches the disk."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

_ROOM = 16 * 1024  # for the rest of the form


class InMemory(FileUploadHandler):
    """Keeps the file of a form. What is longer than `most` is not kept, and known by `is_too_long`."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most
        self.content = bytearray()
        self.is_too_long = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's own
        """Called by the parser of the form."""
        if len(self.content) + len(raw_data) > self.most:
            self.content.clear()
            self.is_too_long = True
            raise SkipFile
        self.content += raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":  # noqa: ARG002 - the same
        """The content is asked of the handler: no file is made of it."""
        return None


def hold_one_file(request: HttpRequest, most: int) -> InMemory:
    """Before the form is read. What says that it is far longer is not read at all."""
    held = InMemory(most)
    request.upload_handlers = [held]
    length = request.META.get("CONTENT_LENGTH") or "0"
    held.is_too_long = not (length.isascii() and length.isdigit()) or int(length) > most + _ROOM
    return held
