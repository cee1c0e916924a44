# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line's languages (BCP 47). `ko-KP` is not Seoul's Korean."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag, its own name in its own script, the way its text runs."""

    tag: str
    endonym: str
    right_to_left: bool = False

    @property
    def direction(self) -> str:
        """The value of HTML's `dir`."""
        return "rtl" if self.right_to_left else "ltr"


# A person may ask for a reply in any of these; a page exists only in those with approved texts.
LANGUAGES: dict[str, Language] = {
    language.tag: language
    for language in (
        Language("en", "English"),
        Language("uk", "Українська"),
        Language("ru", "Русский"),
        Language("ko-KP", "조선말"),
        Language("zh-Hans", "简体中文"),
        Language("ne", "नेपाली"),
        Language("hi", "हिन्दी"),
        Language("es", "Español"),
        Language("ar", "العربية", right_to_left=True),
        Language("fr", "Français"),
        Language("sw", "Kiswahili"),
        Language("uz-Latn", "Oʻzbekcha"),
        Language("tg", "Тоҷикӣ"),
        Language("ky", "Кыргызча"),
        Language("kk", "Қазақша"),
    )
}
