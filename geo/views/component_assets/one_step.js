export default ({ data }) => {
  if (!window.atlasTurns) {
    const push = history.pushState.bind(history);
    let first = null;
    history.pushState = (state, title, url) => {
      const { pathname, search } = new URL(url, location.href);
      const isTurn = search !== first && pathname === location.pathname && window.atlasTurns.includes(search);
      if (search === first && pathname !== location.pathname) history.replaceState(state, title, url);
      else push(state, title, url);
      first = isTurn ? search : null;
    };
  }
  window.atlasTurns = data.turns;
};
