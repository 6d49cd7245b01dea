"""A web widget for Rasa that others wrote connects as it is: rasa-webchat 1.0.1, from npm."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shop import Shop
from tests.conftest import ROOT

PACKAGE = "rasa-webchat@1.0.1"
SHA256 = "bfedd788e4bd7df12f64b5bf2963e634f84bac1cb176b6cede60c507d3553f1e"
"""Of the script that was looked at."""
KEPT = ROOT / ".cache" / "handrail" / "tests" / "rasa-webchat-1.0.1.js"
HTML = """<!doctype html><html><head><title>A page with another widget</title></head><body>
<script src="/rasa-webchat.js"></script>
<script>WebChat.default({{customData: {{language: "en"}}, socketUrl: "{help}"}}, null)</script>
</body></html>"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> str:
    if not KEPT.exists():
        _fetch(tmp_path_factory.mktemp("npm"))
    assert SHA256 == hashlib.sha256(KEPT.read_bytes()).hexdigest()
    return KEPT.read_text()


def _fetch(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed (Debian: npm)")
    packed = subprocess.run([npm, "pack", PACKAGE], check=False, cwd=folder, capture_output=True)
    if packed.returncode:
        pytest.skip(f"npm could not fetch {PACKAGE}")
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        member = package.extractfile("package/lib/index.js")
        assert member is not None
        KEPT.parent.mkdir(parents=True, exist_ok=True)
        KEPT.write_bytes(member.read())


def test_it_holds_a_conversation(page: Page, shop: Shop, script: str) -> None:
    shop.files = {"/rasa.html": HTML.format(help=shop.help), "/rasa-webchat.js": script}
    page.route("https://**", lambda route: route.abort())  # It asks another site for a typeface.
    page.goto(f"{shop.url}/rasa.html")
    page.locator(".rw-launcher").click()
    page.locator(".rw-new-message").fill("How long do I have to return something?")
    page.keyboard.press("Enter")
    expect(page.locator(".rw-response").last).to_contain_text("30 days")
    expect(page.locator(".rw-response a")).to_have_text("Return window and exceptions")

    page.get_by_text("This helped").click()
    expect(page.locator(".rw-response").last).to_contain_text("Good to hear")
