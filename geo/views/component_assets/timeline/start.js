// Entry point: called with every answer of the page.

const states = new WeakMap();
const ELSEWHERE = ['click', 'keydown'];

export default function timeline({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector('.timeline') ?? parentElement.appendChild(element('div', 'timeline'));
  const state = states.get(root) ?? made(root);
  state.send = setTriggerValue;
  take(state, data);
  return () => window.setTimeout(() => root.isConnected || leave(state), 0);
}

function made(root) {
  const state = { root, unit: 'quarter', isPlaying: false, home: null, wanted: null, drag: null, typed: null };
  states.set(root, state);
  root.append(element('style', '', STYLES), ...parts(state));
  state.watch = new ResizeObserver(() => state.data && draw(state));
  state.watch.observe(state.chart);
  state.onHidden = () => document.hidden && pause(state);
  document.addEventListener('visibilitychange', state.onHidden);
  // What the reader does elsewhere counts at once: a frame that is due before the page answers would undo it.
  state.onElsewhere = (event) => state.isPlaying && !event.composedPath().includes(root) && pause(state);
  for (const kind of ELSEWHERE) document.addEventListener(kind, state.onElsewhere, true);
  return state;
}

function leave(state) {
  pause(state);
  state.watch.disconnect();
  document.removeEventListener('visibilitychange', state.onHidden);
  for (const kind of ELSEWHERE) document.removeEventListener(kind, state.onElsewhere, true);
}

/** Take an answer of the page: the bars and the period that is shown now. */
function take(state, data) {
  const before = state.period;
  state.data = data;
  state.edges = edgesOf(data);
  state.covered = data.covered.map(dayOf);
  state.period = clamped(state, data.period.map(dayOf));
  state.typed = null;
  if (state.wanted && isSame(state.period, state.wanted)) {
    state.wanted = null;
    window.clearTimeout(state.timer);
    if (state.isPlaying) state.timer = window.setTimeout(() => advance(state), frameMs());
  } else if (before && !isSame(state.period, before)) {
    // Another control has set the period: it is the reader's, and no frame.
    pause(state);
    state.home = state.wanted = null;
  }
  draw(state);
}
