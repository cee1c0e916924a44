# SPDX-License-Identifier: AGPL-3.0-or-later
import hashlib
import json
import re
from html import unescape
from pathlib import Path

import pytest

from safeconduct.desk import project

STATIC = Path(project.__file__).parent / "static"
VENDOR = STATIC / "vendor"


@pytest.mark.rule("T12")
def test_every_vendored_script_has_the_hash_that_its_readme_says() -> None:
    told = dict(re.findall(r"`([^`]+\.js)` \|.*`([0-9a-f]{64})`", (VENDOR / "README.md").read_text()))
    there = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert told == there
    assert there


@pytest.mark.rule("T12")
def test_htmx_may_evaluate_nothing_and_ask_nobody_else() -> None:
    base = (STATIC.parent / "templates" / "base.html").read_text()
    found = re.search(r"<meta name=\"htmx-config\" content='([^']+)'", base)
    assert found
    config = json.loads(unescape(found[1]))
    assert (config["allowEval"], config["allowScriptTags"], config["includeIndicatorStyles"]) == (False, False, False)
    assert (config["selfRequestsOnly"], config["historyCacheSize"]) == (True, 0)
