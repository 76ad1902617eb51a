// Choosing a period with a pointer, a finger or the keyboard.

// After the last key, so that walking along the bars is one change of the page.
const KEYS_REST_MS = 600;

function handle(state, end) {
  const node = element('div', 'handle');
  node.tabIndex = 0;
  node.setAttribute('role', 'slider');
  node.addEventListener('keydown', (event) => key(state, end, event));
  node.addEventListener('blur', () => settle(state));
  return node;
}

const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 12, PageDown: -12, Home: -1e6, End: 1e6 };

function key(state, end, event) {
  if (!(event.key in KEYS)) {
    if (event.key === 'Enter') settle(state);
    return;
  }
  event.preventDefault();
  pause(state);
  const bars = state.typed ?? barsOf(state, state.period);
  const moved = bars[end] + KEYS[event.key];
  const limits = end === 0 ? [0, bars[1]] : [bars[0], state.data.values.length - 1];
  bars[end] = Math.min(Math.max(moved, limits[0]), limits[1]);
  state.typed = bars;
  window.clearTimeout(state.resting);
  state.resting = window.setTimeout(() => settle(state), KEYS_REST_MS);
  drawPeriod(state);
}

/** Ask for the period that keys have chosen. */
function settle(state) {
  window.clearTimeout(state.resting);
  if (state.typed) choose(state, state.typed);
}

/** Ask for the period of the bars from one to another, in any order. */
function choose(state, bars) {
  const [low, high] = [Math.min(...bars), Math.max(...bars)];
  state.home = null;
  ask(state, [state.edges[low], state.edges[high + 1] - 1]);
}

function barsOf(state, [first, last]) {
  return [barAtDay(state, first), barAtDay(state, last)];
}

function barAtDay({ edges }, day) {
  const after = edges.findIndex((edge) => edge > day);
  return Math.max((after < 0 ? edges.length - 1 : after) - 1, 0);
}

function barAt(state, event) {
  const x = event.clientX - state.chart.getBoundingClientRect().left - SIZE.left;
  const n = state.data.values.length;
  return Math.min(Math.max(Math.floor((x / state.plotPx) * n), 0), n - 1);
}

function listen(state) {
  const { chart } = state;
  chart.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    pause(state);
    const end = state.handles.indexOf(event.target.closest('.handle'));
    const bars = barsOf(state, state.period);
    // The other end of the period stays where a handle is drawn; elsewhere a new period begins.
    state.drag = { fixed: end < 0 ? barAt(state, event) : bars[1 - end], at: end < 0 ? barAt(state, event) : bars[end] };
    chart.setPointerCapture(event.pointerId);
    drawPeriod(state);
  });
  chart.addEventListener('pointermove', (event) => {
    if (state.drag) {
      state.drag.at = barAt(state, event);
      drawPeriod(state);
    }
    say(state, barAt(state, event));
  });
  chart.addEventListener('pointerup', () => {
    const { drag } = state;
    state.drag = null;
    if (drag) choose(state, [drag.fixed, drag.at]);
  });
  chart.addEventListener('pointercancel', () => {
    state.drag = null;
    drawPeriod(state);
  });
  chart.addEventListener('pointerleave', () => say(state, null));
}
