"""`tempo90 train`: a coached session with a sensor on the ankle."""

from typing import Annotated

import typer

from tracker.commands.options import LARGEST_PORT, Data, Format, Lang, Sensor, Side, Thigh


def train(
    exercise: Annotated[
        str | None, typer.Argument(help="Exercise id; without one all that is due today.")
    ] = None,
    *,
    sensor: Sensor = None,
    thigh: Thigh = None,
    text_format: Format = None,
    sets: Annotated[int | None, typer.Option("--sets", min=1, max=20, help="Sets to do.")] = None,
    reps: Annotated[
        int | None, typer.Option("--reps", min=1, max=200, help="Repetitions a set.")
    ] = None,
    rest: Annotated[
        float | None, typer.Option("--rest", min=0, max=600, help="Seconds between sets.")
    ] = None,
    side: Side = None,
    lang: Lang = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No sounds.")] = False,
    voice: Annotated[
        bool | None,
        typer.Option("--voice/--no-voice", help="Speak, or not; else where there is a voice."),
    ] = None,
    band: Annotated[
        str | None,
        typer.Option("--band", help="The band in use: colour, single or doubled; remembered."),
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Today without a helper: seated in place of prone.")
    ] = False,
    short: Annotated[
        bool, typer.Option("--short", help="Time is short: the core exercise comes first.")
    ] = False,
    hands_free: Annotated[
        bool, typer.Option("--hands-free", help="Go from exercise to exercise without a key.")
    ] = False,
    no_questions: Annotated[
        bool, typer.Option("--no-questions", help="Do not ask about pain and soreness.")
    ] = False,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Do not open the live page in a browser.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=LARGEST_PORT, help="Port of the live page, if free.")
    ] = 8090,
    data: Data = None,
) -> None:
    """Train what is due today, or one exercise, with the coach."""
    from rich.console import Console

    from tracker.format_file import load_text_format
    from tracker.keyboard import is_keyboard_there
    from tracker.phone_apps.asking import ask_platform
    from tracker.profile import load_profile, save_profile, with_choices
    from tracker.sensor_opening import check_sensor_spec, check_thigh_spec
    from tracker.settings import find_data_folder
    from tracker.sitting import SittingOptions, run_sitting
    from tracker.train_wishes import TrainWishes, plan_training
    from tracker.waking_clock import run_awake

    check_thigh_spec(sensor, thigh)
    if exercise is not None:
        check_sensor_spec(sensor, exercise)
    folder = find_data_folder(data).make()
    known = load_profile(folder.profile)
    profile = with_choices(known, language=lang, side=side, band=band)
    remembered = with_choices(known, language=None, side=side, band=band)
    if remembered != known:
        save_profile(folder.profile, remembered)
    # A question that nobody can answer would hold the session up for ever.
    has_questions = not no_questions and is_keyboard_there()
    wishes = TrainWishes(
        exercise=exercise, sets=sets, reps=reps, rest_s=rest, is_alone=alone, is_short=short,
        has_questions=has_questions, sensor=sensor, band=band,
    )  # fmt: skip
    plan = plan_training(wishes, profile, folder, Console())
    if plan is None:
        return
    if is_keyboard_there():
        ask_platform(sensor, folder, profile.language, Console())
    options = SittingOptions(
        sensor=sensor,
        thigh=thigh,
        text_format=load_text_format(text_format),
        is_quiet=quiet,
        is_voiced=voice,
        opens_browser=not no_browser,
        port=port,
        is_hands_free=hands_free or not is_keyboard_there(),
    )
    try:
        run_awake(run_sitting(plan, profile, folder, options))
    except KeyboardInterrupt:  # outside the training, or a second time: what is on disk stays
        raise typer.Exit(130) from None
