"""What databases do not share is written so that they do."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.core import nodes as core
from cleangov_plugin.rules.core.nodes import Input, Sort, Term
from cleangov_plugin.store.predicate import MOST_TERMS, check_inputs, cost, predicate
from cleangov_plugin.store.run import StoreError

N = Input("n", Sort.NUMBER, -10, 10)
WIDE = Input("w", Sort.NUMBER, -(2**53), 2**53)
TRUTH = Input("t", Sort.TRUTH)
TEXT = Input("x", Sort.TEXT)
ONE, TWO = core.Constant(1), core.Constant(2)


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def said(connection: sa.Connection, term: Term, *columns: sa.Column[Any], **row: Any) -> Any:
    """Ask a term of one row of a table with these columns."""
    table = sa.Table("asked_one", sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    table.create(connection)
    connection.execute(sa.insert(table), row)
    checked = check_inputs(core.inputs_of(term), table, connection.dialect.name)
    found = connection.execute(sa.select(predicate(term, checked))).scalar_one()
    table.drop(connection)
    return found


def column(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_)


@pytest.mark.parametrize(("value", "found"), [(-10, -10), (10, 10), (11, None), (-11, None)])
def test_a_number_outside_its_range_is_unknown(
    connection: sa.Connection, value: int, found: int | None
) -> None:
    assert said(connection, N, column("n", sa.Integer), n=value) == found


@pytest.mark.parametrize("value", ["5", "abc", 5.5, b"5", 2**62])
def test_on_sqlite_a_value_of_another_type_is_unknown(value: Any) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE loose (n, t)")
        connection.exec_driver_sql("INSERT INTO loose VALUES (?, ?)", (value, value))
        columns = (sa.column("n", sa.BigInteger), sa.column("t", sa.Boolean))
        checked = check_inputs((N, TRUTH), sa.table("loose", *columns), "sqlite")
        asked = sa.select(predicate(N, checked), predicate(TRUTH, checked))
        assert tuple(connection.execute(asked).one()) == (None, None)
    engine.dispose()


def test_narrow_columns_are_computed_with_as_wide_ones(connection: sa.Connection) -> None:
    """Two int2 of PostgreSQL have a product that is an int2, or an error."""
    small = Input("n", Sort.NUMBER, 0, 30_000)
    product = core.Computed("*", small, core.Computed("*", small, small))
    assert said(connection, product, column("n", sa.SmallInteger), n=30_000) == 30_000**3
    doubled = core.Computed("*", core.Constant(2**31 - 1), core.Constant(2**31 - 1))
    assert said(connection, core.Computed("+", doubled, small), column("n", sa.Integer), n=1) == (
        (2**31 - 1) ** 2 + 1
    )


def test_the_greatest_numbers_that_pass_the_proof_are_exact(connection: sa.Connection) -> None:
    """SQLite goes on with a floating-point number from 2^63: one less must not be one."""
    root = Input("n", Sort.NUMBER, 0, 3_037_000_499)
    square = core.Computed("*", root, root)
    assert core.range_of(square)[1] < 2**63
    for op, answer in ((">", False), ("==", True), (">=", True)):
        term = core.Compared(op, square, core.Constant(3_037_000_499**2))
        assert said(connection, term, column("n", sa.BigInteger), n=3_037_000_499) is answer


@pytest.mark.parametrize(
    ("value", "found"), [(-1_000_001, -2), (-1, -1), (0, 0), (999_999, 0), (1_000_000, 1)]
)
def test_what_is_divided_is_rounded_down(connection: sa.Connection, value: int, found: int) -> None:
    floored = core.Floored(WIDE, 1_000_000, 10**16)
    assert said(connection, floored, column("w", sa.BigInteger), w=value) == found


SAME = core.Compared("==", TEXT, core.Constant("road"))
LISTED = core.OneOf(TEXT, ("road", "street"))


@pytest.mark.parametrize("term", [SAME, LISTED])
@pytest.mark.parametrize(("value", "found"), [("Road", False), ("road", True), ("road ", False)])
def test_texts_are_compared_by_their_bytes(
    connection: sa.Connection, term: Term, value: str, found: bool
) -> None:
    """Whatever the collation of the column: on SQLite here one that knows no case."""
    collation = "NOCASE" if connection.dialect.name == "sqlite" else "C"
    assert said(connection, term, column("x", sa.Text(collation=collation)), x=value) is found
    checked = check_inputs((TEXT,), sa.table("t", sa.column("x", sa.Text)), "postgresql")
    asked = str(sa.select(predicate(term, checked)).compile(dialect=postgresql.dialect()))
    assert 'x COLLATE "C"' in asked.replace("in0", "x")


def test_null_in_a_list_or_under_not_is_unknown(connection: sa.Connection) -> None:
    listed = core.OneOf(N, (1, 2))
    for term in (listed, core.Opposite(listed), core.Compared("!=", N, ONE)):
        assert said(connection, term, column("n", sa.Integer), n=None) is None
    assert said(connection, core.IsUnknown(N), column("n", sa.Integer), n=None) is True
    assert said(connection, core.IsUnknown(N), column("n", sa.Integer), n=11) is True


def test_truths_are_compared_with_truths(connection: sa.Connection) -> None:
    more = core.Compared(">", N, ONE)
    columns = lambda: (column("n", sa.Integer), column("t", sa.Boolean))  # noqa: E731
    for op, truth, answer in (("==", True, True), ("!=", True, False), ("==", False, False)):
        term = core.Compared(op, more, TRUTH)
        assert said(connection, term, *columns(), n=2, t=truth) is answer
    same = core.Compared("==", TRUTH, core.Constant(False))
    assert said(connection, same, *columns(), n=2, t=False) is True


def test_rows_of_nothing_and_all_are_what_they_are(connection: sa.Connection) -> None:
    assert said(connection, core.All(()), column("n", sa.Integer), n=1) is True
    assert said(connection, core.Any(()), column("n", sa.Integer), n=1) is False


TABLE = sa.table("t", sa.column("n", sa.BigInteger))


def test_another_database_and_a_missing_column_are_refused() -> None:
    with pytest.raises(StoreError, match="'mysql'"):
        check_inputs((N,), TABLE, "mysql")
    with pytest.raises(StoreError, match="no column for 'w'"):
        check_inputs((N, WIDE), TABLE, "sqlite")
    renamed = check_inputs((WIDE,), TABLE, "sqlite", columns={"w": "n"})
    assert set(renamed.columns) == {"w"}


def test_a_statement_that_doubles_at_every_step_is_refused_before_it_is_written() -> None:
    term: Term = N
    for _ in range(24):  # as deep as an expression may be
        term = core.Within(core.Computed("+", term, ONE), 1, 100)
    assert cost(term) > 2**24
    checked = check_inputs((N,), TABLE, "sqlite")
    with pytest.raises(RuleError, match=f"at most {MOST_TERMS:,}"):
        predicate(term, checked)


LISTED = Input("entries(l)", Sort.LIST, 1, 3, core.Entry(Sort.NUMBER, -10, 10))
PAST_ONE = core.Each("any", LISTED, core.Compared(">", core.Entry(Sort.NUMBER, -10, 10), ONE))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("[1, 2]", True), ("[1]", False), ("[]", None), ("[1, 2, 3, 4]", None), ("[11, 2]", None),
        ('[2, "x"]', None), ("[2, 1.5]", None), ("[2, true]", None), ("[2, null]", None),
        ("[2, 9223372036854775808]", None), ("3", None), ("{}", None), ("nonsense", None),
        (b"\xff", None), (None, None),
    ],
)  # fmt: skip
def test_a_list_that_is_not_of_its_type_is_unknown_and_no_error(value: Any, found: Any) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE loose (l)")
        connection.exec_driver_sql("INSERT INTO loose VALUES (?)", (value,))
        table = sa.table("loose", sa.column("l", sa.JSON))
        checked = check_inputs((LISTED,), table, "sqlite", columns={LISTED.name: "l"})
        assert connection.execute(sa.select(predicate(PAST_ONE, checked))).scalar_one() is found
    engine.dispose()
