"""The pages of staff in a browser: the first admin, the door, the account and the administration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from db import Database
from staff.people import User
from tests.browser.conftest import violations, violations_by_day_and_night
from tests.conftest import demo_copy
from tests.server import Server
from tests.staff import PASSWORD, sign_in_browser

ADA = "ada@fennimor.example"
PHONE = {"width": 390, "height": 844}
PAGES = (
    "/staff/account",
    "/admin/staff",
    "/admin/staff/new",
    "/admin/teams",
    "/admin/audit",
)


@pytest.fixture(scope="module")
def server(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A Handrail of its own, where Ada becomes the first admin before anything else."""
    server = demo_copy(demo_template, tmp_path_factory.mktemp("staff-server"), COMPANY="Fennimor")
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def staff(server: Server) -> Iterator[Database]:
    database = Database(server.database_url)
    yield database
    database.close()


@pytest.fixture(scope="module")
def first_link(server: Server) -> str:
    """What the server printed when it began."""
    found = re.search(r"http://\S+/staff/link/\S+", server.log())
    assert found is not None
    return found[0]


@pytest.fixture(scope="module")
def ada(browser: Browser, first_link: str, staff: Database) -> User:
    """The first admin, made by the printed link with the keyboard alone."""
    page = browser.new_page(locale="en-GB")
    page.goto(first_link)
    assert [] == violations(page)
    for text in ("Ada Novak", ADA, PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.get_by_role("button", name="Make account").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Your account is made. Please sign in.")
    page.context.close()
    with staff.reading() as session:
        return session.scalars(select(User).filter_by(email=ADA)).one()


@pytest.fixture
def admin(context: BrowserContext, page: Page, server: Server, staff: Database, ada: User, problems: list[str]) -> Page:
    """A page on which Ada is signed in."""
    sign_in_browser(context, server.url, staff, ada)
    return page


def test_the_first_admin_signs_in_and_out(page: Page, server: Server, ada: User, problems: list[str]) -> None:
    page.goto(f"{server.url}/admin/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(ADA)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff")

    page.get_by_label("Account of Ada Novak").press("Enter")
    page.get_by_role("button", name="Sign out").press("Enter")
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_wrong_password_keeps_the_address_and_says_so(page: Page, server: Server, ada: User) -> None:
    page.goto(f"{server.url}/staff/sign-in")
    page.get_by_label("E-mail address").fill("nobody@fennimor.example")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("is not right")
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@fennimor.example")
    assert [] == violations(page)


def test_a_password_can_be_looked_at_while_it_is_typed(page: Page, server: Server, problems: list[str]) -> None:
    page.goto(f"{server.url}/staff/sign-in")
    box = page.get_by_label("Password")
    box.fill("what I typed")
    page.get_by_role("button", name="Show").click()
    expect(box).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide").click()
    expect(box).to_have_attribute("type", "password")


def test_somebody_is_added_and_comes_in_with_a_second_factor(admin: Page, browser: Browser, server: Server) -> None:
    admin.goto(f"{server.url}/admin/staff")
    admin.get_by_role("link", name="Add somebody").click()
    admin.get_by_label("Name", exact=True).fill("Mira Lindqvist")
    admin.get_by_label("E-mail address").fill("mira@fennimor.example")
    admin.get_by_label("Language of their pages").select_option("de")
    admin.get_by_label("Support").check()
    admin.get_by_label("Web chat").fill("4")
    admin.get_by_role("button", name="Add and make the link").click()
    assert [] == violations(admin)
    link = admin.locator("#link").inner_text().strip()
    admin.goto(f"{server.url}/admin/staff")
    expect(admin.get_by_role("listitem").filter(has_text="Mira Lindqvist")).to_contain_text("Invited")

    mira = browser.new_page(locale="de-DE")
    _chooses_a_password(mira, link)
    secret = _sets_up_a_second_factor(mira, server)
    _comes_in_with_a_code(mira, server, pyotp.TOTP(secret))
    mira.context.close()


def _chooses_a_password(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.get_by_role("heading", level=1)).to_have_text("Guten Tag, Mira Lindqvist")
    assert [] == violations(page)
    page.get_by_label("Neues Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Passwort speichern").click()
    page.get_by_label("E-Mail-Adresse").fill("mira@fennimor.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def _sets_up_a_second_factor(page: Page, server: Server) -> str:
    page.goto(f"{server.url}/staff/account")
    section = page.locator("#second-factor")
    section.get_by_label("Ihr Passwort").fill(PASSWORD)
    section.get_by_role("button", name="Einrichten").click()
    secret = "".join(section.locator(".secret-text").inner_text().split())
    assert [] == violations(page)
    section.get_by_label("sechs Ziffern").fill(pyotp.TOTP(secret).now())
    section.get_by_role("button", name="Einschalten").click()
    expect(page.locator("#codes li")).to_have_count(10)
    assert [] == violations(page)
    return secret


def _comes_in_with_a_code(page: Page, server: Server, app: pyotp.TOTP) -> None:
    page.context.clear_cookies()
    page.goto(f"{server.url}/staff/account")
    page.get_by_label("E-Mail-Adresse").fill("mira@fennimor.example")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Noch ein Schritt")
    assert [] == violations(page)
    # The code that switched it on was used; the next one is already good.
    page.get_by_label("Code").fill(app.at(_now() + 30))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Konto")


def _now() -> int:
    from time import time

    return int(time())


def test_a_team_is_made_and_its_name_is_changed(admin: Page, server: Server) -> None:
    admin.goto(f"{server.url}/admin/teams")
    admin.get_by_label("Name").fill("Espresso")
    admin.get_by_role("button", name="Add").click()
    expect(admin.get_by_role("status")).to_have_text("The team is there. Who belongs to it?")
    admin.get_by_role("checkbox", name="Ada Novak").check()
    admin.get_by_role("button", name="Save").click()
    assert [] == violations(admin)
    admin.goto(f"{server.url}/admin/teams")
    expect(admin.get_by_role("listitem").filter(has_text="Espresso")).to_contain_text("Ada Novak")


def test_what_can_not_be_taken_back_is_asked_first(admin: Page, server: Server, ada: User) -> None:
    admin.goto(f"{server.url}/admin/staff/{ada.id}")
    asked = []
    admin.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    admin.get_by_role("button", name="Deactivate").click()

    assert ["Deactivate Ada Novak?"] == asked
    expect(admin.get_by_role("alert")).to_have_count(0)


def test_the_log_shows_times_of_the_readers_place(admin: Page, server: Server) -> None:
    admin.goto(f"{server.url}/admin/audit?action=first_admin_made")

    expect(admin.locator("time").first).not_to_contain_text("UTC")
    expect(admin.get_by_role("list").filter(has_text="First admin made")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_and_a_phone_shows_all(admin: Page, server: Server, path: str) -> None:
    admin.goto(f"{server.url}{path}")
    assert [] == violations_by_day_and_night(admin)
    admin.set_viewport_size(PHONE)
    assert admin.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert [] == violations_by_day_and_night(admin)


def test_everything_is_reached_with_the_keyboard(admin: Page, server: Server) -> None:
    admin.goto(f"{server.url}/admin/staff")
    reached = set()
    for _ in range(25):
        admin.keyboard.press("Tab")
        reached.add(
            admin.evaluate("document.activeElement.innerText || document.activeElement.ariaLabel || ''").strip()
        )

    assert {"Skip to content", "Admin", "Staff", "Teams", "Audit log", "Add somebody", "Ada Novak"} <= reached


def test_without_scripts_all_of_it_works(browser: Browser, server: Server, ada: User) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{server.url}/admin/audit")
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Audit log")
    expect(page.locator("time").first).to_contain_text("UTC")
    page.get_by_label("Account of Ada Novak").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.context.close()
