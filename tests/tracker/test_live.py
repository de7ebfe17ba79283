import asyncio
import json
import threading
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tracker.live import LiveHub


class Clock:
    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


def state(name, number=1, session="first"):
    return {"type": "state", "state": name, "set": number, "session": session}


def rep(n):
    return {"type": "rep", "n": n, "eccentric_s": 3.0, "verdict": "in_tempo"}


def frame(angle_deg, phase="eccentric", reps=0):
    return {"type": "frame", "a": angle_deg, "phase": phase, "phase_s": 1.0, "reps": reps}


CARD = {"type": "card", "set": 1, "reps": 2}


async def take(listener, n):
    async with asyncio.timeout(5):
        return [json.loads(await anext(listener)) for _ in range(n)]


def told(hub):
    """What a late joiner is told: the messages without their age."""
    return [
        {name: value for name, value in message.items() if name != "age_s"}
        for message in hub.snapshot()["messages"]
    ]


def test_a_listener_gets_the_snapshot_first_and_then_every_fact_in_order():
    async def listen():
        hub = LiveHub()
        async with hub.listen() as listener:
            first = await take(listener, 1)
            for message in (state("set"), rep(1), rep(2), CARD):
                hub.publish(message)
            return first + await take(listener, 4)

    got = asyncio.run(listen())

    assert got == [{"type": "snapshot", "messages": []}, state("set"), rep(1), rep(2), CARD]


def test_a_late_joiner_is_told_the_running_set_in_the_order_a_page_takes_it_in():
    hub = LiveHub()

    for message in (
        state("set"),
        rep(2),
        frame(40.0),
        rep(1),
        {"type": "sensor", "state": "streaming"},
    ):
        hub.publish(message)

    assert [message["type"] for message in told(hub)] == ["sensor", "state", "rep", "rep", "frame"]
    assert [message["n"] for message in told(hub) if message["type"] == "rep"] == [1, 2]


def test_the_snapshot_says_how_old_each_message_is_so_that_a_countdown_goes_on():
    clock = Clock()
    hub = LiveHub(now_s=clock)
    hub.publish(state("rest"))

    clock.now_s = 12.5

    assert hub.snapshot()["messages"][0]["age_s"] == 12.5


def test_the_card_and_the_repetitions_stay_through_the_rest_and_go_when_the_next_set_starts():
    hub = LiveHub()
    for message in (state("set"), rep(1), CARD, state("rest")):
        hub.publish(message)
    in_the_rest = [message["type"] for message in told(hub)]

    hub.publish(state("calibrating", number=2))

    assert in_the_rest == ["state", "rep", "card"]
    assert told(hub) == [state("calibrating", number=2)]


def test_another_session_forgets_all_of_the_one_before():
    hub = LiveHub()
    for message in (state("set"), rep(1), CARD, {"type": "saved", "session": "first"}):
        hub.publish(message)

    hub.publish(state("connecting", session="second"))

    assert told(hub) == [state("connecting", session="second")]


def test_a_training_that_is_over_is_forgotten_when_asked_and_a_running_one_is_not():
    hub = LiveHub()
    over = (state("set"), rep(1), frame(40.0), CARD, {"type": "summary"}, {"type": "sensor"})
    sound = {"type": "sound", "place": "terminal"}
    for message in (sound, *over):
        hub.publish(message)

    hub.leader = print
    hub.forget()
    while_it_runs = told(hub)
    hub.leader = None
    hub.forget()

    assert [one["type"] for one in while_it_runs] == [
        "sound", "sensor", "state", "rep", "card", "summary", "frame",
    ]  # fmt: skip
    assert told(hub) == [sound]


def test_of_frames_only_the_newest_waits_and_no_fact_is_lost_between_them():
    async def listen():
        clock = Clock()
        hub = LiveHub(now_s=clock)
        async with hub.listen() as listener:
            await take(listener, 1)
            for k in range(100):
                clock.now_s += 0.02
                hub.publish(frame(float(k)))
                if k % 40 == 0:
                    hub.publish(rep(k // 40 + 1))
            return await take(listener, 4)

    got = asyncio.run(listen())

    assert got == [rep(1), rep(2), rep(3), frame(99.0)]


def test_a_listener_that_falls_far_behind_gets_the_snapshot_in_place_of_what_it_missed():
    async def listen():
        hub = LiveHub(max_waiting=8)
        async with hub.listen() as listener:
            await take(listener, 1)
            hub.publish(state("set"))
            for n in range(1, 16):
                hub.publish(rep(n))
            (caught_up,) = await take(listener, 1)
            hub.publish(CARD)
            return caught_up, await take(listener, 1)

    caught_up, after = asyncio.run(listen())

    assert caught_up["type"] == "snapshot"
    assert [one["n"] for one in caught_up["messages"] if one["type"] == "rep"] == [*range(1, 16)]
    assert after == [CARD]


def test_a_listener_that_never_reads_holds_nobody_up_and_stays_small():
    async def listen():
        hub = LiveHub(max_waiting=8)
        async with hub.listen() as asleep, hub.listen() as awake:
            await take(awake, 1)
            read = []
            for n in range(1, 1001):
                hub.publish(rep(n))
                read += await take(awake, 1)
            return read, len(asleep._waiting)

    read, waiting = asyncio.run(listen())

    assert [message["n"] for message in read] == [*range(1, 1001)]
    assert waiting <= 8


def test_a_listener_without_a_screen_gets_of_the_frames_those_that_begin_a_phase():
    async def listen():
        hub = LiveHub(max_frames_hz=1e9)
        async with hub.listen(has_screen=False) as listener:
            await take(listener, 1)
            got = []
            for phase in ("lift", "lift", "eccentric", "eccentric", None):
                hub.publish(frame(40.0, phase=phase))
                hub.publish(rep(len(got)))
                got += await take(listener, listener.n_waiting)
            return got

    got = asyncio.run(listen())

    phases = [message["phase"] for message in got if message["type"] == "frame"]
    assert phases == ["lift", "eccentric", None]
    assert [message["type"] for message in got].count("rep") == 5


def test_frames_come_at_most_sixty_times_a_second():
    async def listen():
        clock = Clock()
        hub = LiveHub(max_frames_hz=60.0, now_s=clock)
        n_got = 0
        async with hub.listen() as listener:
            await take(listener, 1)
            for _ in range(200):  # a second of a 200 Hz sensor
                clock.now_s += 1 / 200
                hub.publish(frame(clock.now_s * 30))
                n_got += len(listener._waiting)
                listener._waiting.clear()
        return n_got

    n_got = asyncio.run(listen())

    assert 40 <= n_got <= 60


def test_a_frame_in_which_the_phase_or_the_count_changes_is_never_left_out():
    hub = LiveHub(now_s=Clock())
    hub.publish(frame(88.0, phase="lift"))

    hub.publish(frame(89.0, phase="eccentric"))
    after_phase = told(hub)
    hub.publish(frame(0.0, phase="eccentric", reps=1))

    assert after_phase == [frame(89.0, phase="eccentric")]
    assert told(hub) == [frame(0.0, phase="eccentric", reps=1)]


def test_messages_may_be_published_from_another_thread():
    async def listen():
        hub = LiveHub()
        async with hub.listen() as listener:
            await take(listener, 1)
            thread = threading.Thread(target=lambda: [hub.publish(rep(n)) for n in range(1, 51)])
            thread.start()
            got = await take(listener, 50)
            thread.join()
            return got

    got = asyncio.run(listen())

    assert [message["n"] for message in got] == [*range(1, 51)]


def test_publishing_after_the_loop_of_a_listener_has_ended_does_no_harm():
    hub = LiveHub()

    async def leave_open():
        await take(await hub.listen().__aenter__(), 1)

    asyncio.run(leave_open())

    hub.publish(rep(1))

    assert told(hub) == [rep(1)]


def test_a_number_that_json_cannot_say_is_sent_as_null():
    hub = LiveHub()

    hub.publish(frame(float("nan")))

    assert told(hub) == [frame(None)]


def test_leaving_ends_the_subscription():
    async def come_and_go():
        hub = LiveHub()
        async with hub.listen():
            inside = hub.n_listeners
        return inside, hub.n_listeners

    inside, after = asyncio.run(come_and_go())

    assert (inside, after) == (1, 0)


@given(
    messages=st.lists(
        st.sampled_from([state("set"), state("rest"), rep(1), rep(2), rep(3), CARD, frame(1.0)]),
        max_size=40,
    ),
    cuts=st.sets(st.integers(0, 40)),
)
def test_what_a_page_knows_in_the_end_does_not_depend_on_when_it_reads(messages, cuts):
    async def read_in_pieces():
        hub = LiveHub(max_waiting=4, now_s=Clock())
        hub.publish(state("set"))
        known = []
        edges = [0, *sorted(cut for cut in cuts if cut < len(messages)), len(messages)]
        async with hub.listen() as listener:
            for start, end in pairwise(edges):
                for message in messages[start:end]:
                    hub.publish(message)
                while listener._needs_snapshot or listener._waiting:
                    known += await take(listener, 1)
        return known, told(hub)

    known, snapshot = asyncio.run(read_in_pieces())

    assert facts(known) == facts(snapshot)


def facts(messages):
    """The newest of each fact, as a page that took all messages would hold them."""
    held = {}
    for message in messages:
        if message["type"] == "snapshot":
            held = {}
            inner = message["messages"]
        else:
            inner = [message]
        for one in inner:
            key = (one["type"], one.get("n"))
            held[key] = {name: value for name, value in one.items() if name != "age_s"}
    return {key: value for key, value in held.items() if key[0] != "frame"}


def test_the_card_of_one_exercise_is_gone_when_the_next_one_is_introduced():
    hub = LiveHub()
    hub.publish({"type": "plan", "steps": []})
    hub.publish({"type": "state", "state": "card", "session": "a", "step": 1, "set": 2})
    hub.publish({"type": "hold", "n": 2, "held_s": 30.0})
    hub.publish({"type": "card", "set": 2, "reps": 0})

    before = [message["type"] for message in hub.snapshot()["messages"]]
    hub.publish({"type": "state", "state": "intro", "session": "a", "step": 2, "set": 0})
    after = [message["type"] for message in hub.snapshot()["messages"]]

    assert before == ["plan", "state", "hold", "card"]
    assert after == ["plan", "state"]
