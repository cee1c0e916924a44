// SPDX-License-Identifier: AGPL-3.0-or-later
// The browser as a telephone. The microphone is opened by the button Answer alone, and released whenever the call ends.
// What the phone does is said by the desk, in looks that the desk holds until something changes: a look needs no timer,
// because browsers let the timers of a tab that is not seen run once a minute, and a call must not ring for that long.
"use strict";
(() => {
  const phone = document.getElementById("phone");
  if (!phone) return;
  const one = (id) => document.getElementById(id);
  const token = phone.querySelector('input[name="csrfmiddlewaretoken"]').value;
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href, "X-CSRFToken": token };
  const title = document.title;
  const WARNED = 90; // seconds before the lock

  let now = { state: "starting", version: -1, before: "" };
  let at = Date.now(); // when that was said
  let mine = null; // the call whose microphone this window holds
  let here = ""; // a reason that only this window knows
  let nudge = () => undefined;

  const rest = (seconds) => new Promise((done) => {
    nudge = done;
    setTimeout(done, seconds * 1000);
  });

  const post = (what, fields, more = {}) =>
    fetch(phone.dataset[what], { method: "POST", headers, body: new URLSearchParams(fields), ...more });

  // --- the microphone and the connection ---

  const close = (stream) => {
    for (const track of stream.getTracks()) track.stop();
  };

  const release = () => {
    const was = mine;
    mine = null;
    if (!was) return null;
    close(was.microphone);
    one("heard").srcObject = null;
    was.peer.close();
    return was;
  };

  const gathered = (peer) => new Promise((done) => {
    const look = () => peer.iceGatheringState === "complete" && done();
    peer.addEventListener("icegatheringstatechange", look);
    setTimeout(done, 2000);
    look();
  });

  const connect = async (call, microphone) => {
    const peer = new RTCPeerConnection({ iceServers: [] }); // nobody between: no third party learns of the call
    mine = { call, microphone, peer, isUp: false };
    for (const track of microphone.getTracks()) {
      peer.addTrack(track, microphone);
      track.addEventListener("ended", () => mine?.microphone === microphone && hangUp()); // pulled out, or taken away
    }
    peer.addEventListener("track", ({ track }) => {
      one("heard").srcObject = new MediaStream([track]);
      one("heard").play().catch(() => undefined);
    });
    peer.addEventListener("connectionstatechange", () => peer.connectionState === "failed" && mine?.peer === peer && hangUp());
    await peer.setLocalDescription(await peer.createOffer());
    await gathered(peer);
    const reply = await post("answerUrl", { call, offer: peer.localDescription.sdp });
    if (!reply.ok) throw new Error("refused");
    await peer.setRemoteDescription({ type: "answer", sdp: (await reply.json()).answer });
  };

  const answer = async () => {
    const { call, case: address } = now;
    here = "asking";
    paint();
    let microphone;
    try {
      microphone = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    } catch {
      here = "microphone";
      paint();
      return;
    }
    here = "";
    if (now.call !== call || now.state !== "ringing") { // it stopped ringing while the browser asked
      close(microphone);
      paint();
      return;
    }
    try {
      await connect(call, microphone);
      one("colleague").replaceChildren(); // whoever was chosen in the last call is not meant in this one
      others();
      if (address) window.open(address, "safeconduct-case");
    } catch {
      release();
      here = "refused";
    }
    nudge();
    paint();
  };

  const hangUp = async () => {
    const { call } = now;
    release();
    paint();
    if (call) await post("hangUpUrl", { call }).catch(() => undefined);
    nudge();
  };

  const act = async (what, fields) => {
    const reply = await post(what, { call: now.call, ...fields }).catch(() => null);
    here = reply?.ok ? "" : "refused";
    nudge();
    paint();
  };

  const mute = () => {
    const [track] = mine?.microphone.getAudioTracks() ?? [];
    if (track) track.enabled = !track.enabled;
    paint();
  };

  // --- somebody else in the call ---

  const choosable = () => {
    for (const button of phone.querySelectorAll("[data-bring]")) button.disabled = !one("colleague").value;
  };

  const offer = (colleagues) => {
    const list = one("colleague");
    const chosen = list.value;
    const first = { number: "", name: colleagues.length ? list.dataset.choose : list.dataset.nobody };
    const options = [first, ...colleagues].map(({ number, name }) => new Option(name, number));
    const isSame = options.length === list.length && options.every((option, at) => option.isEqualNode(list.options[at]));
    if (!isSame) { // a list that is open is not drawn anew under somebody's hand
      list.replaceChildren(...options);
      list.value = colleagues.some(({ number }) => number === chosen) ? chosen : ""; // who has gone is not replaced by the next
    }
    choosable();
  };

  const others = async () => {
    const reply = await fetch(phone.dataset.colleaguesUrl, { headers }).catch(() => null);
    if (reply?.status !== 200) return; // locked, or in trouble: the next look says so
    const { colleagues } = await reply.json();
    offer(colleagues);
    const lines = colleagues.length ? colleagues.map(({ number, name }) => `${number} ${name}`) : [one("colleague").dataset.nobody];
    one("numbers").replaceChildren(...lines.map((line) => {
      const item = document.createElement("li");
      item.textContent = line;
      return item;
    }));
  };

  // --- the ring: planned ahead, because a tab that is not seen has no timer to ring with ---

  let sound = null;
  let bell = null;
  const ring = (times) => {
    silence();
    sound ??= new AudioContext();
    sound.resume().catch(() => undefined);
    bell = sound.createGain();
    bell.gain.value = 0;
    bell.connect(sound.destination);
    for (const pitch of [440, 480]) {
      const tone = sound.createOscillator();
      tone.frequency.value = pitch;
      tone.connect(bell);
      tone.start();
      tone.stop(sound.currentTime + times * 3);
    }
    for (let turn = 0; turn < times; turn++) {
      bell.gain.setValueAtTime(0.15, sound.currentTime + turn * 3);
      bell.gain.setValueAtTime(0, sound.currentTime + turn * 3 + 1);
    }
  };
  const silence = () => {
    bell?.disconnect();
    bell = null;
  };

  // --- what is shown ---

  const spell = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  const choose = (attribute, value) => {
    for (const node of phone.querySelectorAll(`[data-${attribute}]`)) node.hidden = node.dataset[attribute] !== value;
  };

  const standing = () => {
    if (here === "asking") return here;
    if (now.state === "idle" && now.on_duty === false) return "off";
    const isTalking = ["connecting", "talking", "held"].includes(now.state);
    return isTalking && !mine ? "elsewhere" : now.state;
  };

  const paint = () => {
    const stands = standing();
    const isRinging = stands === "ringing";
    const isMine = Boolean(mine) && ["talking", "held"].includes(stands);
    const before = here && here !== "asking" ? here : now.state === "idle" || now.before === "silent" ? now.before : "";
    choose("when", stands);
    choose("before", before);
    one("before").hidden = !before;
    one("about").hidden = !now.call;
    one("shift").hidden = Boolean(now.call);
    one("language").textContent = now.language || one("waited").dataset.unknown;
    one("case").textContent = now.number || one("case").dataset.unknown;
    one("case").href = now.case || one("case").dataset.queue;
    one("answer").hidden = one("decline").hidden = !isRinging;
    one("hang-up").hidden = !now.call || isRinging || stands === "asking";
    one("hold").hidden = one("mute").hidden = one("others").hidden = one("keys").hidden = !isMine;
    one("hold").setAttribute("aria-pressed", String(now.state === "held"));
    const track = mine?.microphone.getAudioTracks()[0];
    const heard = !track ? "off" : track.enabled && now.state === "talking" ? "on" : "muted";
    one("mute").setAttribute("aria-pressed", String(track ? !track.enabled : false));
    one("microphone").dataset.is = heard;
    choose("mic", heard);
    phone.firstElementChild.nextElementSibling.toggleAttribute("data-ringing", isRinging);
    document.title = isRinging ? phone.dataset.ringingTitle : title;
    count();
  };

  const count = () => {
    const gone = (Date.now() - at) / 1000;
    const isUp = now.state === "talking" || now.state === "held";
    one("waited").textContent = Number.isInteger(now.waited) ? spell(now.waited + (isUp ? 0 : gone)) : one("waited").dataset.unknown;
    for (const node of phone.querySelectorAll("[data-only]")) node.hidden = !isUp;
    one("lasts").textContent = spell((now.lasts ?? 0) + gone);
    const left = Math.max(0, Math.round((now.left ?? WARNED) - gone));
    // Waiting for a call is no act either: whoever is on duty here is warned before the lock takes them off.
    const isWarned = (mine || now.on_duty) && left < WARNED;
    if (isWarned && one("locks").hidden && !mine) ring(1);
    one("locks").hidden = !isWarned;
    choose("locks", mine ? "call" : "duty");
    one("left").textContent = String(left);
  };

  // --- what the desk says ---

  const heardOf = (said) => {
    const was = now;
    now = { ...said, version: said.version ?? was.version };
    at = Date.now();
    if (now.state === "unreachable") now = { ...was, ...now }; // the call itself does not go through the desk's pages
    if (now.state !== was.state || now.call !== was.call) here = here === "asking" && now.state === "ringing" ? here : "";
    if (mine && now.call === mine.call && now.state !== "ringing") mine.isUp = true;
    const isOver = mine && now.state !== "unreachable" && (now.call !== mine.call || (mine.isUp && now.state === "ringing"));
    if (isOver) {
      release();
      if (now.state === "down") here = "stopped";
    }
    if (now.state === "ringing" && now.call !== was.call) ring(20);
    if (now.state !== "ringing") silence();
    paint();
  };

  const look = async () => {
    const asked = new URLSearchParams({ known: now.version, in_call: mine ? "yes" : "no" });
    try {
      const answer = await fetch(`${phone.dataset.stateUrl}?${asked}`, { headers });
      const away = answer.headers.get("HX-Redirect");
      if (away) { // locked, or signed out
        release();
        location.replace(away);
        return new Promise(() => undefined);
      }
      if (!answer.ok) throw new Error("the desk is in trouble");
      const said = await answer.json();
      heardOf(said);
      return said.held;
    } catch {
      heardOf({ state: "unreachable" });
      return false;
    }
  };

  one("answer").addEventListener("click", answer);
  one("decline").addEventListener("click", hangUp);
  one("hang-up").addEventListener("click", hangUp);
  one("hold").addEventListener("click", () => act("holdUrl", { on: now.state === "held" ? "no" : "yes" }));
  one("mute").addEventListener("click", mute);
  one("try").addEventListener("click", () => ring(1));
  one("here").addEventListener("click", () => fetch(document.body.dataset.awake, { method: "POST", headers }).then(nudge));
  one("colleague").addEventListener("focus", others);
  one("colleague").addEventListener("change", choosable);
  one("interpreter").addEventListener("click", () => act("pressUrl", { keys: "*3#" }));
  one("sip").addEventListener("toggle", () => one("sip").open && others());
  for (const button of phone.querySelectorAll("[data-bring]")) {
    button.addEventListener("click", () => act("pressUrl", { keys: `${button.dataset.bring}${one("colleague").value}#` }));
  }
  for (const key of phone.querySelectorAll("[data-press]")) {
    key.addEventListener("click", () => act("pressUrl", { keys: key.dataset.press }));
  }
  addEventListener("beforeunload", (event) => mine && event.preventDefault());
  addEventListener("pagehide", () => {
    if (!mine) return;
    const { call } = mine;
    release();
    post("hangUpUrl", { call }, { keepalive: true }).catch(() => undefined);
  });

  (async () => {
    phone.hidden = false;
    paint();
    setInterval(count, 1000);
    for (;;) if (!(await look())) await rest(2);
  })();
})();
