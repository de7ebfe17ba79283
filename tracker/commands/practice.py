"""`tempo90 practice`: hear a return in the right tempo, or one that is not."""

from typing import Annotated

import typer

from tracker.commands.options import Data, Lang


def practice(
    return_s: Annotated[
        float,
        typer.Option("--return", min=0.5, max=15.0, help="Seconds the leg takes.", metavar="S"),
    ] = 3.0,
    *,
    lang: Lang = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show it, without sound.")] = False,
    voice: Annotated[
        bool | None,
        typer.Option("--voice/--no-voice", help="Speak, or not; else where there is a voice."),
    ] = None,
    data: Data = None,
) -> None:
    """Hear what a return of 3 seconds sounds like, without a sensor."""
    import asyncio

    from rich.console import Console

    from analysis import load_catalogue
    from tracker.practice import TOLD, let_hear
    from tracker.profile import load_profile, with_choices
    from tracker.settings import find_data_folder
    from tracker.sounds import Cue, SilentSpeaker, open_speaker
    from tracker.talking import NO_VOICE, VoiceTalker, open_talker
    from tracker.words import Text, in_language

    silent = Text("No sound: this computer has no player.", "Geen geluid: geen speler gevonden.")
    known = load_profile(find_data_folder(data).profile)
    language = with_choices(known, language=lang, side=None, band=None).language
    console = Console(highlight=False)

    def tell(at_s: float, cue: Cue) -> None:
        console.print(f"{in_language(at_s, 1, language):>5} s  {TOLD[cue].to(language)}")

    async def run() -> None:
        exercise = load_catalogue()["ecc_prone_helper"]
        with open_speaker(is_quiet=quiet) as speaker:
            if isinstance(speaker, SilentSpeaker) and not quiet:
                console.print(silent.to(language))
            async with open_talker(
                language, speaker, is_quiet=quiet, is_voiced=voice is not False
            ) as talker:
                if voice and not quiet and not isinstance(talker, VoiceTalker):
                    console.print(NO_VOICE.to(language))
                await let_hear(exercise, return_s, speaker=speaker, talker=talker, tell=tell)

    asyncio.run(run())
