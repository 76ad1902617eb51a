// A map is printed as it stands on the screen, made smaller: in a frame of the size of the paper it would be cut, its
// names and panels over one another, as no script runs between the change of its size and the print.
addEventListener('beforeprint', () => {
  for (const map of document.querySelectorAll('[data-testid="stMain"] iframe')) {
    const { offsetWidth: width, offsetHeight: height } = map;
    if (!width) continue;
    const box = map.parentElement;
    box.classList.add('atlas-printed-map');
    box.style.setProperty('--width', `${width}px`);
    box.style.setProperty('--height', `${height}px`);
    // The width of A4 within its margins, and two maps with their headings on a sheet.
    box.style.setProperty('--scale', Math.min(1, 700 / width, 440 / height));
  }
});
