const LOCALE = Symbol.for("react-aria.i18n.locale");
export default ({ data, setTriggerValue }) => {
  const { lang, dir, locale, theme } = data;
  Object.assign(document.documentElement, { lang, dir });
  window[LOCALE] = locale;
  const app = document.querySelector(".stApp");
  let asked = theme;
  const look = () => {
    window.dispatchEvent(new Event("languagechange"));
    const now = getComputedStyle(app).colorScheme;
    if (now !== asked) setTriggerValue("theme", now);
    asked = now;
  };
  look();
  const observer = new MutationObserver(look);
  observer.observe(app, { attributeFilter: ["class", "data-test-script-state"] });
  return () => observer.disconnect();
};
