"""A visitor of the console: a browser's requests without a browser, and reading what a page shows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from jeongsan.api.asgi import create_app
from jeongsan.app import Gateway
from jeongsan.console.routes import pages_of

ADDRESS = "http://127.0.0.1:8080"
_VOID = {"meta", "link", "input", "br"}


@dataclass
class Element:
    """An element of a page with everything below it."""

    tag: str
    attributes: dict[str, str]
    children: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """What a person reads, with single blanks."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    def all(self, tag: str, **attributes: str) -> "list[Element]":
        """Every element of this tag below, with these attributes (`class_` for class)."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            one
            for one in self._below()
            if one.tag == tag and all(one.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> "Element":
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def rows(self) -> list[list[str]]:
        """The cells of every table row below, as text, heads included."""
        cells = [[c for c in row.children if isinstance(c, Element)] for row in self.all("tr")]
        return [[cell.text for cell in row] for row in cells]

    def form(self) -> dict[str, str]:
        """What a browser would send of the form below that is posted."""
        form = self.one("form", method="post")
        fields = {i.attributes["name"]: i.attributes.get("value", "") for i in form.all("input")}
        for select in form.all("select"):
            chosen = [o for o in select.all("option") if "selected" in o.attributes]
            fields[select.attributes["name"]] = chosen[0].attributes["value"]
        return fields

    def _below(self) -> "Iterator[Element]":
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child._below()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        assert closed.tag == tag, f"<{closed.tag}> is closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read(answer: httpx.Response) -> Element:
    """The page of an answer. Fails where tags do not match."""
    assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.text
    reader = _Reader()
    reader.feed(answer.text)
    reader.close()
    (page,) = reader.open
    return page


def visitor(
    gateway: Gateway, *, peer: str = "127.0.0.1", address: str = ADDRESS, **headers: str
) -> httpx.AsyncClient:
    """A browser at this peer address that was sent to the console by this address."""
    app = create_app(gateway, pages_of(gateway))
    transport = httpx.ASGITransport(app=app, client=(peer, 50_000))
    return httpx.AsyncClient(transport=transport, base_url=address, headers=headers)
