"""Nothing the program offers is missing in the documentation, and nothing documented is invented."""

import ast
import re
from enum import StrEnum

import pytest
import typer

from docs.command_tree import leaves
from docs.generated import GENERATED, marked
from docs.pages import ROOT, page, pages
from house.source import syntax_tree
from jeongsan.api import lists
from jeongsan.api.asgi import ROUTES
from jeongsan.cli.main import app
from jeongsan.domain.channels import Channel
from jeongsan.domain.errors import Code
from jeongsan.domain.webhooks import EVENT_TYPES, RETRY_DELAYS_MS
from jeongsan.fetch.columns import COLUMNS
from jeongsan.fetch.remarks import Note, Problem
from jeongsan.fetch.slices import What
from jeongsan.inquiry.empty_reason import EmptyReason
from jeongsan.inquiry.parity_reasons import Reason
from jeongsan.metrics import Metrics
from jeongsan.wire.errors import EN, KO, message_of, status_of

COMMANDS = dict(leaves(typer.main.get_command(app), "jeongsan"))


@pytest.mark.parametrize(
    "route", [f"{method} {r.path}" for r in ROUTES for method in sorted((r.methods or set()) - {"HEAD"})]
)
def test_every_route_is_documented(route: str) -> None:
    assert f"`{route}`" in page("docs/api.md").text


def test_no_documented_route_is_invented() -> None:
    shown = set(re.findall(r"`((?:GET|POST|PUT|DELETE) /[^` ?]+)`", page("docs/api.md").text))
    known = {f"{method} {route.path}" for route in ROUTES for method in route.methods or set()}
    assert shown
    assert shown <= known


def test_no_documented_command_is_invented() -> None:
    shown = {re.sub(r" [A-Z_]+$", "", row[0]) for row in page("docs/operations.md").rows("command")}
    assert shown == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name: str) -> None:
    assert re.search(rf"`{name}[ `]", page("docs/operations.md").text), (
        f"docs/operations.md does not list `{name}`"
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_speaks_json(name: str) -> None:
    """Fixed for all commands, so that scripts can rely on it."""
    assert "--json" in {option for parameter in COMMANDS[name].params for option in parameter.opts}


def test_every_option_of_serve_is_documented() -> None:
    rows = page("docs/operations.md").rows("option")
    shown = {name for row in rows for name in re.findall(r"--[a-z-]+", row[0])}
    real = {
        name
        for parameter in COMMANDS["jeongsan serve"].params
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name not in ("--json", "--help")
    }
    assert shown - {"--json"} == real


def test_every_environment_variable_is_documented() -> None:
    tree = syntax_tree((ROOT / "src/jeongsan/settings.py").read_text(encoding="utf-8"))
    names = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and re.fullmatch(r"JEONGSAN_\w+", str(node.value))
    }
    assert names
    assert {row[0] for row in page("docs/operations.md").rows("variable")} == names


def test_the_table_of_errors_is_the_programs() -> None:
    """Code, status and both wordings, for every code there is; each with a word on when it comes."""
    rows = page("docs/errors.md").rows("code")
    shown = {row[0]: row[1:4] for row in rows}
    assert shown == {
        code.value: [str(status_of(code)), message_of(code, KO), message_of(code, EN)] for code in Code
    }
    assert all(len(row) == 5 and row[4] for row in rows)


def test_every_metric_is_documented() -> None:
    names = re.findall(r"^# HELP (\S+)", Metrics().page().decode(), re.MULTILINE)
    shown = {row[0] for row in page("docs/operations.md").rows("metric")}
    assert {name for name in names if not name.endswith("_created")} == shown


def test_every_reason_of_parity_is_documented() -> None:
    assert {row[0] for row in page("docs/parity.md").rows("reason")} == {reason.value for reason in Reason}


def test_every_event_type_is_documented() -> None:
    assert {row[0] for row in page("docs/webhooks.md").rows("event")} == set(EVENT_TYPES)


def test_the_retry_schedule_is_the_programs() -> None:
    minutes = ", ".join(str(delay // 60_000) for delay in RETRY_DELAYS_MS)
    assert f"after {minutes} minutes" in page("docs/webhooks.md").text.replace("\n", " ")


def test_every_channel_is_documented() -> None:
    assert {row[0] for row in page("docs/sandbox.md").rows("channel")} == {
        channel.value for channel in Channel
    }


def test_every_card_number_with_an_outcome_is_documented() -> None:
    source = (ROOT / "src/jeongsan/network/simulator.py").read_text(encoding="utf-8")
    numbers = {
        node.value
        for node in ast.walk(syntax_tree(source))
        if isinstance(node, ast.Constant) and re.fullmatch(r"9999\d{4}", str(node.value))
    }
    assert numbers
    assert {row[0] for row in page("docs/sandbox.md").rows("card number begins with")} == numbers


def test_every_empty_reason_is_documented() -> None:
    shown = {row[0] for row in page("docs/settlement.md").rows(lists.EMPTY_REASON_HEADER)}
    assert shown == set(EmptyReason)


@pytest.mark.parametrize("name", GENERATED)
def test_a_printed_part_is_up_to_date(name: str) -> None:
    found = [text for each in pages() if (text := marked(each.text, name)) is not None]
    assert found == [GENERATED[name]()], "python tests/docs/rewrite.py writes it anew"


def test_every_decision_is_in_the_index() -> None:
    index = page("docs/decisions/README.md").text
    records = sorted(path.name for path in (ROOT / "docs/decisions").glob("0*.md"))
    assert len(records) >= 5
    assert [name for name in records if f"({name})" not in index] == []


@pytest.mark.parametrize("name", [p.name for p in pages() if re.search(r"decisions/0[0-9]{3}-", p.name)])
def test_a_decision_record_says_why(name: str) -> None:
    headings = re.findall(r"^## (.+)$", page(name).text, re.MULTILINE)
    assert headings == ["Context", "Decision", "Consequences", "Alternatives"]


@pytest.mark.parametrize(("heading", "codes"), [("problem", Problem), ("note", Note)])
def test_every_remark_of_a_fetch_is_documented(heading: str, codes: type[StrEnum]) -> None:
    named = [
        name for row in page("docs/fetch.md").rows(heading) for name in re.findall(r"[A-Z_]{4,}", row[0])
    ]
    assert sorted(named) == sorted(code.value for code in codes)


@pytest.mark.parametrize("what", What)
def test_every_column_of_a_fetched_file_is_documented(what: What) -> None:
    rows = page("docs/fetch.md").rows(f"column of {what}")
    assert rows == [[column.name, column.full_type.replace('"', "")] for column in COLUMNS[what]]


@pytest.mark.parametrize(
    ("command", "where"),
    [("fetch", "fetch"), ("reconcile", "reconcile"), ("findings decide", "reconcile-report")],
)
def test_every_option_of_a_command_with_a_page_is_documented(command: str, where: str) -> None:
    shown = {
        name
        for row in page(f"docs/{where}.md").rows(f"option of {command}")
        for name in re.findall(r"--[a-z-]+", row[0])
    }
    real = {
        name
        for parameter in COMMANDS[f"jeongsan {command}"].params
        for name in parameter.opts
        if name.startswith("--") and not getattr(parameter, "hidden", False)
    }
    assert shown == real - {"--help"}
