"""The house rules, applied to this repository."""

import pytest

from house import content, direction, exceptions, litter, map_of_packages, shape
from house.source import PACKAGE, ROOT, hold, modules, text_files

SOURCE = modules()
TESTS = modules(ROOT / "tests", "tests")


def test_imports_follow_the_arrows_of_the_architecture() -> None:
    hold(direction.direction(SOURCE), exceptions.DIRECTION)


def test_no_module_reaches_itself_by_its_imports() -> None:
    hold(direction.cycles(SOURCE), {})


def test_no_import_hides_in_a_function() -> None:
    hold(direction.hidden([*SOURCE, *TESTS]), {})


def test_nothing_is_imported_on_demand() -> None:
    """Tests may: what `--all` needs is not installed everywhere."""
    hold(direction.on_demand(SOURCE), exceptions.ON_DEMAND)


def test_a_module_has_at_most_500_lines() -> None:
    hold(shape.long_modules([*SOURCE, *TESTS]), {})


def test_a_function_has_at_most_60_lines() -> None:
    hold(shape.long_functions([*SOURCE, *TESTS]), {})


def test_a_function_has_at_most_six_parameters() -> None:
    hold(shape.many_parameters(SOURCE), exceptions.PARAMETERS)


def test_a_class_has_at_most_fifteen_public_methods() -> None:
    hold(shape.god_classes(SOURCE), {})


def test_files_are_named_after_what_they_hold() -> None:
    hold(shape.empty_names([*SOURCE, *TESTS]), {})


def test_every_module_says_what_it_owns() -> None:
    hold(shape.silent_modules(SOURCE), {})


def test_the_domain_knows_no_float_and_no_unrounded_division() -> None:
    hold(content.floats(SOURCE), exceptions.FLOATS)


def test_only_the_clock_module_reads_real_time() -> None:
    hold(content.clock_reads(SOURCE), {})


def test_sql_lives_in_the_store() -> None:
    hold(content.stray_sql(SOURCE), exceptions.SQL)


def test_only_loop_and_store_begin_and_commit() -> None:
    hold(content.stray_commits(SOURCE), {})


def test_no_error_is_swallowed() -> None:
    hold(content.swallowed([*SOURCE, *TESTS]), {})


def test_every_statement_is_given_its_store_or_session() -> None:
    hold(content.statements_without_session(SOURCE), exceptions.STATEMENTS)


def test_no_work_is_put_off_in_a_comment() -> None:
    hold(litter.markers(text_files()), {})


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    hold(litter.machine_paths(text_files()), {})


def test_the_map_in_the_architecture_page_is_true() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    hold(map_of_packages.compared(architecture, PACKAGE), {})


@pytest.mark.parametrize("found", [SOURCE, TESTS, list(text_files())], ids=["source", "tests", "files"])
def test_the_rules_look_at_something(found: list[object]) -> None:
    """A rule over nothing would hold by accident."""
    assert len(found) > 10
