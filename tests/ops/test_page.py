"""The documentation of the operations says what their classes say."""

import pytest

from tests.ops.page import DOCS, FILES, PAGES, ROOT, operations, page


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_is_the_one_that_the_classes_make(lang):
    text = (DOCS / PAGES[lang]).read_text(encoding="utf-8")
    assert text == page(lang), "run: python -m tests.ops.page"


def test_every_file_and_every_operation_has_its_place():
    without = {"__init__", "base", "saved"}  # the class of all of them, and what it keeps: no operations
    assert set(FILES) == {path.stem for path in (ROOT / "pytorch_tutor" / "ops").glob("*.py")} - without
    text = page("en")
    assert all(f"| `{operation.__name__}` |" in text for file in FILES for operation in operations(file))
    assert "| `Exp` | `torch.exp(x)` | $`y = e^{x}`$ | $`\\bar x = \\bar y\\, y`$ |" in text
