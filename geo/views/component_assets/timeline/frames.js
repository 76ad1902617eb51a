// Playing: the period as frames of a quarter or a year, one after another.

const MONTHS_OF_FRAME = { quarter: 3, year: 12 };
// Counted from when a frame is on the page, so that a slow network never shortens it.
const FRAME_MS = 1200;
const FRAME_MS_WITH_LESS_MOTION = 3000;
const LONGEST_WAIT_MS = 20_000;

/** The whole frame in which a day lies. */
function frameAt(state, day) {
  const months = MONTHS_OF_FRAME[state.unit];
  const first = monthsLater(day, 0, months);
  return [first, monthsLater(first, months) - 1];
}

function isFrame(state) {
  return isSame(state.period, clamped(state, frameAt(state, state.period[0])));
}

/** The frame after or before the one that is shown, or the first or last of a longer period; null at an end. */
function nextFrame(state, direction) {
  const [first, last] = state.period;
  const day = isFrame(state) ? (direction > 0 ? last + 1 : first - 1) : direction > 0 ? first : last;
  const [low, high] = state.covered;
  return day < low || day > high ? null : frameAt(state, day);
}

function step(state, direction) {
  const frame = nextFrame(state, direction);
  if (!frame) return;
  keepHome(state);
  ask(state, frame);
}

/** Keep the period that frames are played of. A period within one frame is played on to the end of the records. */
function keepHome(state) {
  if (state.home) return;
  state.home = state.period;
  const isWithinOne = state.period[1] <= frameAt(state, state.period[0])[1];
  state.end = isWithinOne ? state.covered[1] : state.period[1];
}

function play(state) {
  keepHome(state);
  state.isPlaying = true;
  const frame = nextFrame(state, 1);
  const isAtEnd = !frame || frame[0] > state.end;
  showFrame(state, isAtEnd ? frameAt(state, state.home[0]) : frame);
}

function advance(state) {
  const frame = nextFrame(state, 1);
  if (!frame || frame[0] > state.end) pause(state);
  else showFrame(state, frame);
}

function showFrame(state, frame) {
  ask(state, frame);
  state.timer = window.setTimeout(() => pause(state), LONGEST_WAIT_MS);
  drawControls(state);
}

function pause(state) {
  window.clearTimeout(state.timer);
  state.isPlaying = false;
  if (state.data) drawControls(state);
}

function stop(state) {
  const { home } = state;
  pause(state);
  state.home = null;
  if (home) ask(state, home);
}

function frameMs() {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches ? FRAME_MS_WITH_LESS_MOTION : FRAME_MS;
}

/** Ask the page to show a period; it answers with new data. */
function ask(state, period) {
  state.wanted = clamped(state, period);
  if (isSame(state.wanted, state.period)) state.wanted = null;
  else state.send('period', period.map(textOf));
}
