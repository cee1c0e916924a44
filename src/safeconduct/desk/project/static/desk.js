// SPDX-License-Identifier: AGPL-3.0-or-later
// Comfort only: everything works without this file. Keys, staying awake while a person types, and the idle lock.
"use strict";
(() => {
  const writing = (node) => node instanceof HTMLElement && node.matches("input, select, textarea, [contenteditable]");

  // g, then a letter: to a place in the head. Two keys, so that no single stray key does anything.
  let going = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && event.target instanceof HTMLTextAreaElement) {
      event.preventDefault();
      event.target.form?.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
    // One letter alone works only from inside the list that it belongs to, or from its button.
    const near = event.target instanceof Element && event.target.closest("[data-rows], [data-key]");
    const button = near && Date.now() - going >= 1500 && document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) {
      event.preventDefault();
      button.click();
      return;
    }
    if (event.key === "g") {
      going = Date.now();
      return;
    }
    if (Date.now() - going < 1500) {
      going = 0;
      event.preventDefault(); // or the letter would be typed into the field that it leads to
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (!link) return;
      event.preventDefault(); // or the letter would be typed where the link leads
      link.click();
      if (link.hash && link.pathname === location.pathname) document.getElementById(link.hash.slice(1))?.focus();
    }
  });

  // Inside [data-rows], arrows move between the [data-row] links.
  document.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = step && event.target instanceof Element && event.target.closest("[data-rows]");
    if (!rows || writing(event.target)) return;
    const links = [...rows.querySelectorAll("[data-row]")];
    const next = links[links.indexOf(event.target) + step];
    if (next) {
      event.preventDefault();
      next.focus();
    }
  });

  // Where the places scroll sideways, the one where we are is in sight.
  const here = document.querySelector(".places [aria-current]");
  const places = here?.closest(".places");
  if (places) places.scrollLeft = here.offsetLeft - (places.clientWidth - here.offsetWidth) / 2;

  // A count of seconds to wait, and the button that opens after it.
  const waits = document.querySelector("[data-wait]");
  if (waits) {
    const button = waits.form ?? document.querySelector("form[data-waits] button");
    let left = Number(waits.dataset.wait);
    const count = () => {
      waits.textContent = String(left);
      if (button) button.disabled = left > 0;
      if (left-- > 0) setTimeout(count, 1000);
    };
    count();
  }

  const idle = Number(document.body.dataset.idle);
  if (!idle) return;
  const awake = document.body.dataset.awake;
  const token = document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";
  const ask = (method) =>
    fetch(awake, { method, headers: { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": token } });

  // Typing is a person's own act: once a minute it tells the server, so that a long answer is not lost to the lock.
  let told = Date.now();
  document.addEventListener("keydown", (event) => {
    if (!event.isTrusted || !writing(event.target) || Date.now() - told < 60000) return;
    told = Date.now();
    ask("POST").catch(() => undefined);
  });

  // When the time is over, the screen is cleared: the server says whether the desk is locked by now.
  const look = async () => {
    try {
      const answer = await ask("GET");
      const away = answer.headers.get("HX-Redirect");
      if (away) {
        location.replace(away);
        return;
      }
      const left = Number(await answer.text());
      setTimeout(look, 1000 * (Number.isFinite(left) ? Math.max(left + 1, 2) : idle));
    } catch {
      setTimeout(look, 15000);
    }
  };
  setTimeout(look, 1000 * (idle + 1));
})();
