"""A PDF by Typst. The text travels as data: nothing in it can be a command."""

import json
import re
from pathlib import Path

import typst

from sujin.platform.documents.blocks import Block, blocks

FONTS = Path(__file__).resolve().parent.parent / "static" / "build" / "fonts"
SIZE, LARGE = 12, 18  # points; large print after the guidance of the blind: 16 to 18
HAN = re.compile("[㐀-鿿]")
SOURCE = """
#let size = int(sys.inputs.size)
#set page(paper: "a4", margin: (x: 28mm, y: 26mm), numbering: "1 / 1")
#let chinese = sys.inputs.chinese == "yes"
#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"), size: size * 1pt)
#set text(lang: "zh", region: "cn") if chinese
#set text(lang: "en") if not chinese
#set par(leading: 0.85em, spacing: 1.35em, justify: chinese)
#set list(spacing: 0.9em)
#let said(runs) = for run in runs {
  let lines = run.text.split("\\n")
  for (at, line) in lines.enumerate() {
    if at > 0 { linebreak() }
    if run.bold { strong(line) } else { line }
  }
}
#let parts = json(bytes(sys.inputs.blocks))
#for (at, part) in parts.enumerate() {
  let next = if at + 1 < parts.len() { parts.at(at + 1).kind } else { "" }
  if part.kind == "title" {
    set par(justify: false)
    align(center, text(size: 1.4em, weight: "bold", said(part.runs)))
    v(0.8em)
  } else if part.kind == "heading" {
    let words = text(size: 1.08em, weight: "bold", said(part.runs))
    block(above: 1.7em, below: 1em, sticky: true, words)
  } else if part.kind == "item" {
    list.item(said(part.runs))
  } else if part.kind == "closing" {
    // Who writes and when: never alone on a page.
    set par(justify: false)
    block(above: 2.2em, breakable: false, width: 100%,
      align(if chinese { right } else { left }, said(part.runs)))
  } else {
    block(sticky: next == "closing", breakable: next != "closing", par(said(part.runs)))
  }
}
"""


def pdf(text: str, *, large: bool = False) -> bytes:
    """The text on A4 pages, its pages numbered."""
    told = json.dumps([_plain(block) for block in blocks(text)], ensure_ascii=False)
    made = typst.compile(  # type: ignore[misc]
        SOURCE.encode(),
        font_paths=[str(FONTS)],
        sys_inputs={
            "blocks": told,
            "size": str(LARGE if large else SIZE),
            "chinese": "yes" if HAN.search(text) else "no",
        },
    )
    assert isinstance(made, bytes)
    return made


def _plain(block: Block) -> dict[str, object]:
    runs = [{"text": run.text, "bold": run.bold} for run in block.runs]
    return {"kind": block.kind, "runs": runs}
