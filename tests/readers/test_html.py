"""Web pages: what a reader sees, and nothing that only the browser needs."""

import pytest

from playground.errors import NoText
from playground.readers import read

PAGE = """<!DOCTYPE html><html><head><title>Shop help</title><style>p {color: red}</style></head>
<body><nav>Home | About</nav><h2>Refunds</h2>
<p>Refunds take
seven <b>work</b>ing days.<br>Ask us.</p><script>alert("x")</script>
<ul><li>one<li><p>two</p></ul>
<table><tr><th>Item</th><th>Price</th></tr><tr><td>Green<br>tea<td>3</table>
<pre>a
  b</pre></body></html>"""


def test_page_becomes_markdown():
    assert read("a.html", PAGE.encode()).text == (
        "# Shop help\n\n## Refunds\n\nRefunds take seven working days.\nAsk us.\n\n"
        "- one\n- two\n\n| Item | Price |\n| --- | --- |\n| Green tea | 3 |\n\na\n  b"
    )


def test_title_is_not_told_twice():
    page = b"<html><title>Help</title><body><h1>Help</h1><p>Text</p>"
    assert read("a.html", page).text == "# Help\n\nText"


def test_inline_tags_do_not_split_chinese():
    assert read("a.html", "<p>退<b>款</b>几天</p>".encode()).text == "退款几天"


def test_declared_encoding_is_used():
    page = '<meta charset="shift_jis"><p>こんにちは</p>'
    assert read("a.html", page.encode("shift_jis")).text == "こんにちは"
    page = '<meta charset="gb2312"><p>退款</p>'
    assert read("a.html", page.encode("gb18030")).text == "退款"


def test_xhtml_is_read_without_warning():
    page = b'<?xml version="1.0"?><html xmlns="x"><body><p>Text</p></body></html>'
    assert read("a.xhtml", page).text == "Text"


def test_deep_nesting_is_harmless():
    assert read("a.html", b"<div>" * 5000 + b"deep").text == "deep"


def test_tables_for_layout_are_not_rows():
    page = (
        b"<table><tr><td><p>Left</p></td><td><table><tr><td>1</td></tr></table></td></tr></table>"
    )
    assert read("a.html", page).text == "Left\n\n| 1 |\n| --- |"


def test_page_of_scripts_alone_is_refused():
    with pytest.raises(NoText):
        read("a.html", b"<html><script>x</script></html>")


@pytest.mark.parametrize("text", ["notes.txt", "http://example.org", "<?xml version='1.0'?><p>x"])
def test_a_page_that_looks_like_something_else_is_read_without_warning(text):
    assert read("a.html", text.encode()).text in (text, "x")


def test_one_wrong_byte_keeps_the_declared_encoding():
    page = ('<meta charset="shift_jis"><p>' + "こんにちは" * 50).encode("shift_jis")
    text = read("a.html", page[:-10] + b"\xff" + page[-10:]).text
    assert text.startswith("こんにちは" * 40)


@pytest.mark.parametrize("charset", ["no-such", "hex", "idna", "undefined", "utf-8"])
def test_a_strange_declaration_is_ignored(charset):
    page = f'<meta charset="{charset}"><p>Refunds 退款</p>'
    assert read("a.html", page.encode()).text == "Refunds 退款"


def test_pages_are_markdown():
    assert read("a.html", b"<h1>x").format == "markdown"
