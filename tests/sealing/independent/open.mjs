// SPDX-License-Identifier: AGPL-3.0-or-later
// Written from docs/envelope.md alone. Reads a JSON list of jobs ({"do": …, hex arguments}) on standard input and
// answers with a list of results; what is refused answers {"refused": step, "why": sentence}.

import { createDecipheriv, createHash, createHmac, createPublicKey, hkdfSync, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { decode } from "@msgpack/msgpack";
import { argon2id } from "hash-wasm";

const P = Buffer.from("safeconduct/1/");
const KINDS = ["application", "message", "reply", "erasure"];
const hex = (text) => Buffer.from(text, "hex");
const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const keyId = (publicKey) => sha256(publicKey).subarray(0, 16);

class Refused extends Error {
  constructor(step, why) {
    super(why);
    this.step = step;
  }
}

function insist(condition, step, why) {
  if (!condition) throw new Refused(step, why);
}

const hkdf = (secret, salt, purpose) =>
  Buffer.from(hkdfSync("sha256", secret, salt, Buffer.concat([P, Buffer.from(purpose)]), 32));

function aeadOpen(key, sealed, aad) {
  const tagAt = sealed.length - 16;
  const cipher = createDecipheriv("chacha20-poly1305", key, Buffer.alloc(12), { authTagLength: 16 });
  cipher.setAAD(aad, { plaintextLength: tagAt });
  cipher.setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([cipher.update(sealed.subarray(0, tagAt)), cipher.final()]);
}

function ed25519Fits(publicKey, message, signature) {
  const key = createPublicKey({ format: "jwk", key: { kty: "OKP", crv: "Ed25519", x: publicKey.toString("base64url") } });
  return verify(null, message, key, signature);
}

const suite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });
const buffer = (...parts) => new Uint8Array(Buffer.concat(parts)).buffer;

async function keyPair(seed) {
  const pair = await suite.kem.generateKeyPairDerand(new Uint8Array(seed));
  return { privateKey: pair.privateKey, publicBytes: Buffer.from(await suite.kem.serializePublicKey(pair.publicKey)) };
}

async function hpkeOpen(privateKey, sealed, purpose) {
  const params = { recipientKey: privateKey, enc: buffer(sealed.subarray(0, 1120)), info: buffer(P, purpose) };
  return Buffer.from(await suite.open(params, buffer(sealed.subarray(1120))));
}

class Reader {
  constructor(data) {
    this.data = data;
    this.at = 0;
  }
  take(length) {
    insist(this.at + length <= this.data.length, "parse", "cut short");
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }
  number(bytes) {
    return this.take(bytes).readUIntBE(0, bytes);
  }
  end() {
    insist(this.at === this.data.length, "parse", "something left over");
  }
}

function parseLabel(block, digest) {
  const reader = new Reader(block);
  const salt = reader.take(16);
  const [channel, language, kind] = [0, 0, 0].map(() => reader.take(reader.number(1)).toString("latin1"));
  const urgency = reader.number(1);
  reader.end();
  insist(/^[a-z]{2,16}$/.test(channel), "parse", "channel");
  insist(/^[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/.test(language), "parse", "language");
  insist(KINDS.includes(kind) && urgency >= 1 && urgency <= 3, "parse", "kind or urgency");
  const expected = sha256(P, Buffer.from("label"), salt, block.subarray(16));
  insist(expected.equals(digest), "parse", "label is not the one in the header");
  return { channel, language, kind, urgency };
}

function parseWraps(reader) {
  const count = reader.number(1);
  insist(count <= 16, "parse", "too many wraps");
  const wraps = new Map();
  for (let number = 0; number < count; number += 1) {
    const recipient = reader.take(16).toString("hex");
    insist(reader.number(2) === 1168, "parse", "a wrap of another suite");
    insist(!wraps.has(recipient), "parse", "one recipient twice");
    wraps.set(recipient, reader.take(1168));
  }
  return wraps;
}

function parse(data) {
  insist(data.length <= 84802, "parse", "too large");
  const reader = new Reader(data);
  const header = reader.take(105);
  insist(header.toString("latin1", 0, 3) === "SCE", "parse", "not an envelope");
  insist(header[3] === 1, "parse", "another version");
  insist(header[4] >= 1 && header[4] <= 3, "parse", "unknown purpose");
  const days = header.readUInt32BE(37);
  insist(days <= 2932896, "parse", "a day beyond the calendar");
  const labelLength = reader.number(2);
  const label = labelLength === 0 ? null : parseLabel(reader.take(labelLength), header.subarray(41, 73));
  const wraps = parseWraps(reader);
  const length = reader.number(4);
  insist(length >= 272 && length <= 65552, "parse", "a body of another size");
  const ciphertext = reader.take(length);
  const signer = reader.take(16).toString("hex");
  const signature = reader.take(64);
  reader.end();
  return { header, days, label, wraps, ciphertext, signer, signature };
}

function verifyWriter(envelope, doors) {
  const door = doors.map(hex).find((key) => keyId(key).toString("hex") === envelope.signer);
  insist(door !== undefined, "verify", "no door that we know");
  const message = Buffer.concat([P, Buffer.from("envelope"), envelope.header, sha256(envelope.ciphertext)]);
  insist(ed25519Fits(door, message, envelope.signature), "verify", "forged");
}

function sizeClass(length) {
  if (length <= 256) return 256;
  const exponent = Math.floor(Math.log2(length));
  const step = 2 ** (exponent - (Math.floor(Math.log2(exponent)) + 1));
  return Math.ceil(length / step) * step;
}

function unpad(padded) {
  const end = 4 + padded.readUInt32BE(0);
  insist(sizeClass(end) === padded.length, "open", "not of its size class");
  insist(padded.subarray(end).every((byte) => byte === 0), "open", "padding that holds something");
  return padded.subarray(4, end);
}

async function openBody(envelope, seed) {
  const { privateKey, publicBytes } = await keyPair(seed);
  const wrap = envelope.wraps.get(keyId(publicBytes).toString("hex"));
  insist(wrap !== undefined, "open", "no wrap for this key");
  try {
    const contentKey = await hpkeOpen(privateKey, wrap, Buffer.concat([Buffer.from("wrap"), envelope.header]));
    insist(contentKey.length === 32, "open", "a content key of another size");
    const committed = hkdf(contentKey, "", "commitment").equals(envelope.header.subarray(73, 105));
    insist(committed, "open", "another key than the committed one");
    return unpad(aeadOpen(hkdf(contentKey, "", "body"), envelope.ciphertext, envelope.header));
  } catch (error) {
    throw error instanceof Refused ? error : new Refused("open", String(error));
  }
}

const readable = (value) => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, readable(held)]));
};

const openBox = (key, box, purpose, context) =>
  aeadOpen(hkdf(key, box.subarray(0, 24), purpose), box.subarray(24), context);

const argon2 = (password, salt, cost, length, secret) =>
  argon2id({ password, salt, ...cost, hashLength: length, outputType: "binary", ...(secret ? { secret } : {}) });

const jobs = {
  async envelope({ envelope, doors, seed }) {
    const parsed = parse(hex(envelope));
    verifyWriter(parsed, doors);
    const plain = await openBody(parsed, hex(seed));
    return {
      purpose: parsed.header[4],
      envelope_id: parsed.header.toString("hex", 5, 21),
      conversation: parsed.header.toString("hex", 21, 37),
      day: new Date(parsed.days * 86_400_000).toISOString().slice(0, 10),
      label: parsed.label,
      signer: parsed.signer,
      plain: plain.toString("hex"),
      record: readable(decode(plain)),
    };
  },
  async key({ seed }) {
    const { publicBytes } = await keyPair(hex(seed));
    return { public: publicBytes.toString("hex"), key_id: keyId(publicBytes).toString("hex") };
  },
  async seal({ public: key, purpose, plain }) {
    const recipientPublicKey = await suite.kem.deserializePublicKey(buffer(hex(key)));
    const { enc, ct } = await suite.seal({ recipientPublicKey, info: buffer(P, hex(purpose)) }, buffer(hex(plain)));
    return { sealed: Buffer.concat([Buffer.from(enc), Buffer.from(ct)]).toString("hex") };
  },
  async receipt({ digits, secret, kept_half }) {
    const cost = { iterations: 1, parallelism: 1, memorySize: 256 };
    const out = Buffer.from(await argon2(digits, Buffer.from("safeconduct/1/rc"), cost, 48, hex(secret)));
    const [lookup, half] = [out.subarray(0, 16), out.subarray(16)];
    const seed = hkdf(half, hex(kept_half), "mailbox");
    return { lookup: lookup.toString("hex"), half: half.toString("hex"), mailbox_seed: seed.toString("hex") };
  },
  async erasure({ key, context, protected: box }) {
    return { plain: openBox(hex(key), hex(box), "erasure", hex(context)).toString("hex") };
  },
  async ticket({ key, purpose, ticket }) {
    const opened = openBox(hex(key), Buffer.from(ticket, "base64url"), "ticket", hex(purpose));
    return { expires: Number(opened.readBigUInt64BE(0)), payload: opened.toString("hex", 8) };
  },
  async vault({ passphrase, record }) {
    const data = hex(record);
    const cost = { memorySize: data.readUInt32BE(4), iterations: data.readUInt32BE(8), parallelism: data[12] };
    const out = Buffer.from(await argon2(passphrase, data.subarray(13, 29), cost, 64));
    insist(out.subarray(32).equals(data.subarray(29, 61)), "open", "wrong passphrase");
    return { seed: aeadOpen(out.subarray(0, 32), data.subarray(61), data.subarray(0, 61)).toString("hex") };
  },
  async team_key({ member_seed, team_code, version, wrapped }) {
    const purpose = Buffer.from(`team-key/${team_code}/${version}`);
    const { privateKey } = await keyPair(hex(member_seed));
    return { team_seed: (await hpkeOpen(privateKey, hex(wrapped), purpose)).toString("hex") };
  },
  async checkpoint({ number, day, hash, verify_key, signature }) {
    const [at, days] = [Buffer.alloc(8), Buffer.alloc(4)];
    at.writeBigUInt64BE(BigInt(number));
    days.writeUInt32BE(Date.parse(day) / 86_400_000);
    const message = Buffer.concat([P, Buffer.from("checkpoint"), at, days, hex(hash)]);
    return { fits: ed25519Fits(hex(verify_key), message, hex(signature)) };
  },
  async padding({ length }) {
    return { length: sizeClass(length) };
  },
  async blind_index({ key, kind, value, bits }) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(Buffer.byteLength(kind));
    const message = Buffer.concat([P, Buffer.from("blind-index"), length, Buffer.from(kind), Buffer.from(value)]);
    const digest = createHmac("sha256", hex(key)).update(message).digest();
    return { token: digest.readUInt32BE(0) >>> (32 - bits) };
  },
};

const results = [];
for (const job of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    results.push(await jobs[job.do](job));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    results.push({ refused: error.step, why: error.message });
  }
}
process.stdout.write(JSON.stringify(results));
