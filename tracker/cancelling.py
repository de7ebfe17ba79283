"""Clean-up that reaches its end although the program is being stopped."""

import asyncio
from typing import Any, Final

AGAIN_S: Final = 0.2
"""`asyncio.wait_for` of Python 3.11 loses a cancellation that comes together with a result, and
libraries catch what they should not: so a task is asked again until it has ended."""


async def wait_done(task: asyncio.Future[Any], *, limit_s: float | None = None) -> None:
    """Wait until a task has ended, or the limit is over, even while being cancelled.

    A cancellation that comes meanwhile is raised afterwards, never swallowed. What the task
    returned or raised is left in it.

    Parameters
    ----------
    task : asyncio.Future
        Anything that was started; it is not cancelled here.
    limit_s : float, optional
        Longest time to wait.

    """
    now = asyncio.get_running_loop().time
    until_s = None if limit_s is None else now() + limit_s
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        left_s = None if until_s is None else until_s - now()
        if left_s is not None and left_s <= 0:
            break
        try:
            await asyncio.wait({task}, timeout=left_s)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def cancel_and_wait(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks and wait until all have ended, however often that takes.

    A cancellation of the caller that comes meanwhile is raised afterwards. What the tasks
    returned or raised is left in them.
    """
    cancelled: asyncio.CancelledError | None = None
    for task in tasks:
        while not task.done():
            task.cancel()
            try:
                await asyncio.wait({task}, timeout=AGAIN_S)
            except asyncio.CancelledError as error:
                cancelled = error
    if cancelled is not None:
        raise cancelled
