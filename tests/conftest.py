"""What holds for every test."""

import gc

# A test builds and drops whole services. Left to itself the collector walks all modules and all
# test items for each of them: a third of the time of the tests.
COLLECT_AFTER = (300_000, 5, 5)


def pytest_collection_finish():
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
