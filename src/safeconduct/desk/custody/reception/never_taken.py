# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stays with a prisoner of war whatever anybody orders (art. 18): papers, discs, badges, decorations, protection (R23).

The words catch a hand that writes them down as taken. That nothing else can say so is held by the closed list of kinds.
"""

from safeconduct.vocabulary.ranks import fold

# The beginnings of words, and for scripts without spaces any place in the text.
_BEGINNINGS = (
    "passport; pasport; pasaporte; passeport; паспорт; төлқұжат; шиноснома; راہداری; جواز سفر; राहदानी; "
    "identity card; identity paper; identity document; id card; military id; identification; carte d identite; "
    "carnet de identidad; documento de identidad; cedula de identidad; بطاقة هوية; هوية; هويه; نागरिकता; परिचय पत्र; परिचयपत्र; "
    "удостоверение; посвідчення; военный билет; військовий квиток; военник; жеке куәлік; куәлік; күбөлүк; guvohnoma; гувоҳнома; "
    "identity disc; identity disk; identity tag; dog tag; dogtag; жетон; "
    "medal; decoration; медаль; орден; наград; нагород; medalla; medaille; "
    "badge of rank; rank badge; insignia; погон; знаки различия; знак различия; знаки розрізнення; відзнак; шеврон; "
    "helmet; gas mask; gasmask; каска; шлем; шолом; противогаз; протигаз"
)
_ANYWHERE = "여권; 려권; 신분증; 공민증; 군관증; 군인증; 훈장; 메달; 군번; 护照; 身份证; 军官证; 士兵证; 勋章; 奖章; 军衔; 头盔; 防毒面具"
_STEMS = tuple(fold(one) for one in _BEGINNINGS.split(";"))
_INNER = tuple(fold(one) for one in _ANYWHERE.split(";"))


def is_never_taken(what: str) -> bool:
    """Whether these words name something that stays with the person."""
    folded = f" {fold(what)}"
    return any(f" {stem}" in folded for stem in _STEMS) or any(word in folded for word in _INNER)
