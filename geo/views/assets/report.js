// What a click says to Python, through streamlit-folium's value `last_active_drawing`.

/**
 * Send one click. `properties` is {pcode}, with {number} if its number was
 * clicked, or {incidents}; `click` makes every click a new value, so that a second
 * click on the same district is distinguished from a rerun. Value and memory are set together: streamlit-folium compares with
 * its memory after a pan or zoom and must find nothing new there.
 */
function report(state, properties) {
  const feature = { type: 'Feature', geometry: null, properties: { ...properties, click: Date.now() } };
  state.lastReport = feature;
  const component = window.__GLOBAL_DATA__;
  if (atlas.onReport) atlas.onReport(properties); // set by a page without Python, such as the one-file atlas
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
