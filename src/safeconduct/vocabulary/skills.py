# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a colleague is trained for beyond a language, and what a case may ask of whoever answers it.

The codes are stored and signed: one is never renamed, and a new one goes to the end of `SKILLS`. A release that does not
know a code yet reads past it, so that nobody waits for what this desk cannot name.
"""

from typing import Annotated

import msgspec

INTERPRETER = "interpreter"
TELEPHONE = "telephone"
SKILLS = (INTERPRETER, TELEPHONE, "units", "relatives", "minors", "medical", "legal", "distress")
NEEDED = tuple(skill for skill in SKILLS if skill != TELEPHONE)  # whoever rings is a call, and no case has to say so

Skill = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{2,20}\Z")]
