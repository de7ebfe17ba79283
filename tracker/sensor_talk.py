"""Talking to a sensor: takes the steps that its family declares, and waits for answers.

The families are data (`firmware_bridge.dialogue`); this is the one place that acts on them.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from firmware_bridge import Answer, BatteryLevel, Command, Read, Refusal, SensorFamily, Step
from tracker.ble import Link
from tracker.errors import SensorRefusedError, SensorSilentError, SensorUnusableError

FULL: Final = 100


class SensorTalk:
    """The commands of one link.

    Parameters
    ----------
    family : SensorFamily
        What is said.
    link : Link
        Through which.

    """

    def __init__(self, family: SensorFamily, link: Link) -> None:
        self._family = family
        self._link = link
        self._awaited: tuple[Answer, asyncio.Future[bytes]] | None = None

    def hear(self, data: bytes) -> None:
        """Take in a notification, which may be the answer that is waited for."""
        if self._awaited is not None:
            answer, said = self._awaited
            if not said.done() and answer.is_in(data):
                said.set_result(data)

    async def start(self) -> None:
        """Start the stream.

        Raises
        ------
        LinkLostError, SensorRefusedError
            If the link broke, or the sensor took a command amiss.
        SensorSilentError
            If it did not give an answer without which there is no stream.
        SensorUnusableError
            If its answer shows that it cannot be used.

        """
        await self._take(self._family.start)

    async def stop(self) -> None:
        """End the stream; raises as `start` does."""
        await self._take(self._family.stop)

    async def ask_battery(self) -> BatteryLevel | None:
        """Ask for the charge; the answer to a command comes as a notification, later.

        Raises
        ------
        LinkLostError
            If the link broke. A sensor that has no such value is no error.

        """
        asked = self._family.ask_battery
        try:
            if isinstance(asked, Command):
                await self._write(asked)
            elif asked is not None:
                value = await self._link.read(asked.characteristic)
                return BatteryLevel(percent=min(value[0], FULL)) if value else None
        except SensorRefusedError:
            pass
        return None

    async def _take(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if isinstance(step, Read):
                follow, data = step.follow, await self._read(step)
            else:
                follow = step.answer.follow if step.answer else None
                data = await self._write(step)
            if follow is None or data is None:
                continue
            further = follow(data)
            if isinstance(further, Refusal):
                raise SensorUnusableError(further.reason)
            await self._take(further)

    async def _read(self, step: Read) -> bytes | None:
        try:
            return await self._link.read(step.characteristic)
        except SensorRefusedError:
            if step.is_needed:
                raise
            return None

    async def _write(self, command: Command) -> bytes | None:
        """Write a command; return its answer, where there is one."""
        where = command.characteristic or self._family.write_uuid
        answer = command.answer
        if answer is None:
            await self._link.write(where, command.data, with_response=command.with_response)
            await asyncio.sleep(command.then_wait_s)
            return None
        said: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._awaited = answer, said  # before writing: some answer at once
        try:
            await self._link.write(where, command.data, with_response=command.with_response)
            await asyncio.wait({said}, timeout=answer.limit_s)
        finally:
            self._awaited = None
        if not said.done() and answer.is_needed:
            raise SensorSilentError(
                f"The sensor gave no answer ({command.purpose}): switch it off and on."
            )
        await asyncio.sleep(command.then_wait_s)
        return said.result() if said.done() else None
