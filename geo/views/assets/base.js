// The first part of the map's script: shared pieces. All parts are joined into one function scope by geo.views.assets.
//
// Rule of this folder: text that comes from data enters the page through textContent or setAttribute only, never as
// markup. Data enter the script as base64, so that no character of theirs can be code.

const atlas = {};
window.atlas = atlas;

const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';
const NARROW_PX = 560;

/** Make an element with a class and, optionally, a plain text. */
function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined && text !== null) node.textContent = text;
  return node;
}

/** Make an element of a drawing in a parent, or alone. */
function svgNode(tag, attributes, parent) {
  const node = document.createElementNS(SVG_NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (parent) parent.appendChild(node);
  return node;
}

/** Give a button its accessible name and its tooltip. */
function nameButton(button, key) {
  button.title = say(key);
  button.setAttribute('aria-label', say(key));
}

function bytesOf(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function jsonOf(base64) {
  return JSON.parse(new TextDecoder().decode(bytesOf(base64)));
}

/** Web Mercator, the whole world as the unit square, y downwards. */
function worldX(lonDeg) {
  return (lonDeg + 180) / 360;
}

function worldY(latDeg) {
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (latDeg * Math.PI) / 360)) / (2 * Math.PI);
}

/** Width of the whole world in pixels at a zoom. */
function worldSizePx(zoom) {
  return 256 * 2 ** zoom;
}

function latOfWorldY(y) {
  return (Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) * 360) / Math.PI - 90;
}

/** Length of one unit of the world square on the ground, in km, at a latitude. */
function worldUnitKm(latDeg) {
  return 40075.017 * Math.cos((latDeg * Math.PI) / 180);
}

/** Return a line colour that shows on a ground "#rrggbb" (luma of ITU-R BT.601). */
function hatchLine(ground) {
  const [red, green, blue] = [1, 3, 5].map((start) => parseInt(ground.slice(start, start + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 110 ? 'rgba(20, 24, 29, 0.5)' : 'rgba(255, 255, 255, 0.65)';
}

/** Keep clicks and wheel turns on a control from reaching the map below it. */
function shieldFromMap(node) {
  L.DomEvent.disableClickPropagation(node);
  L.DomEvent.disableScrollPropagation(node);
  return node;
}

function isNarrow(map) {
  return map.getSize().x < NARROW_PX;
}

/** A text of the map in the reader's language, its {placeholders} filled. All words come from geo.views.basemap. */
function say(key, values = {}) {
  return ATLAS_BASE.words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name]);
}

function number(count) {
  return count.toLocaleString(ATLAS_BASE.words.language);
}

function isRtl() {
  return ATLAS_BASE.words.direction === 'rtl';
}

/** The upper corner where lines begin. Legend and sources keep their lower corners: land of the province lies elsewhere. */
function atTheStart() {
  return isRtl() ? 'topright' : 'topleft';
}

function atTheEnd() {
  return isRtl() ? 'topleft' : 'topright';
}
