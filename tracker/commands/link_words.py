"""How it stands with the link to a clinic, printed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.linking import LinkState
    from tracker.profile import Language


def told_state(state: "LinkState | None", language: "Language", *, as_json: bool) -> None:
    """Print how it stands; the key never."""
    import json

    from tracker.linking.words import state_lines

    if as_json:
        print(json.dumps(_document(state)))
        return
    for line in state_lines(state, lambda at: at.astimezone().strftime("%Y-%m-%d %H:%M")):
        print(line.to(language))
    for item, reason in state.refused if state is not None else ():
        print(f"  {item.kind} {item.key}: {reason}")


def _document(state: "LinkState | None") -> dict[str, object]:
    if state is None:
        return {"linked": False}
    return {
        "linked": True,
        "url": state.url,
        "waiting": state.n_waiting,
        "sent": state.n_sent,
        "last_sent_at": state.sent_at.isoformat() if state.sent_at is not None else None,
        "last_read_at": state.read_at.isoformat() if state.read_at is not None else None,
        "last_order": None
        if state.order is None
        else {"ordered_at": state.order.ordered_at.isoformat(), "by": state.order.by},
        "trouble": state.trouble,
        "reason": state.reason,
        "refused": [
            {"kind": item.kind, "key": item.key, "reason": reason} for item, reason in state.refused
        ],
    }
