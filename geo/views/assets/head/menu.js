// On a phone the menu lies over the page: it opens by its button alone, and closes when a page is chosen.
{
  const isNarrow = matchMedia('(max-width: 768px)');
  addEventListener('click', ({ target }) => {
    if (isNarrow.matches && target.closest('[data-testid="stSidebarNavLink"]')) {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button').click();
    }
  });
  // Streamlit keeps for every later visit that the menu was open. Its scripts run after the document has been read; how
  // wide a phone's is, nothing knows before.
  const forget = () => {
    try {
      const kept = Object.keys(localStorage).filter((key) => key.startsWith('stSidebarCollapsed'));
      if (isNarrow.matches) kept.forEach((key) => localStorage.removeItem(key));
    } catch {
      // a browser that keeps nothing
    }
  };
  document.addEventListener('readystatechange', forget, { once: true });
}
