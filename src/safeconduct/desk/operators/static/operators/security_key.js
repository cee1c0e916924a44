// SPDX-License-Identifier: AGPL-3.0-or-later
// Asks the browser for a security key's answer and posts it with the form. What is asked stands in the form's data-asked.
"use strict";
(() => {
  const form = document.querySelector("form[data-asked]");
  if (!form) return;
  const button = form.querySelector("button[type=submit]");
  const trouble = document.querySelector("[data-trouble]");

  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const named = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

  const asked = JSON.parse(form.dataset.asked);
  const registers = "user" in asked;
  const options = registers
    ? { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: named(asked.excludeCredentials) }
    : { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };

  const told = ({ id, rawId, type, response }) => {
    const said = { clientDataJSON: text(response.clientDataJSON) };
    if (registers) said.attestationObject = text(response.attestationObject);
    else Object.assign(said, { authenticatorData: text(response.authenticatorData), signature: text(response.signature) });
    return JSON.stringify({ id, rawId: text(rawId), type, response: said, clientExtensionResults: {} });
  };

  const ask = async () => {
    button.disabled = true;
    if (trouble) trouble.hidden = true;
    try {
      const answer = await (registers
        ? navigator.credentials.create({ publicKey: options })
        : navigator.credentials.get({ publicKey: options }));
      form.elements.answer.value = told(answer);
      form.submit();
    } catch {
      if (trouble) trouble.hidden = false; // nobody touched it, or it is not the right one
      button.disabled = false;
      button.focus();
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.reportValidity()) ask();
  });
  if (!("credentials" in navigator) || !window.PublicKeyCredential) {
    if (trouble) trouble.hidden = false;
  } else if (!registers) {
    ask();
  }
})();
