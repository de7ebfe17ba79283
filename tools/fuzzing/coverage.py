"""Which lines of `firmware_bridge` an input reaches, so that those that reach new ones are kept.

Python 3.12 and later tell of each line once, at nearly no cost. Before, tracing costs some ten
times the run itself, so only one input in twenty is traced.
"""

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import TypeVar

_PACKAGE = "/firmware_bridge/"
_TRACED_ONE_IN = 20
_Outcome = TypeVar("_Outcome")


class ReachedLines:
    """Lines reached so far."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int]] = set()
        self._n_runs = 0
        self._is_cheap = hasattr(sys, "monitoring")

    def watch(self, run: Callable[[], _Outcome]) -> tuple[_Outcome, bool]:
        """Run; return what it returned, and whether it reached a line that was new."""
        n_before = len(self.seen)
        self._n_runs += 1
        if self._is_cheap:
            outcome = self._monitored(run)
        elif self._n_runs % _TRACED_ONE_IN == 1:
            outcome = self._traced(run)
        else:
            outcome = run()
        return outcome, len(self.seen) > n_before

    def _traced(self, run: Callable[[], _Outcome]) -> _Outcome:
        earlier = sys.gettrace()
        sys.settrace(self._on_call)
        try:
            return run()
        finally:
            sys.settrace(earlier)

    def _on_call(self, frame: FrameType, _event: str, _argument: object) -> object:
        return self._on_line if _PACKAGE in frame.f_code.co_filename else None

    def _on_line(self, frame: FrameType, event: str, _argument: object) -> object:
        if event == "line":
            self.seen.add((frame.f_code.co_filename, frame.f_lineno))
        return self._on_line

    def _monitored(self, run: Callable[[], _Outcome]) -> _Outcome:
        monitoring = sys.monitoring
        tool = monitoring.PROFILER_ID
        monitoring.use_tool_id(tool, "fuzz")
        monitoring.register_callback(tool, monitoring.events.LINE, self._on_monitored_line)
        monitoring.set_events(tool, monitoring.events.LINE)
        try:
            return run()
        finally:
            monitoring.set_events(tool, monitoring.events.NO_EVENTS)
            monitoring.free_tool_id(tool)

    def _on_monitored_line(self, code: CodeType, line: int) -> object:
        if _PACKAGE in code.co_filename:
            self.seen.add((code.co_filename, line))
        return sys.monitoring.DISABLE
