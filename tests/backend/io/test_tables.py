"""Tables are read back as they were written."""

import csv
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.io.tables import TableWriter

FIELDS = st.text(st.sampled_from("a,\t\"'\\ \r\n\u2028é🛳") | st.characters(codec="utf-8"))


@given(rows=st.lists(st.lists(FIELDS, min_size=2, max_size=3), max_size=4))
@settings(max_examples=50)
def test_fields_come_back_as_they_were(rows: list[list[str]]) -> None:
    for delimiter in (",", "\t"):
        file = StringIO(newline="")
        table = TableWriter(file, delimiter)
        for row in rows:
            table.add(row)
        assert list(csv.reader(StringIO(file.getvalue(), newline=""), delimiter=delimiter)) == rows


def test_lines_end_in_a_line_feed() -> None:
    file = StringIO(newline="")
    TableWriter(file).add(["a\r\n", "b"])
    assert file.getvalue() == '"a\r\n",b\n'
