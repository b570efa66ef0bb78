// A caller of `cleangov serve` for Node 18 or newer, without any dependency.
// As a command it takes one step, and answers for the officer where it is held:
//
//   node client.mjs ADDRESS KEY_ID KEY_FILE OFFICER STEP_FILE CHOICE [TEXT [MORE]]
//
// STEP_FILE holds {"attempt_id", "event"}; MORE is JSON of what else the choice asks for, such as
// {"reason": "head", "evidence": {"reference": "No 7"}}. It prints one JSON line for each call.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const SCHEME = "CLEANGOV-HMAC-SHA256-1";

export class Client {
  constructor(address, keyId, key) {
    this.origin = new URL(address).origin;
    this.base = new URL(address).pathname.replace(/\/$/, "");
    Object.assign(this, { keyId, key });
  }

  async call(path, document, { officer = "", once = "", pass = "" } = {}) {
    const method = document === undefined ? "GET" : "POST";
    const body = document === undefined ? "" : JSON.stringify(document);
    const at = String(Math.floor(Date.now() / 1000));
    const nonce = randomBytes(12).toString("hex");
    const who = encodeURIComponent(officer);
    const digest = createHash("sha256").update(body).digest("hex");
    const target = this.base + path;
    const lines = [SCHEME, this.keyId, method, target, digest, at, nonce, who, once, pass];
    const signature = createHmac("sha256", this.key).update(lines.join("\n")).digest("hex");
    const headers = {
      "Content-Type": "application/json",
      "CleanGov-Key": this.keyId,
      "CleanGov-Time": at,
      "CleanGov-Nonce": nonce,
      "CleanGov-Signature": signature,
    };
    if (who) headers["CleanGov-Officer"] = who;
    if (once) headers["Idempotency-Key"] = once;
    if (pass) headers["CleanGov-Pass"] = pass;
    const sent = { method, headers, ...(method === "POST" && { body }) };
    const response = await fetch(this.origin + target, sent);
    return { status: response.status, told: await response.json() };
  }
}

async function main([address, keyId, keyFile, officer, stepFile, choice, text = "", more = "{}"]) {
  const key = Buffer.from(readFileSync(keyFile, "utf8").trim(), "hex");
  const client = new Client(address, keyId, key);
  const step = JSON.parse(readFileSync(stepFile, "utf8"));
  const once = `gate-${step.attempt_id}`;
  const say = (call, answer) => console.log(JSON.stringify({ call, ...answer }));
  let gate = await client.call("/gate", step, { officer, once });
  say("/gate", gate);
  if (gate.status !== 409 || !gate.told.prompts?.length) return;
  const given = { prompt_id: gate.told.prompts[0].id, choice, text, ...JSON.parse(more) };
  const answer = await client.call("/answers", given, { officer, once: `answer-${once}` });
  say("/answers", answer);
  if (!answer.told.pass) return;
  gate = await client.call("/gate", step, { officer, once, pass: answer.told.pass });
  say("/gate", gate);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await main(process.argv.slice(2));
