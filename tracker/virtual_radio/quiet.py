"""Make Bumble's logging cheap: it builds coloured dumps of every packet even when nobody logs."""

import importlib
import logging
from typing import Any

from bumble import att, hci, l2cap

_MODULES = (
    "controller",
    "host",
    "device",
    "gatt_server",
    "gatt_client",
    "l2cap",
    "hci",
    "att",
    "smp",
)


def quiet_bumble() -> None:
    """Replace Bumble's packet dumps by class names, unless debug logging is on.

    Halves the cost of the virtual radio. Without effect on what is sent.
    """
    if logging.getLogger("bumble").isEnabledFor(logging.DEBUG):
        return
    # It reports every packet that is on its way while a link ends, which is what we simulate.
    logging.getLogger("bumble.controller").setLevel(logging.CRITICAL)
    for name in _MODULES:
        module = importlib.import_module(f"bumble.{name}")
        if hasattr(module, "color"):
            vars(module)["color"] = _plain
    todo: list[Any] = [hci.HCI_Packet, att.ATT_PDU, l2cap.L2CAP_PDU, l2cap.L2CAP_Control_Frame]
    while todo:
        packet_class = todo.pop()
        todo += packet_class.__subclasses__()
        if "__str__" in packet_class.__dict__:
            packet_class.__str__ = _class_name


def _plain(text: str, *_args: object, **_kwargs: object) -> str:
    return text


def _class_name(packet: object) -> str:
    return type(packet).__name__
