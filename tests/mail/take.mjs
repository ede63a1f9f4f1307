// Sends a digest through a mail server that others wrote (smtp-server) and has it read by a reader that others wrote (postal-mime):
// a login that is wrong and one that is right, a reader who is not there, one for whom it is too early, and everybody else.
//
//     node tests/mail/take.mjs DRAGNET
//
// `make letters` installs both. Ends with an error where anything is other than docs/operations.md says. The server is on this
// machine and talked to in the open; `make mail` does the same encrypted.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";

const DRAGNET = resolve(process.argv[2]);
const [LATER, NOBODY] = ["later@example.org", "nobody@example.org"];
const folder = mkdtempSync(join(tmpdir(), "dragnet-letters-"));
const mails = [];
let busy = true;

function refused(code, text) {
  return Object.assign(new Error(text), { responseCode: code });
}

const server = new SMTPServer({
  authMethods: ["PLAIN", "LOGIN"],
  allowInsecureAuth: true,
  disabledCommands: ["STARTTLS"],
  logger: false,
  onAuth({ username, password }, _session, done) {
    if (username === "dragnet" && password === "right") done(null, { user: username });
    else done(refused(535, "no such account"));
  },
  onRcptTo({ address }, _session, done) {
    done(address === NOBODY ? refused(550, "there is nobody of this name") : null);
  },
  onData(stream, session, done) {
    const chunks = [];
    stream.on("data", (chunk) => chunks.push(chunk));
    stream.on("end", () => {
      const to = session.envelope.rcptTo.map(({ address }) => address);
      if (busy && to.includes(LATER)) return done(refused(451, "come back later"));
      mails.push({ to, raw: Buffer.concat(chunks) });
      done();
    });
  },
});

// What it says, once it ended with this code. Nothing but this folder is its surroundings.
function ended(code, ...words) {
  const env = { HOME: folder, PATH: process.env.PATH };
  return new Promise((right, wrong) => {
    execFile(DRAGNET, words, { cwd: folder, env }, (error, out, err) => {
      const came = error ? error.code : 0;
      if (came === code) right(out + err);
      else wrong(new Error(`dragnet ${words.join(" ")} ended with ${came}, not with ${code}:\n${out}${err}`));
    });
  });
}

function holds(told, says) {
  assert.ok(told.includes(says), `no "${says}" in:\n${told}`);
}

function configure(port) {
  writeFileSync(join(folder, "register.md"), `| Category | Issue | Anecdotes | Occurrences | Status |
|---|---|---|---|---|
| Pains | Ümläute: 1 < 2 & more | 2021-01-01: x | 1 | |
`);
  writeFileSync(join(folder, "dragnet.toml"), `[serve]
public_url = "https://dragnet.example.org"
[[source]]
name = "register"
path = "register.md"
[[digest]]
name = "leads"
kind = "mail"
to = ["ada@example.org", "${LATER}", "${NOBODY}"]
[mail]
host = "127.0.0.1"
port = ${port}
security = "none"
from = "dragnet <dragnet@example.org>"
user = "dragnet"
password_file = "password"
`);
}

async function read({ raw }) {
  const mail = await PostalMime.parse(raw);
  const header = (name) => mail.headers.find(({ key }) => key === name)?.value ?? "";
  assert.equal(mail.subject, "[dragnet] leads: 1 added");
  assert.equal(mail.from.address, "dragnet@example.org");
  assert.deepEqual(mail.to.map(({ address }) => address), ["ada@example.org"]);
  holds(header("list-unsubscribe"), "<https://dragnet.example.org/unsubscribe/");
  assert.equal(header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
  holds(mail.messageId, "@example.org>");
  assert.ok(mail.date);
  assert.ok(mail.text.split(/\r?\n/).includes("- Ümläute: 1 < 2 & more"), mail.text);
  holds(mail.html, "Ümläute: 1 &#60; 2 &#38; more");
}

async function tell() {
  writeFileSync(join(folder, "password"), "wrong\n");
  await ended(0, "sync");
  holds(await ended(3, "doctor"), "unknown   digest leads: 127.0.0.1 refused the account `dragnet`: it answered 535");
  writeFileSync(join(folder, "password"), "right\n");
  holds(await ended(0, "doctor"), "right     digest leads: 127.0.0.1 answers and knows us");
  assert.equal(mails.length, 0, "a look sends nothing");
  const told = await ended(2, "digest", "send", "--now");
  holds(told, "it answered 451");
  holds(told, "it answered 550");
  assert.deepEqual(mails.map(({ to }) => to), [["ada@example.org"]]);
  await read(mails[0]);
  busy = false;
  await ended(2, "digest", "send", "--now");
  assert.deepEqual(mails.slice(1).map(({ to }) => to), [[LATER]]);
  holds(await ended(0, "status"), "0 waiting, 1 given up: 127.0.0.1: it answered 550");
}

server.listen(0, "127.0.0.1", async () => {
  try {
    configure(server.server.address().port);
    await tell();
    console.log("the mail server of others took what it should, and refused what it should");
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
