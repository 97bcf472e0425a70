"""A PDF by Typst. The text travels as data: nothing in it can be a command."""

import json
from pathlib import Path

import typst

from sujin.platform.documents.blocks import Block, blocks

FONTS = Path(__file__).resolve().parent.parent / "static" / "build" / "fonts"
SIZE, LARGE = 12, 18  # points; large print after the guidance of the blind: 16 to 18
SOURCE = """
#let size = int(sys.inputs.size)
#set page(paper: "a4", margin: (x: 28mm, y: 26mm), numbering: "1 / 1")
#set text(font: ("Noto Sans SC", "Noto Sans CJK SC"), size: size * 1pt, lang: "zh", region: "cn")
#set par(leading: 0.9em, spacing: 1.1em, justify: true)
#let said(runs) = for run in runs {
  let lines = run.text.split("\\n")
  for (at, line) in lines.enumerate() {
    if at > 0 { linebreak() }
    if run.bold { strong(line) } else { line }
  }
}
#for block in json(bytes(sys.inputs.blocks)) {
  if block.kind == "title" {
    align(center, text(size: 1.4em, weight: "bold", said(block.runs)))
    v(0.8em)
  } else if block.kind == "heading" {
    v(0.5em)
    text(size: 1.08em, weight: "bold", said(block.runs))
    parbreak()
  } else if block.kind == "item" {
    list.item(said(block.runs))
  } else {
    par(said(block.runs))
  }
}
"""


def pdf(text: str, *, large: bool = False) -> bytes:
    """The text on A4 pages, its pages numbered."""
    told = json.dumps([_plain(block) for block in blocks(text)], ensure_ascii=False)
    made = typst.compile(  # type: ignore[misc]
        SOURCE.encode(),
        font_paths=[str(FONTS)],
        sys_inputs={"blocks": told, "size": str(LARGE if large else SIZE)},
    )
    assert isinstance(made, bytes)
    return made


def _plain(block: Block) -> dict[str, object]:
    runs = [{"text": run.text, "bold": run.bold} for run in block.runs]
    return {"kind": block.kind, "runs": runs}
