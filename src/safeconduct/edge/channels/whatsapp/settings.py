# SPDX-License-Identifier: AGPL-3.0-or-later
"""channels/whatsapp.toml. README.md says where each value comes from."""

from pathlib import Path
from typing import Annotated

import msgspec

from safeconduct.edge.channels.errors import SendRefused, SettingsRefused
from safeconduct.edge.channels.private_files import read_private_line
from safeconduct.edge.channels.reach import Origin

_ME = "channels/whatsapp.toml"
_OF_META = ("facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    phone_number_id: Annotated[str, msgspec.Meta(pattern="^[0-9]{5,30}$")]
    access_token: str | None = None
    access_token_file: str | None = None
    app_secret: str | None = None
    app_secret_file: str | None = None
    verify_token: str | None = None
    verify_token_file: str | None = None
    graph_url: str = "https://graph.facebook.com/v24.0"
    template: Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,512}$")] | None = None
    template_languages: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Settings(…)"

    def secret(self, name: str) -> str:
        """The value of `name`, or of the file that `name`_file names. Raises `SettingsRefused`."""
        given, file = getattr(self, name), getattr(self, f"{name}_file")
        if (given is None) == (file is None):
            raise SettingsRefused(f"{_ME}: give either {name} or {name}_file")
        found = str(given).strip() if file is None else read_private_line(Path(file))
        if not found or not found.isascii() or not found.isprintable():
            raise SettingsRefused(f"{_ME}: {name} must be one line of printable ASCII")
        return found

    def base_url(self) -> str:
        """Raises `SettingsRefused` for one that would carry the token in the clear."""
        origin = _origin(self.graph_url)
        if origin is None or (origin.scheme != "https" and origin.host not in _LOOPBACK):
            raise SettingsRefused(f"{_ME}: graph_url must begin with https://")
        return self.graph_url.rstrip("/")

    def is_of_meta(self) -> bool:
        """Whether the Graph API is Meta's own."""
        return _is_of_meta(_origin(self.graph_url))

    def may_have_token(self, url: str) -> bool:
        """Whether a file's address, which came out of an answer, is Meta's: the token is sent along."""
        origin = _origin(url)
        return origin is not None and (origin == _origin(self.graph_url) or _is_of_meta(origin))

    def template_for(self, language: str) -> dict[str, object] | None:
        """The approved knock in this language, or in the one that it belongs to (`pt-BR`: `pt`)."""
        code = self.template_languages.get(language) or self.template_languages.get(language.partition("-")[0])
        return {"name": self.template, "language": {"code": code}} if self.template and code else None


def _origin(url: str) -> Origin | None:
    """None for what is no address at all."""
    try:
        return Origin.of(url)
    except SendRefused:
        return None


def _is_of_meta(origin: Origin | None) -> bool:
    if origin is None or (origin.scheme, origin.port) != ("https", 443):
        return False
    return any(origin.host == name or origin.host.endswith(f".{name}") for name in _OF_META)
