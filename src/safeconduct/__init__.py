# SPDX-License-Identifier: AGPL-3.0-or-later
"""Safe Conduct: the software behind a 24-hour line that lets a soldier lay down arms and live."""
