"""Write what the examples print, and what is generated, into the pages anew.

    python tests/docs/rewrite.py [PAGE …]

Read the difference before keeping it: an example that changed is a change for users.
"""

import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from docs.generated import GENERATED, replaced
from docs.pages import ROOT, Page, pages
from docs.session import Example, examples, has_examples

_WIDTH = 112


def _readable(command: str, text: str) -> str:
    """JSON that was not asked for on one line is broken into lines when it is long."""
    if max(map(len, text.splitlines() or [""])) <= _WIDTH or " -c " in command:
        return text if text.endswith("\n") or not text else text + "\n"
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    except json.JSONDecodeError:
        return text if text.endswith("\n") else text + "\n"


def _rewritten(page: Page) -> str:
    with tempfile.TemporaryDirectory() as folder:
        done: dict[int, list[Example]] = {}
        for example in examples(page, Path(folder)):
            done.setdefault(example.block.start, []).append(example)
    changed = not all(example.same for found in done.values() for example in found)
    if not changed:
        return page.text
    text = page.text
    for start in sorted(done, reverse=True):
        block = done[start][0].block
        body = "".join(
            (f"$ {one.run}\n" if one.run else "") + _readable(one.run, one.real) for one in done[start]
        )
        text = text[: block.start] + body + text[block.end :]
    return text


def main(names: list[str]) -> None:
    """Rewrite the named pages, or all."""
    for page in pages():
        if names and page.name not in names:
            continue
        text = _rewritten(page) if has_examples(page) else page.text
        for name in GENERATED:
            text = replaced(text, name)
        if text != page.text:
            (ROOT / page.name).write_text(text, encoding="utf-8")
            sys.stdout.write(f"rewrote {page.name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
