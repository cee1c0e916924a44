# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the Convention asks for when somebody has died (R36). A death that is violent or unexplained opens an inquiry by itself.

In clear: that and when somebody died, was examined, certified and buried. The cause opens for the medical team, the registrars
and the Bureau, who certify and notify it (art. 120); all else for registrars and the Bureau. The monitor and counsel see the days.
"""
