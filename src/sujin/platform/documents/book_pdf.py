"""A book as a PDF by Typst. The book travels as data: nothing in it can be a command."""

import json
from dataclasses import asdict
from datetime import UTC
from typing import Any

import typst

from sujin.platform.documents.blocks import Block, blocks
from sujin.platform.documents.book import Book, Piece
from sujin.platform.documents.pdf import FONTS

SOURCE = """
#let book = json(bytes(sys.inputs.book))
#let at = book.made
#set document(title: book.title + " " + book.label, author: book.author, date: datetime(
  year: at.at(0), month: at.at(1), day: at.at(2),
  hour: at.at(3), minute: at.at(4), second: at.at(5)))
#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"), size: 10.5pt, lang: "zh", region: "cn")
#set par(leading: 0.8em, spacing: 0.95em, justify: true)
#set list(indent: 0.4em, spacing: 0.7em, marker: ([•],))
#let soft = luma(90)
#let red = rgb("#b3261e")
#set page(paper: "a4", margin: (x: 25mm, top: 30mm, bottom: 25mm))

#let said(runs) = for run in runs {
  let lines = run.text.split("\\n")
  for (nth, line) in lines.enumerate() {
    if nth > 0 { linebreak() }
    if run.bold { strong(line) } else { line }
  }
}
#let told(blocks, indent: true) = for one in blocks {
  if one.kind == "item" { list.item(said(one.runs)) }
  else if one.kind in ("title", "heading") { par(strong(said(one.runs))) }
  else { par(first-line-indent: (amount: if indent { 2em } else { 0em }, all: true),
    said(one.runs)) }
}
#let named(title, fill: black) = if title != "" {
  block(above: 1.1em, below: 0.65em, sticky: true,
    text(size: 0.95em, weight: "bold", fill: fill, title))
}
#let piece(one) = {
  if one.kind == "quote" {
    named(one.title)
    block(width: 100%, inset: (x: 10pt, y: 8pt), fill: luma(245),
      stroke: (left: 2.5pt + luma(120)), told(one.blocks, indent: false))
  } else if one.kind == "box" {
    block(width: 100%, above: 1.1em, inset: (x: 10pt, y: 9pt), stroke: 0.9pt + red,
      radius: 2pt, breakable: false, {
        block(below: 0.65em, text(weight: "bold", fill: red, one.title))
        told(one.blocks, indent: false)
      })
  } else if one.kind == "small" {
    block(above: 1.1em, {
      set text(size: 0.82em, fill: soft)
      set par(leading: 0.7em, spacing: 0.7em)
      block(below: 0.6em, sticky: true, strong(one.title))
      told(one.blocks, indent: false)
    })
  } else if one.kind == "table" {
    named(one.title)
    set text(size: 0.86em)
    set par(justify: false, leading: 0.65em)
    table(columns: if one.head.len() > 4 { one.head.map(_ => auto) } else {
      (1.6fr, ..one.head.slice(1).map(_ => 1fr))
    }, inset: 6pt, stroke: 0.4pt + luma(150),
      fill: (_, row) => if row == 0 { luma(238) },
      table.header(..one.head.map(strong)), ..one.rows.flatten())
  } else {
    named(one.title)
    told(one.blocks)
  }
}

#set heading(numbering: (..n) => if n.pos().len() == 1 {
  "第" + numbering("一", ..n) + "章"
} else { numbering("1.1", ..n) })
#show heading.where(level: 1): it => {
  pagebreak(weak: true)
  block(above: 0pt, below: 1.6em, width: 100%, inset: (bottom: 8pt),
    stroke: (bottom: 1pt + black), text(size: 17pt, it))
}
#show heading.where(level: 2): it => block(above: 2.2em, below: 0.8em, sticky: true,
  text(size: 12.5pt, it))

// The cover: nothing on it but what names the book.
#page(margin: (x: 30mm, top: 70mm, bottom: 30mm))[
  #set par(justify: false, first-line-indent: 0pt)
  #align(center)[
    #text(size: 12pt, tracking: 2pt, fill: soft, book.author)
    #v(1.2em)
    #text(size: 28pt, weight: "bold", book.title)
    #v(0.6em)
    #text(size: 15pt, book.label)
    #v(1.4em)
    #line(length: 40%, stroke: 1.2pt + red)
  ]
  #v(1fr)
  #align(center, grid(columns: 2, column-gutter: 1.5em, row-gutter: 0.9em, align: (right, left),
    ..book.facts.map(f => (text(fill: soft, f.at(0)), f.at(1))).flatten()))
  #v(2em)
  #align(center, text(size: 8pt, fill: soft, book.closing))
]

#set page(numbering: "I", footer: context align(center, text(size: 8.5pt, fill: soft,
  counter(page).display("I"))))
#counter(page).update(1)
#align(center, block(below: 1.6em, text(size: 17pt, weight: "bold", tracking: 1em, "目录")))
#show outline.entry.where(level: 1): set block(above: 1.2em)
#show outline.entry.where(level: 1): set text(weight: "bold")
#outline(title: none, depth: 2, indent: 1.2em)
#pagebreak()

#set page(
  numbering: "1",
  header: text(size: 8.5pt, fill: soft, {
    book.title
    h(1fr)
    book.label
    v(-0.7em)
    line(length: 100%, stroke: 0.4pt + luma(170))
  }),
  footer: context align(center, text(size: 8.5pt, fill: soft,
    counter(page).display("1") + " / " + str(counter(page).final().first()))))
#counter(page).update(1)
#for chapter in book.chapters {
  heading(level: 1, chapter.title)
  for one in chapter.pieces { piece(one) }
  for section in chapter.sections {
    heading(level: 2, section.title)
    if section.note != "" {
      block(below: 0.9em, sticky: true, text(size: 0.82em, fill: soft, section.note))
    }
    for one in section.pieces { piece(one) }
  }
}
"""


def pdf(book: Book) -> bytes:
    """The book on A4 pages: cover, contents, chapters. The same book gives the same bytes."""
    made = typst.compile(  # type: ignore[misc]
        SOURCE.encode(),
        font_paths=[str(FONTS)],
        # A font of the machine would make another file of the same book.
        ignore_system_fonts=True,
        timestamp=int(book.made_at.timestamp()),
        sys_inputs={"book": json.dumps(_plain(book), ensure_ascii=False)},
    )
    assert isinstance(made, bytes)
    return made


def _plain(book: Book) -> dict[str, Any]:
    told = asdict(book)
    told["made"] = list(book.made_at.astimezone(UTC).timetuple()[:6])
    del told["made_at"]
    for chapter, kept in zip(told["chapters"], book.chapters, strict=True):
        chapter["pieces"] = [_piece(one) for one in kept.pieces]
        for section, same in zip(chapter["sections"], kept.sections, strict=True):
            section["pieces"] = [_piece(one) for one in same.pieces]
    return told


def _piece(piece: Piece) -> dict[str, Any]:
    told = [_block(one) for one in blocks(piece.text)]
    head, rows = list(piece.head), [list(row) for row in piece.rows]
    return {"kind": piece.kind, "title": piece.title, "blocks": told, "head": head, "rows": rows}


def _block(block: Block) -> dict[str, Any]:
    runs = [{"text": run.text, "bold": run.bold} for run in block.runs]
    return {"kind": block.kind, "runs": runs}
