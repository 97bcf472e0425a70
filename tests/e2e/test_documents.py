"""A letter as a Word file, opened by another reader and seen in a real browser."""

import io
from pathlib import Path

import mammoth
from playwright.sync_api import Browser, Page

from sujin import packs
from sujin.platform import documents

SIGNS = "您账户年费退还"
NO_SUCH = "\ue000\ue001\ue002"  # private signs that no font draws


def page_of(browser: Browser, markdown: str) -> Page:
    """The Word file of the letter, turned into a page by a reader that is not ours."""
    made = documents.docx(markdown, large=True)
    html = mammoth.convert_to_html(io.BytesIO(made)).value
    page = browser.new_page(viewport={"width": 800, "height": 1100})
    page.set_content(f"<style>body {{ font: 24px 'Noto Sans SC' }}</style><body>{html}</body>")
    return page


def shapes(page: Page, signs: str) -> set[bytes]:
    """A picture of each sign on its own."""
    found = set()
    for sign in signs:
        page.evaluate(
            """sign => document.body.innerHTML = `<b id="one" style="display:inline-block;
            width:40px;height:44px;font:30px 'Noto Sans SC'">${sign}</b>`""",
            sign,
        )
        found.add(page.locator("#one").screenshot())
    return found


def test_a_word_letter_opens_with_its_headings_and_its_chinese_drawn(
    browser: Browser, tmp_path: Path
) -> None:
    page = page_of(browser, packs.text("cn_nfra_2020_3", "letters/decision.md"))
    assert page.locator("h1").inner_text() == "关于您反映事项的处理答复"
    assert page.locator("h2").all_inner_texts() == [
        "处理决定",
        "核实情况",
        "依据和理由",
        "您还可以怎么办",
    ]
    page.screenshot(path=tmp_path / "letter.png")
    assert len(shapes(page, SIGNS)) == len(SIGNS)
    # The known-bad control: signs that no font has come out as one and the same box.
    assert len(shapes(page, NO_SUCH)) == 1
    page.close()
