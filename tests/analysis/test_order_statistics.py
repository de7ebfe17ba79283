import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.order_statistics import median, quantile

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


@given(numbers=NUMBERS, share=st.floats(0.0, 1.0))
def test_a_quantile_is_numpys(numbers, share):
    found = quantile(np.array(numbers), share)

    assert found == pytest.approx(float(np.quantile(numbers, share)), rel=1e-9, abs=1e-6)


@given(numbers=NUMBERS)
def test_a_median_is_numpys(numbers):
    assert median(np.array(numbers)) == pytest.approx(float(np.median(numbers)), abs=1e-6)


def test_of_nothing_there_is_no_median():
    assert math.isnan(median(np.empty(0)))
