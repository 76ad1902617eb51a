// The pop-up of a place: its incidents, a page at a time, as plain text; a source page as a link if it is on the web.

const INCIDENTS_A_PAGE = 5;
const INCIDENTS_A_SHEET = 1; // of more, a part would lie below the edge with nothing that says so
const POPUPS = 'atlas-popups';

/** A pane over the controls: Leaflet's own lies with the map below them. It is moved as the map is. */
function addPopupPane(map) {
  const pane = map.createPane(POPUPS, map.getContainer());
  map.on('move', () => L.DomUtil.setPosition(pane, L.DomUtil.getPosition(map.getPane('mapPane'))));
}

/** points: positions in the update. Without texts in the update the choice goes to Python. */
async function openIncidents(state, place, points) {
  const { view } = state;
  if (!view.texts) {
    report(state, { incidents: points.slice(0, 200), of: view.token });
    return;
  }
  const texts = view.texts.file ? await chosenTexts(state, view.texts) : view.texts;
  if (state.view !== view) return; // another update has arrived in the meantime
  setNotice(state, texts ? '' : say('not_loaded'));
  if (texts) showIncidents(state, place, points, texts);
}

/** Return the texts of the points whose bit is set, from the file of all of them, or null if it cannot be had. */
async function chosenTexts(state, { file, bits }) {
  const bytes = await keptFile(state, 'texts', file);
  if (!bytes) return null;
  const all = JSON.parse(new TextDecoder().decode(bytes));
  const shown = bytesOf(bits);
  const chosen = (column) => column.filter((_, point) => (shown[point >> 3] >> (point & 7)) & 1);
  return { ...all, rows: chosen(all.rows), links: chosen(all.links), pages: chosen(all.pages) };
}

function showIncidents(state, place, points, texts) {
  const content = element('div', 'atlas-popup');
  const holder = isNarrow(state.map) ? sheet(state, place) : balloon(state, place);
  showPage(state, content, points, 0, holder, texts);
  holder.open(content);
  content.setAttribute('tabindex', '-1');
  content.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    closeIncidents(state);
    state.map.getContainer().focus({ preventScroll: true });
  });
  content.focus({ preventScroll: true });
}

/** On a narrow map: what the number of a district says, which is not hovered there, and the way to its list. */
function showNumber(state, entry, label, value) {
  hideCard(state);
  if (!isNarrow(state.map) || !window.Streamlit) return;
  const row = element('div', 'atlas-card-row');
  row.append(element('span', 'atlas-card-label', label), element('span', 'atlas-card-value', value));
  const content = element('div', 'atlas-popup');
  content.append(element('div', 'atlas-popup-title', entry.name), row);
  if (window.parent.document.querySelector('a[href="#list"]')) content.append(linkToList());
  sheet(state, entry.centre).open(content);
  state.sheet.dataset.pcode = entry.pcode;
}

function linkToList() {
  const link = element('a', 'atlas-source', say('list'));
  link.href = '#list';
  link.addEventListener('click', (event) => {
    event.preventDefault();
    window.parent.document.getElementById('list').scrollIntoView();
  });
  return link;
}

/** An update brings other incidents; the sheet of a number stays as long as its district is chosen. */
function closeAtUpdate(state) {
  if (!state.sheet || !state.selected.includes(state.sheet.dataset.pcode)) closeIncidents(state);
}

function closeIncidents(state) {
  state.map.closePopup();
  if (state.sheet) state.sheet.remove();
  state.sheet = null;
}

/** On a wide map the incidents stand in a balloon at their place. */
function balloon(state, place) {
  const popup = L.popup({
    className: 'atlas-popup-frame',
    pane: POPUPS,
    maxWidth: Math.min(340, state.map.getSize().x - 60),
    minWidth: Math.min(250, state.map.getSize().x - 80),
    autoPan: false, // until it is known where the legend ends
    autoPanPadding: [16, 16],
  }).setLatLng(place);
  return {
    open(content) {
      popup.setContent(content).openOn(state.map);
      keepBesideLegend(state, popup);
      nameButton(popup.getElement().querySelector('.leaflet-popup-close-button'), 'close');
    },
    update: () => popup.isOpen() && popup.update(),
  };
}

/** Move the map until an open balloon stands inside it and beside the legend, so that both can be read. */
function keepBesideLegend(state, popup) {
  const frame = state.map.getContainer().getBoundingClientRect();
  const box = popup.getElement().getBoundingClientRect();
  const legend = state.legend.getContainer().getBoundingClientRect();
  // Where it will stand once it is inside the frame.
  const bottom = Math.max(box.bottom, frame.top + 16 + box.height);
  const right = Math.max(Math.min(box.right, frame.right - 16), frame.left + 16 + box.width);
  if (right > legend.left && bottom > legend.top) {
    if (legend.left - frame.left < box.width + 32) state.legend.getContainer().querySelector('details').open = false; // no room for both
    else popup.options.autoPanPaddingBottomRight = [frame.right - legend.left + 16, 16];
  }
  popup.options.autoPan = true;
  popup.update();
}

/** On a narrow map a balloon would be cut: the incidents stand in a sheet along the lower edge. */
function sheet(state, place) {
  closeIncidents(state);
  const node = shieldFromMap(element('section', 'atlas-sheet'));
  node.setAttribute('aria-label', say('incidents_of_place'));
  const button = element('button', 'atlas-sheet-close', '×');
  button.type = 'button';
  nameButton(button, 'close');
  button.addEventListener('click', () => closeIncidents(state));
  return {
    open(content) {
      node.append(button, content);
      state.map.getContainer().appendChild(node);
      state.sheet = node;
      const above = [24, node.offsetHeight + 24];
      state.map.panInside(place, { paddingTopLeft: [24, 60], paddingBottomRight: above, animate: false });
    },
    update: () => {},
  };
}

function showPage(state, content, points, page, holder, texts) {
  const perPage = isNarrow(state.map) ? INCIDENTS_A_SHEET : INCIDENTS_A_PAGE;
  const shown = points.slice(page * perPage, (page + 1) * perPage);
  content.replaceChildren();
  if (points.length > 1) {
    content.appendChild(element('div', 'atlas-popup-title', say('incidents_here', { n: number(points.length) })));
  }
  const list = element('div', 'atlas-popup-list');
  list.style.maxHeight = `${Math.max(130, Math.round(state.map.getSize().y * (isNarrow(state.map) ? 0.38 : 0.5)))}px`;
  for (const point of shown) list.appendChild(incidentNode(texts, point));
  content.appendChild(list);
  if (perPage === 1) {
    const links = element('div', 'atlas-sheet-links');
    links.append(...list.querySelectorAll('.atlas-source'));
    content.appendChild(links);
  }
  if (points.length > perPage) {
    const place = { page: page + 1, pages: Math.ceil(points.length / perPage) };
    const said = perPage === 1 ? say('incident', place) : say('page', place);
    const isLast = (page + 1) * perPage >= points.length;
    content.appendChild(pager(page, isLast, said, (next) => showPage(state, content, points, next, holder, texts)));
  }
  holder.update();
}

/** texts: {fields: [label], english: field or -1, words: [text], rows: [[word of each field]], links, pages: [word or -1]}; the first field is the heading. */
function incidentNode(texts, point) {
  const node = element('article', 'atlas-incident');
  const rows = element('dl');
  texts.fields.forEach((label, field) => {
    const word = texts.words[texts.rows[point][field]];
    if (field === 0) node.appendChild(element('h3', '', word));
    else if (word) {
      const said = element('dd', '', word);
      if (field === texts.english) Object.assign(said, { lang: 'en', dir: 'ltr' });
      rows.append(element('dt', '', label), said);
    }
  });
  node.appendChild(rows);
  const link = texts.links[point] >= 0 ? webLink(texts.words[texts.links[point]]) : null;
  if (link) node.appendChild(link);
  const page = texts.pages.length && texts.pages[point] >= 0 ? pageLink(texts.words[texts.pages[point]]) : null;
  if (page) node.appendChild(page);
  return node;
}

/** The app's own page of an incident. The map's frame lies two folders below the pages; a saved map has none. */
function pageLink(address) {
  if (!window.Streamlit) return null;
  const link = element('a', 'atlas-source atlas-record', say('record'));
  link.href = `../../${address}`;
  link.target = '_blank';
  link.rel = 'noopener';
  return link;
}

/** A link only to http and https addresses; anything else is shown as text. */
function webLink(address) {
  let url = null;
  if (/^https?:\/\//i.test(address)) {
    try {
      url = new URL(address);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  if (!url || !['http:', 'https:'].includes(url.protocol)) return element('p', 'atlas-source', address);
  const link = element('a', 'atlas-source', say('source', { host: url.hostname }));
  link.href = url.href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  link.referrerPolicy = 'no-referrer';
  link.title = url.href;
  return link;
}

function pager(page, isLast, said, go) {
  const bar = element('div', 'atlas-pager');
  const button = (text, label, target, isOff) => {
    const node = element('button', '', text);
    node.type = 'button';
    node.disabled = isOff;
    node.setAttribute('aria-label', label);
    node.addEventListener('click', (event) => {
      // The button is gone after the click; the map must not take that for a click outside the pop-up.
      event.stopPropagation();
      go(target);
    });
    return node;
  };
  bar.append(
    button('‹', say('previous'), page - 1, page === 0),
    element('span', '', said),
    button('›', say('next'), page + 1, isLast),
  );
  return bar;
}
