"""Pictures are brought by those who write, and seen by those who work here before customers see them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import func, select

from knowledge.library import Knowledge
from knowledge.pictures import Picture
from knowledge.pictures.taking import BROUGHT_BYTES
from staff.people import User
from tests.knowledge.editor.at_work import Workplace, open_workplace
from tests.knowledge.pictures.hostile import jpeg_from_home
from tests.knowledge.pictures.test_beside_files import picture
from tests.knowledge.pictures.test_taking import SVG
from tests.knowledge.shop import RETURNS, article
from tests.staff import EVERYBODY, csrf_token, edda, jonas, mira, susanne

DOOR = "/editor/api/pictures"


@pytest.fixture
def at_work(sqlite_knowledge: Knowledge) -> Workplace:
    return open_workplace(sqlite_knowledge)


def form(content: bytes) -> dict[str, Any]:
    """What a browser sends, in memory: the client's own forms lie in files that it leaves open."""
    head = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="My Basket.png"\r\n\r\n'
    return {"data": head + content + b"\r\n--x--\r\n", "content_type": "multipart/form-data; boundary=x"}


def bring(at_work: Workplace, user: User, content: bytes) -> Any:
    return at_work.post(user, DOOR, **form(content))


def count(at_work: Workplace) -> int:
    with at_work.knowledge.database.reading() as session:
        return int(session.scalar(select(func.count()).select_from(Picture)))


def test_who_writes_brings_a_picture_and_all_who_work_here_see_it(at_work: Workplace) -> None:
    brought = bring(at_work, edda(at_work.knowledge.database), jpeg_from_home())
    assert 201 == brought.status_code
    assert (40, 60) == (brought.json["width"], brought.json["height"])
    assert brought.json["source"] == f"picture:{brought.json['url'].rpartition('/')[2]}"

    for colleague in (mira, susanne):
        seen = at_work.client(colleague(at_work.knowledge.database)).get(brought.json["url"])
        assert (200, "image/jpeg", "nosniff") == (
            seen.status_code,
            seen.headers["Content-Type"],
            seen.headers["X-Content-Type-Options"],
        )
        assert "private" in seen.headers["Cache-Control"]
        assert "sandbox" in seen.headers["Content-Security-Policy"]
        assert b"SecretCam" not in seen.data


def test_a_customer_cant_see_the_picture_of_a_draft_by_any_door(at_work: Workplace) -> None:
    name = bring(at_work, edda(at_work.knowledge.database), picture()).json["url"].rpartition("/")[2]
    at_work.knowledge.save_draft(article(RETURNS, body=f"![a label](picture:{name})"))
    at_work.knowledge.publish(article(RETURNS, id="for-us", internal=True, body=f"![a label](picture:{name})"))

    assert 302 == at_work.customer.get(f"/editor/pictures/{name}").status_code
    assert 401 == at_work.customer.get(f"/editor/pictures/{name}", headers={"Sec-Fetch-Dest": "empty"}).status_code
    assert 404 == at_work.customer.get(f"/help/pictures/{name}").status_code


@pytest.mark.parametrize(
    ("content", "status", "says"),
    ids=["nothing", "page", "svg", "cut", "large", "huge"],
    argvalues=[
        (b"", 422, "Please choose a picture."),
        (b"<script>alert(1)</script>", 422, "This is not a PNG, JPEG, GIF or WebP picture."),
        (SVG, 422, "SVG drawings can contain programs and are not taken. Please export it as a PNG."),
        (picture()[:60], 422, "The picture is damaged and can't be read."),
        (picture() + bytes(BROUGHT_BYTES), 413, "The file is larger than 15 MB. Please make it smaller."),
        (bytes(100_000_000), 413, "The file is larger than 15 MB. Please make it smaller."),
    ],
)
def test_what_can_not_be_taken_is_refused_with_a_sentence(
    at_work: Workplace, content: bytes, status: int, says: str
) -> None:
    refused = bring(at_work, edda(at_work.knowledge.database), content)

    assert (status, says) == (refused.status_code, refused.json["error"])
    assert 0 == count(at_work)


def test_the_sentence_is_in_the_language_of_whoever_reads_it(at_work: Workplace) -> None:
    user = jonas(at_work.knowledge.database)
    with at_work.knowledge.database.transaction() as session:
        session.merge(user).role = "editor"
    assert "SVG-Zeichnungen können Programme enthalten" in bring(at_work, user, SVG).json["error"]


@pytest.mark.usefixtures("one_moment")
def test_pictures_cant_be_brought_by_the_hundred(at_work: Workplace) -> None:
    user = edda(at_work.knowledge.database)
    statuses = [bring(at_work, user, picture()).status_code for _ in range(31)]

    assert [*[201] * 30, 429] == statuses


def test_a_picture_cant_be_brought_by_somebody_else(at_work: Workplace) -> None:
    database = at_work.knowledge.database
    assert 403 == bring(at_work, mira(database), picture()).status_code
    assert 400 == at_work.customer.post(DOOR, **form(picture())).status_code
    # Another site has no token, whoever is signed in.
    assert 400 == at_work.client(susanne(database)).post(DOOR, **form(picture())).status_code
    assert 0 == count(at_work)


def test_who_is_not_signed_in_cant_make_us_read_a_large_file(at_work: Workplace) -> None:
    sent = at_work.customer.post(DOOR, **form(bytes(2_000_000)))

    assert 401 == sent.status_code


def test_a_picture_cant_be_asked_for_by_another_name(at_work: Workplace) -> None:
    client = at_work.client(edda(at_work.knowledge.database))
    for name in ("..%2fhandrail.db", f"{64 * '0'}.png", f"{64 * '0'}.svg", "x"):
        assert 404 == client.get(f"/editor/pictures/{name}").status_code


def test_without_a_script_a_form_gives_the_line_for_the_text(at_work: Workplace) -> None:
    client = at_work.client(edda(at_work.knowledge.database))
    token = csrf_token(client, "/editor/pictures")

    def sent(**fields: str) -> Any:
        form = {"csrf_token": token, "picture": (BytesIO(picture()), "x.png")} | fields
        return client.post("/editor/pictures", data=form, content_type="multipart/form-data")

    silent = sent()
    assert (422, True) == (silent.status_code, "Please say what the picture tells" in silent.text)
    assert 0 == count(at_work)
    assert 'value="![A ](picture:' not in sent(alternative="A label").text
    assert 'value="![A label](picture:' in sent(alternative="A label").text
    assert 'value="![](picture:' in sent(decoration="on").text
    assert r"![x\](javascript:alert(1)) \&lt;b&gt;](picture:" in sent(alternative="x](javascript:alert(1)) <b>").text


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_nobody_of_staff_is_shown_a_file_that_is_no_picture(at_work: Workplace, role: str) -> None:
    client = at_work.client(EVERYBODY[role](at_work.knowledge.database))  # type: ignore[index]

    assert 404 == client.get("/editor/pictures/handrail.db").status_code
