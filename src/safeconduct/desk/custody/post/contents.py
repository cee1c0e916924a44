# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page on which the contents of a person's parcels stand."""

from safeconduct.desk.custody.sealed import Page
from safeconduct.vocabulary.post import ParcelContents

PARCEL = Page("parcel", ParcelContents, ("mail",))
