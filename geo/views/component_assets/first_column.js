export default ({ data }) => {
  const moved = new WeakSet();
  const move = () => {
    for (const grid of document.querySelectorAll(`${data.box} .dvn-scroller`)) {
      if (moved.has(grid) || grid.scrollWidth <= grid.clientWidth) continue;
      moved.add(grid);
      grid.scrollLeft = grid.scrollWidth;
    }
  };
  const observer = new MutationObserver(move);
  observer.observe(document.querySelector(data.box), { childList: true, subtree: true, attributes: true });
  move();
  return () => observer.disconnect();
};
