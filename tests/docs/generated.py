"""Parts of the pages that are printed from the program: the state diagram, the table of refusals, and what
`contract_tables` makes.

They stand between `<!-- generated: NAME -->` and `<!-- end -->`.
"""

import re

from docs.contract_tables import price_lists, worked_rows
from jeongsan.domain.payment_states import REFUSALS, TRANSITIONS, Action, Status


def state_diagram() -> str:
    """The state table as a Mermaid diagram, one arrow per pair of statuses and action."""
    arrows: dict[str, None] = {"[*] --> READY: window opened": None}
    for (status, action, whole, zero), following in TRANSITIONS.items():
        arrows[f"{status} --> {following}: {_label(action, whole=whole, zero=zero)}"] = None
    reached = set(TRANSITIONS.values())
    left = {key[0] for key in TRANSITIONS}
    for status in Status:
        if status in reached and status not in left:
            arrows[f"{status} --> [*]"] = None
    return "```mermaid\nstateDiagram-v2\n" + "".join(f"    {arrow}\n" for arrow in arrows) + "```"


def _label(action: Action, *, whole: bool, zero: bool) -> str:
    if action is not Action.CANCEL:
        return action.value
    if whole:
        return "cancel everything at once"
    return "cancel the rest" if zero else "cancel a part"


def refusal_table() -> str:
    """What an action is answered with from the statuses that do not allow it."""
    lines = ["| status | action | answered with |", "| --- | --- | --- |"]
    lines += [f"| `{status}` | {action} | `{code}` |" for (status, action), code in REFUSALS.items()]
    return "\n".join(lines)


GENERATED = {
    "state diagram": state_diagram,
    "refused actions": refusal_table,
    "worked rows": worked_rows,
    "price lists": price_lists,
}


def marked(text: str, name: str) -> str | None:
    """What a page holds between the marks of this name; None without marks."""
    found = _between(name).search(text)
    return None if found is None else found[2].strip("\n")


def replaced(text: str, name: str) -> str:
    """The page with the part printed anew."""
    return _between(name).sub(lambda found: f"{found[1]}\n{GENERATED[name]()}\n{found[3]}", text)


def _between(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- generated: {name} -->)(.*?)(<!-- end -->)", re.DOTALL)
