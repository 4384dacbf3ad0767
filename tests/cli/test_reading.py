"""Files are read row by row; what cannot be read is refused with its place, and never with its contents."""

import io

import pytest

from lusha_async.cli.reading import open_table, survey
from lusha_async.cli.refusal import Refused
from lusha_async.cli.text import Text, check_encoding


def table(data: bytes | str, **options: str):
    binary = io.BytesIO(data.encode() if isinstance(data, str) else data)
    encoding = options.pop("encoding", None)
    return open_table(Text(binary, source="in", encoding=encoding), source="in", **options)


def rows(data: bytes | str, **options: str) -> list[dict[str, object]]:
    return [row.fields for block in table(data, **options).blocks() for row in block]


EXPECTED = [{"Email": "a@x.example", "Ort": "Köln"}]


@pytest.mark.parametrize(
    "data",
    [
        "Email,Ort\na@x.example,Köln\n",
        "Email;Ort\r\na@x.example;Köln\r\n",
        "Email\tOrt\ra@x.example\tKöln",
        "sep=;\r\nEmail;Ort\r\na@x.example;Köln",
        '\n\n"Email"|"Ort"\n\na@x.example|"Köln"\n\n',
        "Email,Ort\na@x.example,Köln\n".encode("utf-8-sig"),
        "Email,Ort\na@x.example,Köln\n".encode("utf-16"),
        '{"Email": "a@x.example", "Ort": "Köln"}\n',
        '\ufeff\n  {"Email": "a@x.example", "Ort": "K\\u00f6ln"}  \n\n',
    ],
)
def test_one_list_in_all_its_forms(data: bytes | str) -> None:
    assert rows(data) == EXPECTED


def test_an_encoding_can_be_told() -> None:
    assert rows("Email,Ort\na@x.example,Köln\n".encode("cp1252"), encoding="cp1252") == EXPECTED


def test_a_mark_at_the_beginning_goes_before_what_is_told() -> None:
    assert rows("Email,Ort\na@x.example,Köln\n".encode("utf-8-sig"), encoding="cp1252") == EXPECTED


def test_a_delimiter_can_be_told() -> None:
    assert rows("Email:Ort\na@x.example:Köln\n", delimiter=":") == EXPECTED


def test_commas_in_a_quoted_header_do_not_decide_the_delimiter() -> None:
    assert table('"a,b,c";d\n1;2\n').headers == ("a,b,c", "d")


def test_cells_may_hold_line_ends_and_quotation_marks() -> None:
    assert rows('Note,Email\n"two\nlines, ""quoted""",x\n') == [{"Note": 'two\nlines, "quoted"', "Email": "x"}]


def test_a_header_without_a_name_gets_its_place() -> None:
    assert table("Email,,Ort\na,b,c\n").headers == ("Email", "column 2", "Ort")


def test_rows_are_counted_and_names_gathered_by_a_survey() -> None:
    found = survey(table('{"a": 1}\n{"b": 2, "a": 3}\n\n{"c": null}\n'))

    assert (found.rows, found.headers) == (3, ("a", "b", "c"))


def test_a_header_line_alone_is_a_list_of_no_rows() -> None:
    assert rows("Email,Ort\n") == []


SECRET = "ada@hidden.example"

REFUSED = {
    "nothing at all": (b"", "in is empty"),
    "blank lines only": (b"\n \n\n", "in is empty"),
    "too few cells": (f"a,b\n1,2\n{SECRET}\n".encode(), "row 2 (line 3): 1 cells where the line of column names has 2"),
    "too many cells": (f"a,b\n1,2\n\n3,{SECRET},4\n".encode(), "row 2 (line 4): 3 cells"),
    "a quotation mark never closed": (f'a,b\n1,"{SECRET}\n2,3\n'.encode(), "row 1 (line 2): a quotation mark opens"),
    "text after a quotation": (f'a,b\n1,"x" {SECRET}\n'.encode(), "row 1 (line 2): text follows the quotation mark"),
    "an endless cell": (b'a,b\n1,"' + b"x\n" * 700_000, "row 1 (line 2): a cell is longer than 1 MiB"),
    "latin-1": (f"a,b\n1,{SECRET}\n2,K\xf6ln\n".encode("latin-1"), "line 3: byte 28 of the file is not UTF-8"),
    "a NUL byte": (f"a,b\n1,{SECRET}\0\n".encode(), "line 2: holds a NUL byte"),
    "utf-16 without a mark": ("a,b\n1,2\n".encode("utf-16-le"), "--encoding utf-16-le"),
    "an Excel workbook": (b"PK\x03\x04rest", "an Excel workbook"),
    "gzip": (b"\x1f\x8b\x08rest", "compressed"),
    "a JSON array": (b'[{"a": 1}]', "one JSON array"),
    "broken JSON": (f'{{"a": 1}}\n{{"a": "{SECRET}\n'.encode(), "line 2: not valid JSON"),
    "JSON that is no object": (f'{{"a": 1}}\n\n"{SECRET}"\n'.encode(), "line 3: not a JSON object"),
    "columns of one name": (b"a,b,a\n1,2,3\n", 'two columns are called "a" (1 and 3)'),
    "no header line": (f"{SECRET},Ada\n".encode(), "data where column names should stand (column 1)"),
}


READABLE = {"too few cells": 1, "too many cells": 1, "broken JSON": 1, "JSON that is no object": 1}
"""Rows before the fault."""


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_refused_with_its_place(case: str) -> None:
    data, said = REFUSED[case]

    with pytest.raises(Refused) as refused:
        survey(table(data))

    sentence = refused.value.sentence
    assert said in sentence
    assert SECRET not in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("case", REFUSED)
@pytest.mark.parametrize("at_once", [1, 2])
def test_what_stands_before_it_is_handed_out(case: str, at_once: int) -> None:
    data, said = REFUSED[case]
    read: list[object] = []
    with pytest.raises(Refused) as refused:
        for block in table(data, at_once=at_once).blocks():
            read += block
    assert said in refused.value.sentence
    assert len(read) == READABLE.get(case, 0)


def test_the_place_of_a_fault_counts_blank_lines_and_line_ends_in_cells() -> None:
    data = 'a,b\n\n1,"x\ny\r\nz"\n\n2,3\n4,5,6\n'

    with pytest.raises(Refused, match=r"row 3 \(line 8\): 3 cells"):
        survey(table(data))


def test_an_unknown_encoding_is_refused() -> None:
    with pytest.raises(Refused, match="--encoding"):
        check_encoding("utf-99")
    with pytest.raises(Refused, match="--encoding"):
        check_encoding("base64")


def test_a_broken_byte_far_inside_is_found() -> None:
    data = ("a,b\n" + "é,x\n" * 20_000).encode() + b"\xff,y\n" + b"z,z\n" * 10

    with pytest.raises(Refused, match=f"line 20002: byte {4 + 5 * 20_000} of the file"):
        survey(table(data))
