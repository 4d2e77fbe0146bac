// The page's language: what ?lang= says, else what was chosen before, else the browser's.
// It stands in the address, so that the server hears of it with every event.
(() => {
  const key = "playground-language";
  const tags = { en: "en", zh: "zh-CN" };
  const asked = new URLSearchParams(location.search).get("lang");
  const browsers = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
  const first = [asked, kept(), browsers].find((language) => language in tags);

  write(first);
  const known = first === "en" || navigator.language === tags.zh; // to Gradio, of itself
  if (first !== browsers || !known) translate(first);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[data-language]");
    if (button) change(button.dataset.language);
  });

  async function change(language) {
    keep(language);
    write(language);
    await translate(language);
    for (const button of document.querySelectorAll(".pg-switched")) button.click(); // the rest
  }

  function write(language) {
    document.documentElement.lang = tags[language];
    const address = new URL(location.href);
    if (language === browsers && !address.searchParams.has("lang")) return;
    address.searchParams.set("lang", language);
    history.replaceState(history.state, "", address);
  }

  // Gradio translates its components again when the locale of svelte-i18n changes.
  async function translate(language) {
    const parts = Object.values(await import(new URL("./assets/LOCALES", document.baseURI)));
    parts.find((part) => part?.set && part?.update && part?.subscribe).set(tags[language]);
    nameTabs(language, await shown("[role=tablist]"));
  }

  // Of tabs that were not opened yet, it does not translate the names again.
  let naming = null;
  function nameTabs(language, tabs) {
    const all = window.gradio_config.i18n_translations;
    const names = {};
    for (const key of Object.keys(all.en).filter((key) => key.startsWith("tab."))) {
      for (const words of Object.values(all)) names[words[key]] = all[tags[language]][key];
    }
    const name = () => {
      for (const button of tabs.parentElement.querySelectorAll("button")) {
        const text = [...button.childNodes].find((node) => node.nodeValue?.trim() in names);
        const wanted = text && names[text.nodeValue.trim()];
        if (wanted && text.nodeValue.trim() !== wanted) text.nodeValue = wanted;
      }
    };
    naming?.disconnect();
    naming = new MutationObserver(name);
    naming.observe(tabs.parentElement, { childList: true, subtree: true, characterData: true });
    name();
  }

  async function shown(selector) {
    for (;;) {
      const found = document.querySelector(selector);
      if (found) return found;
      await new Promise(requestAnimationFrame);
    }
  }

  function kept() {
    try {
      return localStorage.getItem(key);
    } catch {
      return null; // a frame without storage
    }
  }

  function keep(language) {
    try {
      localStorage.setItem(key, language);
    } catch {
      // it holds for this page
    }
  }
})();
