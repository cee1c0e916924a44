# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sentences of reception: states of health, kinds of articles."""

from django.utils.translation import gettext_lazy as _

from safeconduct.vocabulary.effects import ArticleKind
from safeconduct.vocabulary.reception import Health

_STATES = {
    Health.GOOD: _("good"),
    Health.NOT_WOUNDED: _("not wounded"),
    Health.RECOVERED: _("recovered"),
    Health.CONVALESCENT: _("convalescent"),
    Health.SICK: _("sick"),
    Health.SLIGHTLY_WOUNDED: _("slightly wounded"),
    Health.SERIOUSLY_WOUNDED: _("seriously wounded"),
}
_KINDS = {
    ArticleKind.EQUIPMENT: _("arms, military equipment, military documents"),
    ArticleKind.MONEY: _("money"),
    ArticleKind.VALUABLE: _("valuables, for reasons of security"),
}
HEALTHS = [(state.value, words) for state, words in _STATES.items()]
KINDS = [(kind.value, words) for kind, words in _KINDS.items()]
