# SPDX-License-Identifier: AGPL-3.0-or-later
"""The operator's browser as a telephone: the page, and the process that stands between SIP and the browser.

Nothing here is recorded, and no number, name or word of a call is written anywhere. The process has no database and no key.
"""
