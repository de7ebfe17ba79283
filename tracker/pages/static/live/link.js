/** The live channel: opens it, and opens it again when it drops, ever more patiently. */

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5000;

/** Time to wait before attempt `n` (0, 1, 2, ...): 0.25 s, doubled each time, at most 5 s. */
export function waitMs(n) {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** n);
}

/**
 * Listen to a live channel for as long as the page lives.
 * `onMessage(message)` gets what came, `onLink("open" | "lost")` how the line is. Returns how to
 * say something: `send(command)`, false while there is no line to say it on.
 */
export function listen(address, { onMessage, onLink }) {
  let attempts = 0;
  let socket = null;
  function open() {
    socket = new WebSocket(address);
    let isTold = false;
    socket.addEventListener("message", (event) => {
      attempts = 0;
      if (!isTold) onLink("open"); // a line on which nothing was told yet is as good as none
      isTold = true;
      onMessage(JSON.parse(event.data));
    });
    socket.addEventListener("close", () => {
      onLink("lost");
      setTimeout(open, waitMs(attempts++));
    });
  }
  open();
  return (command) => {
    if (socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(command));
    return true;
  };
}
