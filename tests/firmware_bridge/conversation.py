"""A family and a simulated device talking to each other without a radio."""

from firmware_bridge import Read, Refusal, Sampled


class RefusedError(Exception):
    pass


class Conversation:
    """What was written, and what the device sent, in order."""

    def __init__(self, family, device, *, room=244):
        self.family, self.device, self.room = family, device, room
        self.written, self.sent = [], []
        self.n = 0

    def start(self):
        self._take(self.family.start)
        return self

    def stop(self):
        self._take(self.family.stop)
        return self

    def _take(self, steps):
        for step in steps:
            follow, said = self._do(step)
            further = follow(said) if follow and said is not None else ()
            if isinstance(further, Refusal):
                raise RefusedError(further.reason)
            self._take(further)

    def _do(self, step):
        if isinstance(step, Read):
            return step.follow, self.device.read(step.characteristic)
        self.written.append(step.data)
        self.sample(1)  # the device goes on meanwhile
        where = step.characteristic or self.family.write_uuid
        sent = self.device.write(where, step.data, self.n / 100)
        self.sent += sent
        if step.answer is None:
            return None, None
        answers = [one.data for one in sent if step.answer.is_in(one.data)]
        assert answers or not step.answer.is_needed, step.purpose
        return step.answer.follow, answers[0] if answers else None

    def sample(self, n, acc_ms2=(0.0, 0.0, 9.81), gyr_rads=(0.1, 0.2, 0.3)):
        """Let the device take samples; return what it sends."""
        sent = []
        for _ in range(n):
            clock_s = self.n / self.device.rate_hz
            sampled = Sampled(acc_ms2=acc_ms2, gyr_rads=gyr_rads, clock_s=clock_s, room=self.room)
            sent += self.device.sample(sampled)
            self.n += 1
        self.sent += sent
        return sent

    @property
    def hex(self):
        return [data.hex() for data in self.written]
