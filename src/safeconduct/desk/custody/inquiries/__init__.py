# SPDX-License-Identifier: AGPL-3.0-or-later
"""What relatives ask of the Bureau (art. 123). Nobody of another office learns that somebody asked (R45)."""
