"""A page that trains, for tests: what the server tells it, and what it asks for."""

import json

from tests.browser import wait_until
from tests.flow.training_story import IDLE


class Training:
    """A page that trains: what the server tells it, and what it asks for."""

    def __init__(self, page, hub, address):
        self.page, self.hub, self.asked = page, hub, []
        page.route_web_socket("**/ws/live", self._pass_on)
        hub.publish(IDLE)
        page.goto(f"{address}/train")
        page.locator('#live[data-link="open"]').wait_for()

    def _pass_on(self, line):
        server = line.connect_to_server()
        self.line = line

        def ask(message):
            told = json.loads(message)
            if told["do"] != "sound":  # the page's own affair, see test_sound_pages
                self.asked.append(told)
            server.send(message)

        line.on_message(ask)

    def tell(self, *messages):
        for message in messages:
            self.hub.publish(message)

    def wait_for_asked(self, n=1):
        wait_until(lambda: self.page.wait_for_timeout(10) or len(self.asked) >= n)
        return self.asked

    def wait_for_last_asked(self, command):
        wait_until(lambda: self.page.wait_for_timeout(10) or self.asked[-1:] == [command])

    def wait_for_view(self, name):
        self.page.locator(f'#live[data-view="{name}"]').wait_for()
