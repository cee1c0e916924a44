// SPDX-License-Identifier: AGPL-3.0-or-later
// The Trusted Types policy. htmx puts the server's HTML into the page through it; HTML that could run anything is refused.
"use strict";
(() => {
  if (!window.trustedTypes) return;
  // Only for looking at a string in a document that is never shown and runs nothing. Not reachable from outside.
  const inspect = trustedTypes.createPolicy("inspect", { createHTML: (html) => html });
  const forbidden = "script, iframe, frame, object, embed, base, link, meta, style, template[shadowrootmode], svg, math";
  const allowedInFullPages = 'link[rel="stylesheet"][href^="/static/"], link[rel="icon"][href^="/static/"], meta[name="viewport"], meta[charset], meta[name="htmx-config"], script[src^="/static/"]';

  // Only where a value is an address: a person may have written "data:" in a field that is shown again.
  const addresses = new Set(["href", "xlink:href", "src", "srcset", "action", "formaction", "data", "poster", "background"]);

  const runs = (element) =>
    (element.matches(forbidden) && !element.matches(allowedInFullPages)) ||
    [...element.attributes].some(
      ({ name, value }) =>
        name.startsWith("on") || name.startsWith("hx-on") || name === "srcdoc" || name === "style" ||
        (addresses.has(name) && /^[\s\u0000-\u001f]*(javascript|data|vbscript):/i.test(value)),
    );

  const every = (root) => [...root.querySelectorAll("*")].flatMap(
    (element) => element.localName === "template" ? [element, ...every(element.content)] : [element],
  );

  trustedTypes.createPolicy("default", {
    createHTML: (html) => {
      const looked = new DOMParser().parseFromString(inspect.createHTML(html), "text/html");
      if (every(looked).some(runs)) throw new TypeError("this HTML could run something");
      return html;
    },
    createScript: () => null,
    createScriptURL: () => null,
  });
})();
