"""What the terminal shows: the live messages folded into one picture, and that picture as text.

The same messages feed the live page, so that both always tell the same. Meaning is carried by
shape and word; colour only supports it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text as Line

from tracker.big_digits import big_number
from tracker.profile import Language
from tracker.questions import AnswerKind, Question
from tracker.screen_kinds import done_lines, hold_line, interval_lines, plan_lines, still_line
from tracker.words import Text, in_language

BAR_END_DEG: Final = 110.0
BAR_CELLS: Final = 44
TEMPO_CELLS: Final = 30
N_NOTES: Final = 2

# Verdict: shape, shape without Unicode, colour, words.
DOTS: Final = {
    "in_tempo": ("●", "O", "green", Text("in tempo", "goed tempo")),
    "accepted": ("○", "o", "cyan", Text("accepted", "goed genoeg")),
    "too_fast": ("▲", "^", "yellow", Text("too fast", "te snel")),
    "too_slow": ("■", "#", "blue", Text("a little quicker", "mag iets vlotter")),
    "counted": ("●", "O", "cyan", Text("counted", "geteld")),
    "shallow": ("▽", "v", "magenta", Text("not far enough", "niet ver genoeg gebogen")),
}
PHASES: Final = {
    "lift": Text("lift", "optillen"),
    "concentric": Text("lift", "optillen"),
    "hold": Text("hold", "vasthouden"),
    "eccentric": Text("slowly back", "langzaam terug"),
}
SENSOR_STATES: Final = {
    "scanning": Text("looking for the sensor", "sensor zoeken"),
    "connecting": Text("connecting", "verbinden"),
    "starting": Text("starting", "starten"),
    "streaming": Text("sensor on", "sensor aan"),
    "stalled": Text("sensor silent", "sensor stil"),
    "reconnecting": Text("sensor away", "sensor weg"),
    "stopped": Text("sensor off", "sensor uit"),
}
KEYS: Final = Text("Enter: next    q: stop and keep", "Enter: verder    q: stoppen en bewaren")
ANSWER_KEYS: Final = Text("type, then Enter (empty: skip)", "typ, dan Enter (leeg: overslaan)")


@dataclass(slots=True)
class Screen:
    """The newest of everything there is to show."""

    language: Language = "en"
    has_unicode: bool = True
    state: Mapping[str, Any] = field(default_factory=dict)
    sensor: Mapping[str, Any] = field(default_factory=dict)
    plan: Mapping[str, Any] = field(default_factory=dict)
    frame: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, Any] | None = None
    verdicts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    question: Question | None = None
    typed: str = ""
    rest_ends_s: float | None = None

    def take(self, message: Mapping[str, Any]) -> None:
        """Take in one live message."""
        match message["type"]:
            case "state":
                is_other = any(message[k] != self.state.get(k) for k in ("step", "set"))
                if is_other:
                    self.verdicts, self.frame, self.card = [], {}, None
                self.state = message
            case "rep":
                self.verdicts.append(message["verdict"])
            case "card":
                self.card = message
                self.verdicts = [rep["verdict"] for rep in message["reps_list"]]
            case "sensor":
                self.sensor = message
            case "plan":
                self.plan = message
            case "frame":
                self.frame = message

    def note(self, text: Text) -> None:
        """Add a sentence of the coach; only the last few stay."""
        said = text.to(self.language)
        self.notes = [*(note for note in self.notes if note != said), said][-N_NOTES:]


def render(screen: Screen, now_s: float) -> RenderableType:
    """Return the whole picture at a time of the coach's clock."""
    parts: list[RenderableType] = [_heading(screen)]
    if advice := (screen.sensor.get("advice") or {}).get(screen.language):
        parts.append(Line(advice, style="yellow"))
    state = screen.state.get("state")
    if screen.question is not None:
        parts.append(_question(screen))
    elif state in {"card", "rest", "done"} and screen.card is not None:
        parts.append(_rest(screen, now_s))
        parts.append(Panel(card_lines(screen.card, screen), expand=False))
    elif state in {"ready", "set", "calibrating"}:
        parts.append(_movement(screen))
    elif state in {"intro", "move_sensor"} and screen.plan:
        parts.append(
            plan_lines(screen.plan, has_unicode=screen.has_unicode, language=screen.language)
        )
    parts.extend(Line(note, style="bold") for note in screen.notes)
    keys = ANSWER_KEYS if screen.question is not None else KEYS
    parts.append(Line(keys.to(screen.language), style="dim"))
    return Group(*parts)


def _heading(screen: Screen) -> Line:
    state, sensor = screen.state, screen.sensor
    name = state.get("name", {}).get(screen.language, state.get("exercise", ""))
    set_word = Text("set", "serie").to(screen.language)
    line = Line(
        f"{name}   {set_word} {state.get('set', 0)}/{state.get('sets', 0)}   ", style="bold"
    )
    if sensor:
        said = SENSOR_STATES[sensor["state"]].to(screen.language)
        line.append(said, style="" if sensor["state"] == "streaming" else "reverse")
        if sensor.get("battery_percent") is not None:
            line.append(f"   {Text('battery', 'batterij').to(screen.language)} ")
            line.append(f"{sensor['battery_percent']}%")
    return line


def _movement(screen: Screen) -> RenderableType:
    has_unicode, language = screen.has_unicode, screen.language
    if screen.state.get("state") == "calibrating" and "still_s" in screen.frame:
        return still_line(screen.frame, has_unicode=has_unicode, language=language)
    match screen.state.get("movement"):
        case "stillness":
            return hold_line(
                screen.frame,
                screen.state.get("hold_s"),
                has_unicode=has_unicode,
                language=language,
            )
        case "gait" | "cycling" if "interval" in screen.frame:
            target = screen.state.get("cadence_target_per_min")
            return interval_lines(screen.frame, target, has_unicode=has_unicode, language=language)
        case "gait" | "cycling":
            return Line("")
    count = Line("\n".join(big_number(len(screen.verdicts), "█" if screen.has_unicode else "#")))
    count.append(f"\n/ {screen.state.get('reps_target', 0)}", style="dim")
    right = Group(angle_bar(screen), tempo_bar(screen), rep_dots(screen))
    return Columns([count, right], padding=(1, 3))


def _question(screen: Screen) -> Panel:
    text = question_text(screen.question, screen.language) if screen.question else ""
    return Panel(Line(f"{text}\n\n> {screen.typed}_"), expand=False)


def question_text(question: Question, language: Language) -> str:
    """Return a question with its choices as numbers to type, and what the ends of a scale mean."""
    scale = f" ({question.scale.to(language)})" if question.scale is not None else ""
    lines = [question.text.to(language) + scale]
    if question.kind is AnswerKind.CHOICE:
        lines += [f"  {k}  {one.to(language)}" for k, one in enumerate(question.choices)]
    return "\n".join(lines)


def _rest(screen: Screen, now_s: float) -> Line:
    if screen.state.get("state") != "rest" or screen.rest_ends_s is None:
        return Line("")
    left_s = max(0, round(screen.rest_ends_s - now_s))
    return Line(f"{Text('rest', 'pauze').to(screen.language)}  {left_s} s", style="bold reverse")


def angle_bar(screen: Screen) -> Line:
    """Return the angle as a bar with a mark at the target, and its number."""
    angle_deg = screen.frame.get("a")
    target_deg = screen.state.get("peak_target_deg")
    full, empty, mark = ("█", "░", "│") if screen.has_unicode else ("#", ".", "|")
    shown_deg = min(max(angle_deg or 0.0, 0.0), BAR_END_DEG)
    n_full = round(shown_deg / BAR_END_DEG * BAR_CELLS)
    cells = [full] * n_full + [empty] * (BAR_CELLS - n_full)
    if target_deg is not None:
        cells[min(round(target_deg / BAR_END_DEG * BAR_CELLS), BAR_CELLS - 1)] = mark
    number = "  --" if angle_deg is None else f"{angle_deg:4.0f}"
    goal = "" if target_deg is None else f"  ({target_deg:.0f}°)"
    return Line(f"{''.join(cells)} {number}°{goal}")


def tempo_bar(screen: Screen) -> Line:
    """Return the phase, and in the eccentric one its seconds against the tempo."""
    phase = screen.frame.get("phase")
    tempo_s = screen.state.get("tempo_s")
    if phase is None:
        return Line("")
    word = PHASES[phase].to(screen.language)
    if phase != "eccentric" or tempo_s is None:
        return Line(f"{word}")
    phase_s = screen.frame.get("phase_s") or 0.0
    full, empty = ("━", "─") if screen.has_unicode else ("=", "-")
    n_full = min(TEMPO_CELLS, round(phase_s / tempo_s * TEMPO_CELLS))
    seconds = f"{in_language(phase_s, 1, screen.language)} / {tempo_s:.0f} s"
    return Line(f"{full * n_full}{empty * (TEMPO_CELLS - n_full)} {seconds}  {word}")


def rep_dots(screen: Screen) -> Line:
    """Return one shape a repetition, then a point for each that is still to come."""
    line = Line()
    for word in screen.verdicts:
        shape, plain, colour, _ = DOTS[word]
        line.append((shape if screen.has_unicode else plain) + " ", style=colour)
    left = screen.state.get("reps_target", 0) - len(screen.verdicts)
    line.append(("· " if screen.has_unicode else ". ") * max(0, left), style="dim")
    return line


def card_lines(card: Mapping[str, Any], screen: Screen) -> Line:
    """Return the set card: count, tempo, dose, and what to keep and to change."""
    language = screen.language
    line = Line(f"{Text('Set', 'Serie').to(language)} {card['set']}: ", style="bold")
    reps_word = Text("repetitions", "herhalingen").to(language)
    if card["reps_target"]:
        line.append(f"{card['reps']}/{card['reps_target']} {reps_word}")
    if card.get("extra_reps"):
        said = Text("{n} extra", "{n} extra").with_values(n=card["extra_reps"])
        line.append(f" ({said.to(language)})")
    if card["eccentric_mean_s"] is not None:
        said = Text("{n} in tempo, mean {s} s", "{n} in goed tempo, gemiddeld {s} s")
        mean_s = in_language(card["eccentric_mean_s"], 1, language)
        line.append("\n" + said.with_values(n=card["in_tempo"], s=mean_s).to(language))
    if card["dose_s"] is not None and card["dose_prescribed_s"] is not None:
        said = Text(
            "eccentric time (measured movement): {d} of {p} s",
            "excentrische tijd (gemeten beweging): {d} van {p} s",
        )
        due_s = in_language(card["dose_prescribed_s"], 1, language)
        dose_s = in_language(card["dose_s"], 1, language)
        line.append("\n" + said.with_values(d=dose_s, p=due_s).to(language))
    line.append_text(done_lines(card, language))
    if screen.verdicts:
        line.append("\n").append_text(rep_dots(screen)).append_text(_legend(screen))
    if card.get("legs"):
        line.append(f"\n{card['legs']['text'][language]}")
    for place, style in (("praise", "green"), ("correction", "bold"), ("next_step", "")):
        if card[place] is not None:
            line.append(f"\n{card[place][language]}", style=style)
    return line


def _legend(screen: Screen) -> Line:
    line = Line()
    for word in dict.fromkeys(screen.verdicts):
        shape, plain, _, said = DOTS[word]
        line.append(f"\n{shape if screen.has_unicode else plain} {said.to(screen.language)}", "dim")
    return line
