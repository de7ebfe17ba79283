"""What a page plays, says and vibrates, written down by a script in the page."""

RECORD_THE_SOUND = """
window.heard = { pitches: [], said: [], cancelled: 0, vibrated: [], gains: [] };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.heard.pitches.push(Math.round(this.frequency.value));
  return start.apply(this, when);
};
const level = AudioParam.prototype.setTargetAtTime;
AudioParam.prototype.setTargetAtTime = function (value, ...more) {
  window.heard.gains.push(value);
  return level.call(this, value, ...more);
};
const feel = (pattern) => window.heard.vibrated.push(pattern);
Object.defineProperty(navigator, "vibrate", { value: feel });
const VOICES = %s;
window.speaking = null;
speechSynthesis.getVoices = () => VOICES;
speechSynthesis.speak = (utterance) => {
  window.heard.said.push(utterance.text);
  window.speaking = utterance;
};
speechSynthesis.cancel = () => { window.heard.cancelled++; window.speaking = null; };
const voice = Object.getOwnPropertyDescriptor(SpeechSynthesisUtterance.prototype, "voice");
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { ...voice, set() {} });
window.finishSpeaking = () => {
  const utterance = window.speaking;
  window.speaking = null;
  utterance.dispatchEvent(new Event("end"));
};
"""
DUTCH = '[{ name: "a voice", lang: "nl-NL", localService: true }]'


class Sounding:
    """A page whose sound is written down."""

    def __init__(self, page, *, voices=DUTCH):
        self.page = page
        page.add_init_script(RECORD_THE_SOUND % voices)

    def wait_for_pitches(self, *pitches_hz):
        """Wait until these tones were started, in this order and no others since the last wait."""
        self.page.wait_for_function(
            "wanted => JSON.stringify(heard.pitches.slice(-wanted.length)) === "
            "JSON.stringify(wanted)",
            arg=list(pitches_hz),
        )

    def wait_for_said(self, *texts):
        self.page.wait_for_function(
            "wanted => JSON.stringify(heard.said.slice(-wanted.length)) === JSON.stringify(wanted)",
            arg=list(texts),
        )

    def heard(self, what):
        return self.page.evaluate("what => heard[what]", what)

    def finish_speaking(self):
        self.page.evaluate("finishSpeaking()")
