# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes `bureau.json` anew: `python tests/vectors/make_bureau.py`, only when the format changes. See `make.py`."""

import hashlib
import json
from datetime import date
from pathlib import Path

from safeconduct.sealing import packages
from safeconduct.sealing.keys import PrivateKey
from safeconduct.sealing.packages import Acknowledgement, Bureau, Received
from safeconduct.sealing.signatures import SigningKey
from safeconduct.vocabulary import bureau
from safeconduct.vocabulary.bureau import Notified, Particulars
from safeconduct.vocabulary.identity import Birth

HERE = Path(__file__).parent
DAY = date(2026, 11, 22)


def fixed(name: str, length: int = 32) -> bytes:
    """Bytes that anybody can make again from a name."""
    return hashlib.shake_256(b"safe conduct vectors: " + name.encode()).digest(length)


def main() -> None:
    opening = PrivateKey.from_seed(fixed("bureau opening"))
    line, signing = SigningKey.from_seed(fixed("custody")), SigningKey.from_seed(fixed("bureau signing"))
    token = fixed("package", 16)
    about = Particulars(surname="Чхве", first_names="Мин", rank="상등병", birth=Birth("주체 93년 4월 2일"))
    told = Notified(
        number=7, token=token.hex(), prisoner="UA-0001", kind="registered", day=DAY, made=DAY, camp="Stanytsia", about=about
    )  # fmt: skip
    plain = bureau.encode(told)
    package = packages.seal_package(plain, series=fixed("series", 16), day=DAY, bureau=opening.public, signer=line)
    received = Received(7, token)
    said = packages.acknowledge(Acknowledgement(line.verify_key.key_id, DAY, (received,)), signing)
    vectors = {
        "opening_seed": opening.seed.hex(),
        "bureau_seed": signing.seed.hex(),
        "bureau_pub": Bureau(opening.public, signing.verify_key).raw.hex(),
        "line_public": line.verify_key.raw.hex(),
        "line_pub": packages.line_file(line.verify_key).hex(),
        "package": package.hex(),
        "plain": plain.hex(),
        "acknowledgement": {
            "day": DAY.isoformat(),
            "received": [{"number": 7, "token": token.hex()}],
            "raw": said.hex(),
        },
    }
    (HERE / "bureau.json").write_text(json.dumps(vectors, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
