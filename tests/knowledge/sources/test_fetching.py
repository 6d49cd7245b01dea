"""What is fetched by an address that somebody names: from the public web alone, and never without end."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from ipaddress import ip_address

import pytest

from knowledge.sources.fetching import BYTES, REDIRECTS, Fetcher, Limits
from knowledge.sources.public_addresses import Address, FetchError, is_public, resolve, target_of
from tests.knowledge.sources.web import PATIENT, Site, fetcher, let_in, talking

HTML = ("text/html",)
PUBLIC = ip_address("93.184.215.14")


def test_a_page_is_fetched_with_nothing_of_ours(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    url = site.put("/returns?a=b%20c", "Grüße", "text/html; charset=UTF-8", Set_Cookie="a=b")
    fetching = fetcher()
    found = fetching.fetch(f"{url}#top", HTML)
    assert (url, "text/html", "utf-8", "Grüße") == (found.url, found.kind, found.charset, found.content.decode())
    fetching.fetch(url, HTML)
    assert {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"} == set(site.headers[1])


def test_a_redirect_is_followed_to_where_the_page_is(site: Site) -> None:
    site.put("/n%C3%BCtzlich", "Here")
    site.lead("/b", "/nützlich".encode().decode("latin-1"), 308)
    assert f"{site.address}/n%C3%BCtzlich" == fetcher().fetch(site.lead("/a", "b"), HTML).url
    assert ["/a", "/b", "/n%C3%BCtzlich"] == site.asked


def test_a_packed_page_is_unpacked(site: Site) -> None:
    site.put("/gzip", gzip.compress(b"Hello"), Content_Encoding="gzip")
    site.put("/zlib", zlib.compress(b"Hello"), Content_Encoding="deflate")
    found = [fetcher().fetch(f"{site.address}{path}", HTML).content for path in ("/gzip", "/zlib")]
    assert [b"Hello", b"Hello"] == found


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
        ),
        *(
            "0.0.0.0",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.7",
            "192.88.99.1",
        ),
        *("::1", "::", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1"),
        *("::ffff:93.184.215.14", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::1", "2001:0:1::1"),
    ],
)
def test_an_internal_address_cant_be_fetched(address: str) -> None:
    assert not is_public(ip_address(address), 80)
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(FetchError, match="is not an address of the public web"):
        Fetcher(PATIENT).fetch(f"http://{host}/", HTML)


def test_the_public_web_can_be() -> None:
    assert is_public(PUBLIC, 443)
    assert is_public(ip_address("2606:2800:21f:cb07:6820:80da:af6b:8b2c"), 80)


def test_another_port_than_the_webs_cant_be_fetched() -> None:
    assert not is_public(PUBLIC, 22)
    with pytest.raises(FetchError, match=r"^93\.184\.215\.14:6379 is not an address of the public web"):
        Fetcher(PATIENT).fetch("http://93.184.215.14:6379/", HTML)


@pytest.mark.parametrize(
    "url",
    [
        *("http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/", "http://0x7f000001/", "http://127.1/"),
        *("http://①②⑦.0.0.1:x/", "http://[::1/", "http://127.0.0.1\\@example.com/", "http://a b/", "http:///x", "x"),
        *("ftp://example.com/", "file:///etc/passwd", "gopher://x/", "http://example.com/\r\nHost: x", "//example.com"),
        "http://example.com/" + "a" * 2000,
    ],
)
def test_an_address_cant_hide_another_one_in_its_form(url: str) -> None:
    with pytest.raises(FetchError, match="is not the address of a page"):
        Fetcher(PATIENT).fetch(url, HTML)


@pytest.mark.parametrize(
    "url", ["http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://localhost/", "http://LOCALHOST./"]
)
def test_a_name_that_leads_into_the_house_cant_be_fetched(url: str) -> None:
    with pytest.raises(FetchError, match=r"is not an address of the public web|is not the address of a page"):
        Fetcher(PATIENT).fetch(url, HTML)


def test_a_name_with_one_internal_address_among_public_ones_cant_be_fetched() -> None:
    def both(_host: str, _port: int) -> list[Address]:
        return [PUBLIC, ip_address("10.0.0.5")]

    with pytest.raises(FetchError, match="is not an address of the public web"):
        Fetcher(PATIENT, resolve=both).fetch("http://rebind.example/", HTML)


def test_a_name_cant_lead_elsewhere_after_it_was_looked_at(site: Site) -> None:
    site.put("/", "Here")
    answers = [[ip_address("127.0.0.1")], [ip_address("10.0.0.5")]]
    port = site.address.rpartition(":")[2]
    found = fetcher(resolve=lambda _host, _port: answers.pop(0)).fetch(f"http://rebind.example:{port}/", HTML)
    assert (b"Here", 1) == (found.content, len(answers))
    assert f"rebind.example:{port}" == site.headers[0]["Host"]


@pytest.mark.parametrize("where", ["http://10.0.0.5/", "//10.0.0.5/", "http://[::ffff:10.0.0.5]/"])
def test_a_redirect_cant_lead_to_an_internal_address(site: Site, where: str) -> None:
    with pytest.raises(FetchError, match="is not an address of the public web"):
        fetcher().fetch(site.lead("/", where), HTML)


@pytest.mark.parametrize("where", ["file:///etc/passwd", "http://a:b@127.0.0.1/", "javascript:alert(1)"])
def test_a_redirect_cant_lead_off_the_web(site: Site, where: str) -> None:
    with pytest.raises(FetchError, match=r"is not the address of a page|with a user name or password"):
        fetcher().fetch(site.lead("/", where), HTML)


def test_redirects_in_a_circle_end(site: Site) -> None:
    with pytest.raises(FetchError, match="leads on and on, more than 5 times"):
        fetcher().fetch(site.lead("/", "/"), HTML)
    assert REDIRECTS + 1 == len(site.asked)


def test_a_page_that_is_too_large_isnt_taken(site: Site) -> None:
    site.put("/", b"x" * (BYTES + 1))
    with pytest.raises(FetchError, match="is larger than 5 MB"):
        fetcher().fetch(f"{site.address}/", HTML)


def test_a_gzip_bomb_cant_fill_the_memory(site: Site) -> None:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(500)) + packer.flush()
    site.put("/", bomb, Content_Encoding="gzip")
    with pytest.raises(FetchError, match="is larger than 5 MB"):
        fetcher().fetch(f"{site.address}/", HTML)


def test_an_endless_body_ends() -> None:
    def talk(caller: socket.socket) -> None:
        caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        for _ in range(1000):
            caller.sendall(b"x" * 100_000)

    with talking(talk) as url, pytest.raises(FetchError, match="is larger than 5 MB"):
        fetcher().fetch(url, HTML)


@pytest.mark.parametrize(
    ("head", "said", "reason"),
    [
        (b"", b"H", "did not come in time"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "did not come in time"),
        (b"", b"HTTP/1.1 200 OK\r\nX: ", "did not come in time|does not answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x", "did not come in time|does not answer"),
    ],
)
def test_a_server_that_drips_cant_hold_an_import_up(head: bytes, said: bytes, reason: str) -> None:
    heard_to_the_end = []

    def talk(caller: socket.socket) -> None:
        caller.sendall(head)
        for _ in range(200):
            caller.sendall(said)
            time.sleep(0.1)
        heard_to_the_end.append(said)

    with talking(talk) as url, pytest.raises(FetchError, match=reason):
        fetcher(each=0.6).fetch(url, HTML)
    assert [] == heard_to_the_end


def test_a_server_that_says_nothing_is_left() -> None:
    after: list[bytes] = []
    with (
        talking(lambda caller: after.append(caller.recv(1))) as url,
        pytest.raises(FetchError, match="does not answer"),
    ):
        fetcher(silence=0.3).fetch(url, HTML)
    # What is heard from a caller who has left.
    assert [b""] == after


@pytest.mark.parametrize(
    "said",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\nnot gzip",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"",
    ],
)
def test_what_is_no_answer_of_a_web_server_is_said(said: bytes) -> None:
    with talking(lambda caller: caller.sendall(said)) as url, pytest.raises(FetchError, match="does not answer as"):
        fetcher().fetch(url, HTML)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/gone", "answered with status 404"),
        ("/program", "is application/octet-stream, not what is wanted"),
        ("/packed", "is packed in a way that was not asked for"),
    ],
)
def test_what_isnt_wanted_isnt_taken(site: Site, path: str, reason: str) -> None:
    site.put("/program", b"\x7fELF", "application/octet-stream")
    site.put("/packed", b"x", Content_Encoding="br")
    with pytest.raises(FetchError, match=reason):
        fetcher().fetch(f"{site.address}{path}", HTML)


def test_an_address_cant_bring_along_a_password() -> None:
    with pytest.raises(FetchError, match="with a user name or password in it"):
        target_of("https://admin:secret@example.com/")


def test_one_import_cant_fetch_for_ever(site: Site) -> None:
    url = site.put("/", "x")
    few = fetcher(fetches=2)
    few.fetch(url, HTML)
    few.fetch(url, HTML)
    with pytest.raises(FetchError, match="has fetched as much as one may"):
        few.fetch(url, HTML)
    with pytest.raises(FetchError, match="has fetched as much as one may"):
        fetcher(in_all=-1).fetch(url, HTML)


def test_a_server_is_given_a_pause(site: Site) -> None:
    url = site.put("/", "x")
    slow = Fetcher(Limits(pause=0.2), admits=let_in)
    begun = time.monotonic()
    for _ in range(3):
        slow.fetch(url, HTML)
    assert time.monotonic() - begun >= 0.4


def test_a_certificate_is_asked_for(site: Site) -> None:
    with pytest.raises(FetchError, match=r"does not answer|does not prove"):
        # Nothing is heard there that would end the greeting.
        fetcher(silence=0.5).fetch(site.address.replace("http", "https"), HTML)


def test_names_in_other_scripts_are_asked_for_as_the_network_knows_them() -> None:
    assert "xn--bcher-kva.example" == target_of("https://bücher.example/a b".replace(" ", "%20")).host
    assert "/a%20b?q=%C3%BC" == target_of("https://bücher.example/a%20b?q=ü#x").request


def test_a_host_that_isnt_there_is_said() -> None:
    def nobody(_host: str, _port: int) -> list[Address]:
        raise OSError

    with pytest.raises(FetchError, match=r"There is no server by the name nowhere\.example"):
        Fetcher(PATIENT, resolve=nobody).fetch("http://nowhere.example/", HTML)
    assert resolve("127.0.0.1", 80) == [ip_address("127.0.0.1")]
