// The page's language: what ?lang= says, else what was chosen before, else the browser's.
// It stands in the address, so that the server hears of it with every event.
(() => {
  const key = "playground-language";
  const tags = { en: "en", zh: "zh-CN" };
  const asked = new URLSearchParams(location.search).get("lang");
  const kept = (() => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a frame without storage
    }
  })();
  const browsers = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  const first = [asked, kept, browsers].find((language) => language in tags);

  function write(language) {
    const address = new URL(location.href);
    address.searchParams.set("lang", language);
    history.replaceState(history.state, "", address);
    document.documentElement.lang = tags[language];
  }

  if (first !== browsers || asked !== null) write(first);
  document.documentElement.lang = tags[first];
  Object.defineProperty(navigator, "language", { get: () => tags[first], configurable: true });
  Object.defineProperty(navigator, "languages", { get: () => [tags[first]], configurable: true });

  // Gradio translates its components again when svelte-i18n's locale changes; the handlers behind
  // #switched draw the rest. Without that store, the page is loaded anew: nothing is lost but what
  // was typed and not sent.
  async function change(language) {
    try {
      localStorage.setItem(key, language);
    } catch {}
    write(language);
    try {
      const parts = Object.values(await import(new URL("./assets/LOCALES", document.baseURI)));
      const locale = parts.find((part) => part?.set && part?.update && part?.subscribe);
      locale.set(tags[language]);
      document.querySelector("#switched").click();
      nameTabs(language);
    } catch (error) {
      console.warn("the language is changed by loading the page anew:", error);
      location.reload();
    }
  }

  // Gradio does not translate the names of tabs again that were not opened yet.
  let naming = null;
  function nameTabs(language) {
    const all = window.gradio_config.i18n_translations;
    const names = {};
    for (const key of Object.keys(all.en).filter((key) => key.startsWith("tab."))) {
      for (const words of Object.values(all)) names[words[key]] = all[tags[language]][key];
    }
    const bar = document.querySelector("[role=tablist]").parentElement;
    const name = () => {
      for (const button of bar.querySelectorAll("button")) {
        const text = [...button.childNodes].find((node) => node.nodeValue?.trim() in names);
        const wanted = text && names[text.nodeValue.trim()];
        if (wanted && text.nodeValue.trim() !== wanted) text.nodeValue = wanted;
      }
    };
    naming?.disconnect();
    naming = new MutationObserver(name);
    naming.observe(bar, { childList: true, subtree: true });
    name();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-language]");
    if (button) change(button.dataset.language);
  });
})();
