"""A run: several shops, a few slices at a time; what goes wrong in one leaves the others alone."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain, zip_longest

from jeongsan.client.errors import ClientError
from jeongsan.fetch.collect import Tell, problem_of, unwritten
from jeongsan.fetch.gone import settle_gone
from jeongsan.fetch.parquet import NotWritten, Parquet
from jeongsan.fetch.remarks import Remark
from jeongsan.fetch.repeats import settle_repeats
from jeongsan.fetch.shop_folder import Refused
from jeongsan.fetch.shop_run import Machine, Plan, Shop, ShopRun, open_shop_run
from jeongsan.fetch.slices import What
from jeongsan.fetch.workers import Task, work

PARALLEL_MAX = 4


@dataclass(frozen=True, slots=True)
class ShopOutcome:
    """`run` is None when the shop could not be begun with; `failures` are then why, and else what befell it
    as a whole."""

    name: str
    run: ShopRun | None
    failures: tuple[Remark, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every slice is fetched and nothing differs."""
        return self.run is not None and not self.failures and not any(self.run.problems())


def fetch(plan: Plan, shops: Sequence[Shop], machine: Machine, tell: Tell) -> tuple[ShopOutcome, ...]:
    """Read what is not there yet. `tell` is told in a few words what was read, from several threads.

    A KeyboardInterrupt ends it at once; what is in work is lost and nothing else.
    """
    with ExitStack() as stack:
        opened = [_opened(shop, plan, machine, stack) for shop in shops]
        runs = [one.run for one in opened if one.run is not None]
        work(list(_tasks(runs, together=plan.parallel > 1)), plan.parallel, machine, tell)
        return tuple(_finished(one, plan.whats, machine, tell) for one in opened)


def _opened(shop: Shop, plan: Plan, machine: Machine, stack: ExitStack) -> ShopOutcome:
    try:
        return ShopOutcome(shop.name, stack.enter_context(open_shop_run(shop, plan, machine)))
    except ClientError as error:
        return ShopOutcome(shop.name, None, (problem_of(error),))
    except Refused as refused:
        return ShopOutcome(shop.name, None, (refused.remark,))
    except OSError as error:
        return ShopOutcome(shop.name, None, (unwritten(error),))


def _tasks(runs: Sequence[ShopRun], *, together: bool) -> Iterator[Task]:
    """One shop after another; or in turns, so that each key is asked less often."""
    lists = [[(run, one) for one in run.todo] for run in runs]
    if not together:
        return chain.from_iterable(lists)
    return (task for turn in zip_longest(*lists) for task in turn if task is not None)


def _finished(outcome: ShopOutcome, whats: Sequence[What], machine: Machine, tell: Tell) -> ShopOutcome:
    run = outcome.run
    if run is None or not run.read:
        return outcome
    parquet = Parquet(run.folder.scratch)
    try:
        collector = run.collector(parquet, machine.stamp, tell)
        for what in whats:
            settle_repeats(run, what, collector, parquet)
            settle_gone(run, what, collector, parquet)
    except (NotWritten, OSError) as error:
        return ShopOutcome(outcome.name, run, (unwritten(error),))
    finally:
        parquet.close()
    return outcome
