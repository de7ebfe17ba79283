"""What is said about the link to a clinic, on the page and on the command line."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from api.linking import LinkState, Trouble
from tracker.words import Text

NOT_LINKED: Final = Text(
    "This computer is linked to no clinic: your sessions stay here.",
    "Deze computer is aan geen praktijk gekoppeld: je sessies blijven hier.",
)
LINKED: Final = Text("Linked to {url}", "Gekoppeld aan {url}")
ALL_SENT: Final = Text("Everything has been sent.", "Alles is verstuurd.")
ONE_WAITS: Final = Text("1 thing waits to be sent.", "1 onderdeel wacht op verzending.")
SOME_WAIT: Final = Text("{n} things wait to be sent.", "{n} onderdelen wachten op verzending.")
LAST_SENT: Final = Text("Last sent: {at}", "Laatst verstuurd: {at}")
NEVER_SENT: Final = Text("Nothing has been sent yet.", "Er is nog niets verstuurd.")
LAST_READ: Final = Text(
    "Your clinic was last asked for news: {at}", "Laatst nieuws gevraagd bij je praktijk: {at}"
)
LAST_ORDER: Final = Text(
    "What counts here is what {by} ordered: {at}", "Hier geldt wat {by} voorschreef: {at}"
)
AGREED: Final = Text(
    "Your programme is the same here and at your clinic since {at}",
    "Je oefenprogramma is hier en bij je praktijk hetzelfde sinds {at}",
)
TROUBLES: Final[Mapping[Trouble, Text]] = {
    Trouble.UNREACHABLE: Text(
        "The clinic cannot be reached at the moment. Nothing is lost, and what it last ordered "
        "goes on to count: tempo90 keeps trying while it runs.",
        "De praktijk is nu niet bereikbaar. Er gaat niets verloren en wat ze het laatst "
        "voorschreef blijft gelden: tempo90 blijft het proberen zolang het draait.",
    ),
    Trouble.KEY_REFUSED: Text(
        "The clinic does not know the key of this computer any more. Make a new key there, on "
        "the page Account, and link this computer again.",
        "De praktijk kent de sleutel van deze computer niet meer. Maak daar een nieuwe sleutel, "
        "op de pagina Account, en koppel deze computer opnieuw.",
    ),
    Trouble.NOT_TEMPO90: Text(
        "Something else answers at the address of the clinic. Check the address; or does the "
        "network you are on ask you to log in first?",
        "Op het adres van de praktijk antwoordt iets anders. Klopt het adres? Of vraagt het "
        "netwerk waarop je zit eerst om in te loggen?",
    ),
}
ONE_REFUSED: Final = Text(
    "1 thing was refused by the clinic. It stays here; ask your clinic about it.",
    "1 onderdeel is door de praktijk geweigerd. Het blijft hier; vraag ernaar bij je praktijk.",
)
SOME_REFUSED: Final = Text(
    "{n} things were refused by the clinic. They stay here; ask your clinic about them.",
    "{n} onderdelen zijn door de praktijk geweigerd. Ze blijven hier; vraag ernaar bij je "
    "praktijk.",
)
PAGE: Final[Mapping[str, Text]] = {
    "title": Text("Clinic", "Praktijk"),
    "lead": Text(
        "What you train on this computer can go to your clinic too.",
        "Wat je op deze computer traint, kan ook naar je praktijk.",
    ),
    "how": Text("How to link this computer", "Zo koppel je deze computer"),
    "step_invitation": Text(
        "Open the address of your clinic in a browser, and take the invitation you were given.",
        "Open het adres van je praktijk in een browser en gebruik de uitnodiging die je kreeg.",
    ),
    "step_key": Text(
        "There, on the page Account, make a key for this computer. It is shown once.",
        "Maak daar, op de pagina Account, een sleutel voor deze computer. Je ziet hem één keer.",
    ),
    "step_here": Text("Fill in both below.", "Vul ze hieronder allebei in."),
    "url": Text("Address of the clinic", "Adres van de praktijk"),
    "key": Text("Key", "Sleutel"),
    "link": Text("Link", "Koppelen"),
    "link_again": Text("Link again with another key", "Opnieuw koppelen met een andere sleutel"),
    "send": Text("Send now", "Nu versturen"),
    "send_again": Text("Try what was refused again", "Geweigerde onderdelen opnieuw proberen"),
    "unlink": Text("Unlink …", "Ontkoppelen …"),
    "unlink_what": Text(
        "Nothing more is sent then. What the clinic has stays there: only you can have it erased, "
        "on its page Account.",
        "Er wordt dan niets meer verstuurd. Wat de praktijk heeft, blijft daar: alleen jij kunt "
        "het laten wissen, op de pagina Account daar.",
    ),
    "unlink_now": Text("Unlink", "Ontkoppelen"),
    "orders": Text("Your prescription and its changes", "Je oefenvoorschrift en wat veranderde"),
    "only_yours": Text(
        "Sessions, recordings, and what you told about them are sent: nothing else, and nothing "
        "of anybody else. Read are your prescription, extra weeks, and messages to you. Your "
        "programme goes both ways.",
        "Verstuurd worden sessies, opnames en wat je erover vertelde: niets anders, en niets van "
        "iemand anders. Gelezen worden je oefenvoorschrift, extra weken en berichten aan jou. "
        "Je oefenprogramma gaat beide kanten op.",
    ),
}


def state_lines(state: LinkState | None, when: Callable[[datetime], str]) -> list[Text]:
    """Say how it stands, the most important first.

    Parameters
    ----------
    state : LinkState or None
        None without a link.
    when : callable
        Writes a moment.

    """
    if state is None:
        return [NOT_LINKED]
    lines = [LINKED.with_values(url=state.url)]
    if state.trouble is not None:
        lines.append(TROUBLES[state.trouble])
    if state.refused:
        n_refused = len(state.refused)
        lines.append(ONE_REFUSED if n_refused == 1 else SOME_REFUSED.with_values(n=n_refused))
    if state.n_waiting:
        one = state.n_waiting == 1
        lines.append(ONE_WAITS if one else SOME_WAIT.with_values(n=state.n_waiting))
    elif not state.refused:
        lines.append(ALL_SENT if state.n_sent else NEVER_SENT)
    if state.sent_at is not None:
        lines.append(LAST_SENT.with_values(at=when(state.sent_at)))
    if state.read_at is not None:
        lines.append(LAST_READ.with_values(at=when(state.read_at)))
    if state.agreed_at is not None:
        lines.append(AGREED.with_values(at=when(state.agreed_at)))
    if state.order is not None:
        at, by = when(state.order.ordered_at), state.order.by
        lines.append(LAST_ORDER.with_values(at=at, by=by))
    return lines
