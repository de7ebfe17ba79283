"""The version of the engine: it changes whenever any number the engine emits can change.

Numbered apart from the product (docs/decisions/0005): a stored result names the engine that
made it, and a re-analysis is offered when the two differ.
"""

from typing import Final

ENGINE_VERSION: Final = "0.6.1"
