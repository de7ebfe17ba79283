/** The coach's cues as [pitch in Hz, seconds] after each other; pitch 0 is a pause.
 *  The same table as tracker/sounds.py; a test compares both. */
export const CUES = {
  calibrated: [[660, 0.12], [0, 0.05], [660, 0.12]],
  go: [[880, 0.35]],
  let_go: [[1320, 0.1]],
  pace: [[440, 0.06]],
  pace_ahead: [[698, 0.06]],
  pace_behind: [[294, 0.06]],
  pace_end: [[587, 0.12]],
  down: [[880, 0.08], [0, 0.04], [587, 0.14]],
  rep: [[990, 0.05]],
  attention: [[330, 0.18], [0, 0.06], [262, 0.24]],
  set_end: [[660, 0.15], [784, 0.15], [988, 0.3]],
  rest_end: [[784, 0.15], [0, 0.05], [784, 0.15], [0, 0.05], [784, 0.15]],
};
