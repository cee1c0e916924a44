# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fonts of every language, from locked packages: never the machine's own, or two machines would print two papers."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

_PACKAGES = (
    "fontpkg_noto_sans",
    "fontpkg_noto_sans_arabic",
    "fontpkg_noto_sans_devanagari",
    "cvttf_NotoSansCJK_Regular",
    "cvttf_NotoSansCJK_Bold",
)


@cache
def fonts() -> typst.Fonts:
    """Read once a process. Typst's own fonts stand last: they know letters of more scripts, for names from elsewhere."""
    folders = [Path(str(files(package))) for package in _PACKAGES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)
