// On a phone the menu lies over the page: it opens by its button alone, and closes when a page is chosen.
{
  const isNarrow = matchMedia('(max-width: 768px)');
  addEventListener('click', ({ target }) => {
    if (isNarrow.matches && target.closest('[data-testid="stSidebarNavLink"]')) {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
    }
  });
  // Streamlit remembers for later visits that the menu was open. This runs before its scripts do, but only when the
  // document has been read: before that the width of a phone's page is not known.
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
