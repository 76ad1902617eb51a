// On a phone the menu lies over the page: it opens by its button alone, and closes when a page is chosen.
{
  const isNarrow = matchMedia('(max-width: 768px)');
  addEventListener('click', ({ target }) => {
    if (isNarrow.matches && target.closest('[data-testid="stSidebarNavLink"]')) {
      document.querySelector('[data-testid="stSidebarCollapseButton"] button').click();
    }
  });
  try {
    // Streamlit keeps for every later visit that the menu was open.
    const kept = Object.keys(localStorage).filter((key) => key.startsWith('stSidebarCollapsed'));
    if (isNarrow.matches) kept.forEach((key) => localStorage.removeItem(key));
  } catch {
    // a browser that keeps nothing
  }
}
