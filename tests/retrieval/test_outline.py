"""Headings and tables over a place in a document."""

from playground.retrieval.outline import outline_of, records
from playground.types import Document

TEXT = """intro

# Top

text

## First
| a | b |
|---|:-:|
| 1 | 2 |
| 3 | 4 |

after

```sh
# not a heading
| x | y |
|---|---|
```

### Deep
words
## Second
end"""


def _headings_at(word):
    return outline_of(Document("t.md", TEXT)).headings_at(TEXT.index(word))


def test_headings_are_those_that_are_open():
    assert _headings_at("intro") == ""
    assert _headings_at("text") == "Top"
    assert _headings_at("| 3") == "Top › First"
    assert _headings_at("words") == "Top › First › Deep"
    assert _headings_at("## Second") == "Top › Second"


def test_code_has_no_headings_and_no_tables():
    outline = outline_of(Document("t.md", TEXT))
    assert _headings_at("# not a heading") == "Top › First"
    assert len(outline.tables) == 1


def test_table_is_known_in_its_rows_alone():
    outline = outline_of(Document("t.md", TEXT))
    table = outline.table_at(TEXT.index("| 3"))
    assert table is not None
    assert TEXT[table.start : table.body] == "| a | b |\n|---|:-:|\n"
    assert TEXT[table.body : table.end] == "| 1 | 2 |\n| 3 | 4 |\n"
    for word in ("intro", "| a", "after", "end"):
        assert outline.table_at(TEXT.index(word)) is None


def test_plain_text_has_neither():
    outline = outline_of(Document("a.py", "# a comment\nx = 1", format="plain"))
    assert (outline.headings_at(14), outline.tables) == ("", ())


def test_csv_rows_may_go_over_several_lines():
    text = 'name,note\n"A","one\ntwo ""three"""\n\nB,x'
    assert [text[start:end] for start, end in records(text)] == [
        "name,note\n",
        '"A","one\ntwo ""three"""\n',
        "\n",
        "B,x",
    ]
    table = outline_of(Document("a.csv", text, format="csv")).table_at(text.index("B,x"))
    assert table is not None
    assert text[table.start : table.body] == "name,note\n"


def test_quote_that_is_never_closed_is_one_row():
    assert len(list(records('a,b\n"x,1\ny,2\n'))) == 2
