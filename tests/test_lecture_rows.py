"""Every row of the lectures has tests, and the table of them is true."""

import pytest
from lecture_rows import NOTEBOOKS, ROWS, all_tests, cells_of, row_of, shown_by, with_table


def test_the_table_has_every_row_in_order():
    counts = {"G": 8, "L": 6, "P": 8, "T": 12, "C": 7}
    assert list(ROWS) == [f"{letter}{i}" for letter, count in counts.items() for i in range(1, count + 1)]


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_a_test(row):
    assert shown_by(row)


@pytest.mark.parametrize("row", ROWS)
def test_what_the_table_names_exists(row):
    assert set(ROWS[row].also) <= set(all_tests())
    assert not any(row_of(test) for test in ROWS[row].also)  # such a test is found by its name


@pytest.mark.parametrize("row", ROWS)
def test_every_row_has_cells_that_assert_its_numbers(row):
    assert any("assert " in code for _, _, code in cells_of(row))


def test_the_notebooks_readme_has_the_table():
    page = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    assert "| Row |" in page
    assert with_table(page) == page, "run python tests/lecture_rows.py"


def test_a_test_named_after_a_row_has_one():
    assert {row_of(test) for test in all_tests()} - {None} <= ROWS.keys()
