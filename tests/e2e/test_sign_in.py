"""Signing in on the real platform, in a real browser: with a wallet, and with a key's file."""

import base64
import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from solders.keypair import Keypair

from tests.e2e.axe import complaints_in_both_themes
from tests.e2e.stage import Platform, live, on_the_platform

WALLET = (Path(__file__).parent / "wallet.js").read_text()
TEXT = "solana:signIn"
BYTES = "solana:signMessage"
FIRST = "You trade 10.0000 SOL of paper money"

pytestmark = on_the_platform


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def wallet(pair: Keypair, *ways: str, name: str = "Phantom", declines: bool = False) -> str:
    """Write the script that registers a wallet with one account."""
    raw = bytes(pair)
    jwk = {"kty": "OKP", "crv": "Ed25519", "d": base64url(raw[:32]), "x": base64url(raw[32:])}
    will = {
        "name": name,
        "jwk": jwk,
        "address": str(pair.pubkey()),
        "ways": ways,
        "declines": declines,
    }
    return f"({WALLET.rstrip().rstrip(';')})({json.dumps(will)})"


def start(page: Page) -> None:
    """Go past what a wallet is told when it first comes."""
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    page.get_by_role("button", name="Start trading").click()
    expect(live(page)).to_have_text("Live")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Start with a paper wallet")).to_be_visible()


@pytest.mark.usefixtures("watched")
def test_a_wallet_writes_the_text_and_finds_its_record_again(
    page: Page, platform: Platform
) -> None:
    pair = Keypair()
    page.add_init_script(wallet(pair, TEXT, BYTES))
    page.goto(platform.url)
    page.get_by_role("button", name="Phantom").click()
    start(page)
    address = page.evaluate("localStorage.getItem('wallet')")
    assert address == str(pair.pubkey())
    user = f"{platform.url}/api/user/{address}"
    created = page.request.get(user).json()["created_at"]

    sign_out(page)
    page.get_by_role("button", name="Phantom").click()
    expect(page.get_by_text("It trades paper money.")).to_be_visible()
    expect(live(page)).to_have_text("Live")
    assert page.request.get(user).json()["created_at"] == created


@pytest.mark.usefixtures("watched")
def test_a_wallet_that_comes_late_signs_our_text(page: Page, platform: Platform) -> None:
    pair = Keypair()
    page.goto(platform.url)
    expect(page.get_by_text("such as Phantom, Solflare or Backpack")).to_be_visible()
    page.evaluate(wallet(pair, BYTES, name="Solflare"))
    page.get_by_role("button", name="Solflare").click()
    start(page)
    assert page.evaluate("localStorage.getItem('wallet')") == str(pair.pubkey())


@pytest.mark.usefixtures("watched")
def test_who_declines_is_not_signed_in(page: Page, platform: Platform) -> None:
    page.add_init_script(wallet(Keypair(), TEXT, name="Backpack", declines=True))
    page.goto(platform.url)
    page.get_by_role("button", name="Backpack").click()
    expect(page.get_by_role("alert")).to_have_text(
        "You declined to sign in Backpack. Nothing was signed."
    )
    assert page.evaluate("localStorage.getItem('wallet')") is None
    assert page.request.get(f"{platform.url}/api/auth/sessions").status == 401


@pytest.mark.usefixtures("watched")
def test_the_file_of_a_key_signs_in(page: Page, platform: Platform, tmp_path: Path) -> None:
    page.goto(platform.url)
    page.get_by_role("button", name="Start with a paper wallet").click()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download").click()
    file = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(file)
    page.get_by_role("button", name="Start trading").click()
    expect(live(page)).to_have_text("Live")
    address = page.evaluate("localStorage.getItem('wallet')")
    sign_out(page)
    page.get_by_label("Choose its file").set_input_files(file)
    expect(live(page)).to_have_text("Live")
    assert page.evaluate("localStorage.getItem('wallet')") == address


@pytest.mark.usefixtures("watched")
def test_the_login_is_for_everybody_on_one_screen(page: Page, platform: Platform) -> None:
    for name in ("Phantom", "Solflare"):
        page.add_init_script(wallet(Keypair(), TEXT, name=name, declines=True))
    page.goto(platform.url)
    page.get_by_role("button", name="Phantom").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert complaints_in_both_themes(page) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate("document.documentElement.scrollHeight") == 900
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") == 360
