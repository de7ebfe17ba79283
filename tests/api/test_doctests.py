import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "name", ["api.digests", "api.guard", "api.pages.language", "api.pages.plot"]
)
def test_the_examples_in_the_docstrings_are_true(name):
    found = doctest.testmod(import_module(name))

    assert found.attempted > 0
    assert found.failed == 0
