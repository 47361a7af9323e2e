"""Rows that were read before and are listed no more: what held them is kept, and it is told.

A payment company takes nothing out of a list of days that are over. An outage that answers with an empty
list does, and so does a key of another shop.
"""

from jeongsan.fetch.collect import Collector
from jeongsan.fetch.parquet import Parquet
from jeongsan.fetch.remarks import Problem, Remark
from jeongsan.fetch.shop_run import ShopRun
from jeongsan.fetch.slices import What


def settle_gone(run: ShopRun, what: What, collector: Collector, parquet: Parquet) -> None:
    """Files that were set aside stay where a row of theirs is in no slice any more, which is a problem of its
    old slice; the others go. Raises parquet.NotWritten, OSError."""
    asides = [(one, aside) for one, aside in sorted(run.folder.aside.items()) if one.what is what]
    for one, aside in asides:
        count, first = parquet.gone(aside, run.folder.files(what))
        if not count:
            aside.unlink()
            continue
        kept_in = str(aside.relative_to(run.folder.path))
        remark = Remark(Problem.GONE, {"rows": count, "transactionKey": first, "keptIn": kept_in})
        run.read[one] = collector.also(one, remark)
