"""A shop of another origin that embeds the widget, under the strictest policy README promises it works with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
  <title>A shop</title>
  <link rel="stylesheet" href="/shop.css">
  <script src="{help}/widget.js" {attributes} defer></script>
</head>
<body><main><h1>A shop</h1><p>Text of the shop.</p><button id="own">Our own button</button></main></body>
</html>"""
STYLE = """
html { font-size: 62.5% }
div, section, button, dialog, a, h2 { color: red; font: 40px serif; display: inline }
div { opacity: 0.3; transform: rotate(9deg) }
"""
POLICY = (
    "default-src 'none'; script-src {help}; connect-src {help} {socket}; img-src {help}; style-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types handrail"
)


@dataclass
class Shop:
    url: str
    help: str
    """The address of the Handrail it embeds."""
    attributes: str = field(default="")
    """Of the script element."""
    files: dict[str, str] = field(default_factory=dict)
    """Other pages and scripts, by path; they are under no policy."""

    def page(self) -> str:
        return PAGE.format(help=self.help, attributes=self.attributes)

    def policy(self) -> str:
        return POLICY.format(help=self.help, socket=self.help.replace("http", "ws", 1))


@contextmanager
def open_shop(port: int, help_url: str) -> Iterator[Shop]:
    shop = Shop(f"http://127.0.0.1:{port}", help_url)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            files = {"/": shop.page(), "/shop.css": STYLE} | shop.files
            self.send_response(200 if path in files else 204)
            kind = {"css": "text/css", "js": "text/javascript"}.get(path.rpartition(".")[2], "text/html")
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            if path == "/":
                self.send_header("Content-Security-Policy", shop.policy())
            self.end_headers()
            self.wfile.write(files.get(path, "").encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield shop
    server.shutdown()
    server.server_close()
