// Tells the page where its map looks: when this part of the page comes into view, and when the map has come to rest
// while it is in view. A map that moves elsewhere sends nothing.

const REST_MS = 500;
const watches = new WeakMap();

export default function position({ parentElement, data, setStateValue }) {
  const mark = parentElement.querySelector('.mark') ?? parentElement.appendChild(document.createElement('div'));
  const watch = watches.get(mark) ?? made(mark);
  watch.known = data.known;
  watch.send = setStateValue;
  look(watch);
  return () => window.setTimeout(() => mark.isConnected || leave(watch), 0);
}

function made(mark) {
  mark.className = 'mark';
  mark.style.height = '1px';
  const watch = { isInView: false };
  watches.set(mark, watch);
  watch.view = new IntersectionObserver((entries) => {
    watch.isInView = entries.at(-1).isIntersecting;
    look(watch);
  });
  watch.view.observe(mark);
  watch.moves = new MutationObserver(() => look(watch));
  watch.moves.observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-position'] });
  return watch;
}

function leave(watch) {
  watch.view.disconnect();
  watch.moves.disconnect();
  window.clearTimeout(watch.timer);
}

function look(watch) {
  window.clearTimeout(watch.timer);
  if (watch.isInView) watch.timer = window.setTimeout(() => tell(watch), REST_MS);
}

function tell(watch) {
  const frame = document.querySelector('iframe[data-position]');
  if (!frame || frame.dataset.position === watch.known) return;
  watch.known = frame.dataset.position;
  watch.send('map', watch.known);
}
