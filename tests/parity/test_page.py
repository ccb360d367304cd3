"""The documentation of parity says what the tests know."""

import pytest

from tests.parity.known import KNOWN
from tests.parity.page import DOCS, PAGES, page


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_is_the_one_that_the_lists_make(lang):
    text = (DOCS / PAGES[lang]).read_text(encoding="utf-8")
    assert text == page(lang), "run: python -m tests.parity.page"
    assert all(f"`{operation}`" in text for operation in KNOWN)
