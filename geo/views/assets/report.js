// What a click says to Python, through streamlit-folium's value `last_active_drawing`.

/**
 * Send one click. `properties` is {pcode}, with {number} if its number was
 * clicked, or {incidents}; `click` makes every click a new value, so that a second
 * click on the same district is distinguished from a rerun. Value and memory are set together: streamlit-folium compares with
 * its memory after a pan or zoom and must find nothing new there.
 */
function report(state, properties) {
  if (atlas.onReport) atlas.onReport(properties); // set by a page without Python, such as the one-file atlas
  send(state, { ...properties, click: Date.now() });
}

/** Say, once it is so, that the map is painted: Python then draws the rest of the page. */
function reportPainted(state) {
  // A frame after the next, the browser has drawn what stands in the document now.
  requestAnimationFrame(() => requestAnimationFrame(() => send(state, { painted: Date.now() })));
}

function send(state, properties) {
  const feature = { type: 'Feature', geometry: null, properties };
  state.lastReport = feature;
  const component = window.__GLOBAL_DATA__;
  if (!window.Streamlit || !component) return;
  const value = { last_active_drawing: feature };
  component.last_active_drawing = feature;
  component.previous_data = value;
  window.Streamlit.setComponentValue(value);
}

/** streamlit-folium asks a clicked layer for its GeoJSON: answer with what was sent already, so nothing is sent twice. */
function answerWithLastReport(state, layer) {
  layer.toGeoJSON = () => state.lastReport;
}
