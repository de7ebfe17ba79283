"""The figures on cost as tables."""

from benchmark.cost import CostFigures, HeldMemory, LengthCost, LiveCost, OfflineCost
from benchmark.tables import Table


def cost_tables(figures: CostFigures) -> list[Table]:
    """Return the tables on cost."""
    return [
        _live(figures.live),
        _offline(figures.offline),
        _lengths(figures.lengths),
        _memory(figures.memory),
    ]


def _live(costs: list[LiveCost]) -> Table:
    rows = [
        (
            one.recording,
            str(one.packet),
            f"{one.ours_us:.2f}",
            f"{one.door_us:.2f}",
            f"{one.vqf_us:.2f}",
            f"{one.ratio:.1f}",
            f"{one.sensors_a_core:,.0f}",
            f"{one.p99_ms:.2f}",
        )
        for one in costs
    ]
    head = ("recording", "samples a packet", "us a sample", "ImuSamples alone us")
    return Table(
        "Cost live",
        "Processor time of one core for each sample at 100 Hz, from arrays to events, without"
        " keeping the trace; of sets with rests, and of a leg that lies still. A sample costs the"
        " checks at the door (`ImuSamples`) and the orientation filter alone (VQF, fed in the same"
        " packets) the times in the columns after it. Last: 99 of 100 packets are done within.",
        (*head, "VQF alone us", "ratio", "sensors a core at 100 Hz", "99 % of packets ms"),
        rows,
    )


def _offline(cost: OfflineCost) -> Table:
    row = (
        f"{cost.duration_s:.0f}",
        f"{1e3 * cost.ours_s:.0f}",
        f"{1e3 * cost.vqf_s:.0f}",
        f"{cost.ratio:.1f}",
        f"{cost.times_real_time:,.0f}",
    )
    return Table(
        "Cost offline",
        "A whole session at 100 Hz through `analyse_recording`, with the trace.",
        ("session s", "ms", "VQF alone ms", "ratio", "times real time"),
        [row],
    )


def _lengths(costs: list[LengthCost]) -> Table:
    rows = [
        (
            f"{one.duration_s / 60:.0f}",
            f"{1e3 * one.offline_s:.0f}",
            f"{one.offline_us:.2f}",
            f"{one.live_us:.2f}",
        )
        for one in costs
    ]
    return Table(
        "Cost and the length of a session",
        "At 100 Hz: whole, and live in packets of 5. Where the last two columns stay level, the"
        " cost of a sample does not depend on how many came before it.",
        ("minutes", "offline ms", "offline us a sample", "live us a sample"),
        rows,
    )


def _memory(held: list[HeldMemory]) -> Table:
    rows = [
        (
            f"{one.at_s / 60:.0f}",
            f"{one.held_bytes / 1024:.0f}",
            f"{one.peak_bytes / 1024:.0f}",
            str(one.n_reps),
        )
        for one in held
    ]
    return Table(
        "Memory of a live analyser",
        "Kilobytes allocated by an analyser at 25 Hz in packets of 5, without keeping the trace,"
        " after some minutes of sets of 15: held then, and the most until then. What grows is the"
        " list of finished repetitions that make up the result.",
        ("minutes", "held kB", "peak kB", "repetitions so far"),
        rows,
    )
