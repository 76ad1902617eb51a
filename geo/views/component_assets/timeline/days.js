// Bars of the whole time under the map. A reader drags across them, moves the two ends of the period with the keyboard,
// or plays it frame by frame. What was chosen goes to Python, which answers with the period that the page now shows.
//
// Text enters the page through textContent or setAttribute only, never as markup.

// The files of this folder are joined into one module, in the order of geo.views.timeline.

const DAY_MS = 86_400_000;

/** Days are whole numbers since 1970-01-01; a period is its first and its last day. */
function dayOf(text) {
  return Date.parse(`${text}T00:00:00Z`) / DAY_MS;
}

function textOf(day) {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** First day of the month that lies n months after the one of a day, which is first rounded down to a whole frame. */
function monthsLater(day, n, round = 1) {
  const date = new Date(day * DAY_MS);
  const month = date.getUTCMonth() - (date.getUTCMonth() % round);
  return Date.UTC(date.getUTCFullYear(), month + n, 1) / DAY_MS;
}

/** First day of every bar, and the day after the last one. */
function edgesOf({ start, step, values }) {
  const months = step === 'year' ? 12 : 1;
  return Array.from({ length: values.length + 1 }, (_, i) => monthsLater(dayOf(start), i * months));
}

function isSame(one, other) {
  return one[0] === other[0] && one[1] === other[1];
}

/** The part of a period in which there are records: the page does not tell an open end from the last record. */
function clamped(state, [first, last]) {
  const [low, high] = state.covered;
  return [Math.min(Math.max(first, low), high), Math.max(Math.min(last, high), low)];
}
