# SPDX-License-Identifier: AGPL-3.0-or-later
"""Security keys (WebAuthn) in place of the six digits: what a browser is asked, and whether its answer fits.

A second factor beside the passphrase, which stays what opens the vault. Nothing is stored on the key itself (no
discoverable credential): one that is found must not tell that its owner works here.
"""

import secrets
from collections.abc import Iterable

import webauthn
from django.conf import settings
from django.db import transaction
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorAttachment,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from safeconduct.desk.audit import acts as audit
from safeconduct.desk.operators import rotation
from safeconduct.desk.operators.errors import KeyNotBelieved
from safeconduct.desk.operators.models import Operator, SecurityKey

CHALLENGE_BYTES = 32
MOST = 8  # keys of one person
ANSWER_MAX = 16_384  # characters; an attestation with a chain of certificates is a few thousand
_NOBODY = "operator"  # shown by some browsers, stored by none: it names no one
_SELECTION = AuthenticatorSelectionCriteria(
    authenticator_attachment=AuthenticatorAttachment.CROSS_PLATFORM,
    resident_key=ResidentKeyRequirement.DISCOURAGED,
    user_verification=UserVerificationRequirement.DISCOURAGED,  # the passphrase is what they know
)


def challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE_BYTES)


def to_register(operator: Operator, asked: bytes) -> str:
    """What the browser is given to register one more key, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=settings.DESK.host,
        rp_name="Desk",
        user_name=_NOBODY,
        user_id=secrets.token_bytes(16),
        challenge=asked,
        authenticator_selection=_SELECTION,
        exclude_credentials=_named(operator.security_keys.all()),
    )
    return webauthn.options_to_json(options)


def to_sign_in(operator: Operator, asked: bytes) -> str:
    """What the browser is given so that one of this operator's keys signs."""
    options = webauthn.generate_authentication_options(
        rp_id=settings.DESK.host,
        challenge=asked,
        allow_credentials=_named(operator.security_keys.all()),
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    return webauthn.options_to_json(options)


@transaction.atomic
def register(operator: Operator, label: str, answer: str, asked: bytes) -> SecurityKey:
    """Keep a new key of theirs. Raises `KeyNotBelieved`, also when it is registered already or they have too many."""
    Operator.objects.select_for_update().get(pk=operator.pk)
    try:
        told = webauthn.verify_registration_response(
            credential=_short(answer),
            expected_challenge=asked,
            expected_rp_id=settings.DESK.host,
            expected_origin=settings.DESK.origin,
        )
    except (WebAuthnException, ValueError) as error:
        raise KeyNotBelieved(type(error).__name__) from None
    if SecurityKey.objects.filter(credential=told.credential_id).exists() or operator.security_keys.count() >= MOST:
        raise KeyNotBelieved("registered already, or too many")
    kept = SecurityKey.objects.create(
        operator=operator,
        credential=told.credential_id,
        public=told.credential_public_key,
        count=told.sign_count,
        label=label,
        added=rotation.today(),
    )
    audit.record(operator, "operators.key_registered")
    return kept


@transaction.atomic
def verify(operator: Operator, answer: str, asked: bytes) -> None:
    """One of their keys signed exactly this challenge, here and now. Raises `KeyNotBelieved`; a copy of a key is told by its count."""
    for kept in operator.security_keys.select_for_update():
        try:
            told = webauthn.verify_authentication_response(
                credential=_short(answer),
                expected_challenge=asked,
                expected_rp_id=settings.DESK.host,
                expected_origin=settings.DESK.origin,
                credential_public_key=bytes(kept.public),
                credential_current_sign_count=kept.count,
            )
        except (WebAuthnException, ValueError):
            continue
        if told.credential_id == bytes(kept.credential):
            kept.count = told.new_sign_count
            kept.save(update_fields=["count"])
            return
    raise KeyNotBelieved("none of this operator's keys signed it")


@transaction.atomic
def remove(operator: Operator, pk: int) -> bool:
    """One of their own. Whether it was there."""
    gone, _ = operator.security_keys.filter(pk=pk).delete()
    if gone:
        audit.record(operator, "operators.key_removed")
    return bool(gone)


def _named(kept: Iterable[SecurityKey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=bytes(one.credential)) for one in kept]


def _short(answer: str) -> str:
    if len(answer) > ANSWER_MAX:
        raise KeyNotBelieved("too long")
    return answer
