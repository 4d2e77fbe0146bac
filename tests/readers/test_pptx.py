"""Presentations: slides are pages, and nothing that is said on one is left out."""

import io

import pptx
from pptx.util import Inches

from playground.readers import read


def test_slides_are_pages_with_titles_and_notes(make_pptx):
    document = read(
        "a.pptx", make_pptx([("Refunds", "Seven days", ""), ("价格", "茶三元", "慢慢说")])
    )
    assert document.text == "## Refunds\n\nSeven days\n\n## 价格\n\n茶三元\n\n慢慢说"
    assert document.page_of(document.text.index("茶")) == 2
    assert document.format == "markdown"


def test_tables_and_groups_are_read():
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for row, texts in enumerate((("Item", "Price"), ("茶", "3"))):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "inside a group"
    file = io.BytesIO()
    show.save(file)
    text = read("a.pptx", file.getvalue()).text
    assert text == "| Item | Price |\n| --- | --- |\n| 茶 | 3 |\n\ninside a group"


def test_a_slide_of_pictures_alone_is_named(make_pptx):
    document = read("a.pptx", make_pptx([("One", "text", ""), ("", "", "")]))
    assert document.pages_without_text == (2,)
