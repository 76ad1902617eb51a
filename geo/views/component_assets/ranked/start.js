// Horizontal bars with their figures, as a table. Text enters it through textContent only.

export default function ranked({ parentElement, data }) {
  const table = document.createElement('table');
  table.append(cell('caption', data.label));
  for (const [name, part, figure] of data.rows) {
    const row = document.createElement('tr');
    const head = cell('th', name);
    head.scope = 'row';
    const bar = document.createElement('div');
    bar.style.width = `${100 * part}%`;
    bar.style.background = data.colour;
    const middle = cell('td');
    middle.append(bar);
    row.append(head, middle, cell('td', figure));
    table.append(row);
  }
  const styles = document.createElement('style');
  styles.textContent = STYLES;
  parentElement.replaceChildren(styles, table);
}

function cell(tag, text = '') {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
