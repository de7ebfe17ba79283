"""Two phones as the makers describe their apps, worn by a simulated patient, over real HTTP.

They know nothing of the product: one posts JSON, the other answers questions.
"""

import asyncio
import json
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

RATE_HZ = 100.0
EPOCH_NS = 1_763_800_000_000_000_000


async def post(url, body, *, user_agent="okhttp/4.12.0", headers=(), declared=None):
    """POST as an app does; gives status and text of the answer."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    lines = [
        f"POST {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"User-Agent: {user_agent}",
        "Content-Type: application/json",
        f"Content-Length: {len(body) if declared is None else declared}",
        "Connection: close",
        *headers,
    ]
    try:
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        if declared is not None:  # hangs up in mid-message
            return None
        head, _, text = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.transport.abort()
    return int(head.split()[1]), text.decode()


class SensorLoggerPhone:
    """Posts a batch of samples each `batch_s`."""

    def __init__(self, patient, url, *, is_apple=False, batch_s=0.5, session="a"):
        self.patient, self.url = patient, url
        self.is_apple, self.batch_s, self.session = is_apple, batch_s, session
        self.number = 0
        self.n_sent = 0
        self.answers = []

    def message(self):
        n = round(self.batch_s * RATE_HZ)
        acc_ms2, gyr_rads = self.patient.next_samples(n)
        sign = -1.0 if self.is_apple else 1.0
        payload = []
        for k in range(n):
            time_ns = EPOCH_NS + round((self.n_sent + k) / RATE_HZ * 1e9)
            force = (sign * acc_ms2[k]).tolist()
            gravity = [sign * 9.0 * v / 9.81 for v in (0.0, 0.0, 1.0)]
            linear = [f - g for f, g in zip(force, gravity, strict=True)]
            for name, values in (
                ("accelerometer", linear),
                ("gravity", gravity),
                ("gyroscope", gyr_rads[k].tolist()),
            ):
                entry = {
                    "name": name,
                    "time": time_ns,
                    "values": dict(zip("zyx", values[::-1], strict=True)),
                }
                payload.append(entry)
        self.n_sent += n
        self.number += 1
        message = {
            "messageId": self.number,
            "sessionId": self.session,
            "deviceId": "phone",
            "payload": payload,
        }
        return json.dumps(message).encode()

    async def send(self, body):
        agent = "SensorLogger/1 CFNetwork/1410 Darwin/22.6.0" if self.is_apple else "okhttp/4.12.0"
        self.answers.append(await post(self.url, body, user_agent=agent))

    async def run(self):
        while True:
            await asyncio.sleep(self.batch_s)
            await self.send(self.message())

    async def run_badly(self):
        """Every third message overtakes the one before, every fifth comes twice."""
        held = None
        while True:
            await asyncio.sleep(self.batch_s)
            body = self.message()
            if self.number % 3 == 1:
                held = body
                continue
            await self.send(body)
            if held is not None:
                await self.send(held)
                held = None
            if self.number % 5 == 0:
                await self.send(body)


class PhyphoxPhone:
    """Answers as the remote access of phyphox does; `fault` says how it misbehaves."""

    def __init__(self, patient, *, has_gyroscope=True):
        self.patient = patient
        self.has_gyroscope = has_gyroscope
        self.names = {
            "acc": ("acc_time", "accX", "accY", "accZ"),
            "gyr": ("gyr_time", "gyrX", "gyrY", "gyrZ"),
        }
        self.fault = None
        self.asked = []
        self.is_measuring = False
        self.session = 0
        self.port = 0
        self._server = None
        self._writers = set()
        self.restart()

    def restart(self):
        """Clear, as the button of the app does: time begins at 0 again."""
        self.session += 1
        self.columns = {name: [] for names in self.names.values() for name in names}
        self.n_made = 0
        self._since_s = asyncio.get_running_loop().time()

    @asynccontextmanager
    async def listening(self):
        await self.come_back()
        try:
            yield self
        finally:
            await self.go_away()

    async def come_back(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go_away(self):
        """Leave the Wi-Fi: the connections are gone too, the measuring goes on."""
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
        self._server = None

    def _measure(self):
        now_s = asyncio.get_running_loop().time()
        if not self.is_measuring:
            self._since_s = now_s - self.n_made / RATE_HZ
            return
        n = int((now_s - self._since_s) * RATE_HZ) - self.n_made
        if n <= 0:
            return
        acc_ms2, gyr_rads = self.patient.next_samples(n)
        for k in range(n):
            t = (self.n_made + k) / RATE_HZ
            for names, values in (("acc", acc_ms2[k]), ("gyr", gyr_rads[k])):
                for name, value in zip(self.names[names], (t, *values), strict=True):
                    self.columns[name].append(float(f"{value:.7g}"))
        self.n_made += n

    async def _serve(self, reader, writer):
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                target = head.split()[1].decode()
                self.asked.append(target)
                await self._reply(writer, target)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _reply(self, writer, target):
        if self.fault == "hangs":
            await asyncio.sleep(60.0)
        if self.fault == "half":
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"buffer":{')
            await writer.drain()
            raise ConnectionError
        status, body = (404, b"Not found") if self.fault == "404" else (200, self._answer(target))
        writer.write(f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()

    def _answer(self, target):
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        if parts.path == "/config":
            return self._config()
        if parts.path == "/control":
            return self._control(query["cmd"])
        self._measure()
        buffers = {name: self._buffer(name, since) for name, since in query.items()}
        status = {
            "session": f"{self.session:x}",
            "measuring": self.is_measuring,
            "timedRun": False,
            "countDown": 0,
        }
        return json.dumps({"buffer": buffers, "status": status}).encode()

    def _config(self):
        inputs = []
        for source, key in (("accelerometer", "acc"), ("gyroscope", "gyr")):
            if key == "gyr" and not self.has_gyroscope:
                continue
            t, x, y, z = self.names[key]
            inputs.append({"source": source, "outputs": [{"x": x}, {"y": y}, {"z": z}, {"t": t}]})
        return json.dumps({"title": "Own", "buffers": [], "inputs": inputs, "export": []}).encode()

    def _control(self, command):
        self._measure()
        if command == "clear":
            self.is_measuring = False
            self.restart()
        self.is_measuring = command == "start" or (self.is_measuring and command != "stop")
        if command == "start":
            self._since_s = asyncio.get_running_loop().time() - self.n_made / RATE_HZ
        return b'{"result":true}'

    def _buffer(self, name, since):
        values = self.columns.get(name, [])
        if since == "full":
            chosen, mode = values, "full"
        else:
            threshold, _, reference = since.partition("|")
            beside = self.columns.get(reference or name, [])
            chosen = [v for v, t in zip(values, beside, strict=True) if t > float(threshold)]
            mode = "partial"
        return {"size": 0, "updateMode": mode, "buffer": chosen}
