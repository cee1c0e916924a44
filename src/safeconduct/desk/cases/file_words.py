# SPDX-License-Identifier: AGPL-3.0-or-later
"""Why there is nothing to see of a file, in a sentence."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "pdf": _("A PDF document. This desk opens no documents: one that is made to do harm would do it here."),
    "zip": _(
        "An archive, or an office document. This desk opens neither: one that is made to do harm would do it here."
    ),
    "ole": _("An office document. This desk opens no documents: one that is made to do harm would do it here."),
    "rtf": _("A text document. This desk opens no documents: one that is made to do harm would do it here."),
    "markup": _("A web page or a drawing in code. It could run something, so it is not opened."),
    "program": _("A program. It is never run or opened."),
    "video": _("A film. This desk shows no films; ask what can be seen in it, or for a picture."),
    "unknown": _("Not a kind of file that this desk knows, so it is not opened."),
    "heif": _("A picture in the format of newer iPhones, or a broken one. Ask for it as an ordinary photo (JPEG)."),
    "too-large": _(
        "A picture of more points than any telephone takes. It may be made to overload this desk, so it is not opened."
    ),
    "too-slow": _("It took too long to open and was given up. It may be made to overload this desk."),
    "broken": _("It cannot be opened: it is broken, or made to do harm. Ask the person to send it again."),
    "gone": _(
        "The file is not here: it was erased, its transfer failed, or it was altered on the disk. Tell your administrator."
    ),
    "no-sandbox": _(
        "This machine cannot shut files off safely, so none is opened. Tell your administrator to run “safeconduct doctor”."
    ),
    "busy": _("Other files are being opened at this moment. Try again in half a minute."),
}
