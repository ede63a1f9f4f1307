// The pages in headless Chromium: each opened in both themes at two widths, looked at by axe, walked by keyboard, filtered,
// searched and decided upon, with JavaScript off; and asked what leads ask. Ends with 1 and says where something is wrong.
//
// node walk.mjs PROGRAM [FOLDER] - the program to serve the pages with; screenshots go to the folder, if one is named.

import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createSite } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import axe from "axe-core";
import { chromium } from "playwright-core";

const [program, shots] = process.argv.slice(2);
const THEMES = ["light", "dark"];
const WIDTHS = [390, 1440];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const ROWS = 10_000;
/** Every so many rows one cites a ticket. */
const CITED = 21;
const PASSWORD = "quite a long one";
const ADA = { authorization: `Basic ${btoa(`ada:${PASSWORD}`)}` };

const wrong = [];
const complain = (where, what) => wrong.push(`${where}: ${what}`);
const check = (holds, where, what) => holds || complain(where, what);

/** Starts the program and waits until it says where its pages are. */
async function started(args, cwd, told) {
  const child = spawn(resolve(program), args, { cwd, env: { HOME: cwd }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const address = await new Promise((done, failed) => {
    const heard = async (chunk) => {
      said += chunk;
      const found = await told(said);
      if (found) done(found);
    };
    child.stdout.on("data", heard);
    child.stderr.on("data", heard);
    child.on("exit", (code) => failed(new Error(`the program ended with ${code}:\n${said}`)));
  });
  return { address, stop: () => (child.removeAllListeners("exit"), child.kill()) };
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** A Jira Data Center that answers for every ticket: of four one is open, one is done, and two were turned down. */
async function jira() {
  const issue = (key) => {
    const nth = Number(key.split("-")[1]);
    const resolution = [null, "Won't Do", "Fixed", "Won't Do"][nth % 4];
    const told = { name: resolution ? "Closed" : "Open", statusCategory: { id: resolution ? 3 : 2, key: resolution ? "done" : "new" } };
    const at = resolution && "2023-10-01T12:00:00.000+0000";
    const fields = {
      summary: `A remedy for number ${nth}`, status: told, resolution: resolution && { name: resolution }, resolutiondate: at,
      created: "2023-09-01T12:00:00.000+0000", updated: at ?? "2023-09-01T12:00:00.000+0000", issuetype: { name: "Task" }, labels: [],
      issuelinks: [], fixVersions: [], subtasks: [], comment: { comments: [], total: 0 }, description: null, assignee: null,
    };
    return { id: String(10_000 + nth), key, fields, changelog: { startAt: 0, maxResults: 0, total: 0, histories: [] } };
  };
  const server = createSite((request, answer) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      answer.setHeader("content-type", "application/json");
      if (!request.url.endsWith("/search")) return answer.end("[]");
      const { jql, startAt = 0, maxResults = 50 } = JSON.parse(body);
      // By `key in (OPS-1, …)`, and where their histories are asked for by `id in (10001, …)`.
      const named = jql.match(/OPS-\d+|\b\d{5}\b/g) ?? [];
      const keys = named.map((name) => (name.startsWith("OPS-") ? name : `OPS-${Number(name) - 10_000}`));
      const issues = keys.slice(startAt, startAt + maxResults).map(issue);
      answer.end(JSON.stringify({ startAt, maxResults, total: keys.length, issues }));
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { address: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** A daemon with a register of many rows, minutes, a tracker, and somebody who may decide. */
async function large(folder, tracker) {
  const ticket = (at) => (at % CITED === 0 ? `OPS-${at / CITED + 1}` : "");
  const row = (at) =>
    `| Category ${at % 30} | Pain number ${at}: something takes longer than it should | 2023-0${1 + (at % 9)}-01 (Team${"ABCDEFGH"[at % 8]}): it took an hour again. | ${at % 5} | ${ticket(at)} |\n`;
  const rows = Array.from({ length: ROWS }, (_, at) => row(at)).join("");
  writeFileSync(join(folder, "large.md"), `| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n${rows}`);
  const topics = (day) => Array.from({ length: 50 }, (_, at) => `- [quest] (Kelly) Topic ${at} of meeting ${day}: who looks after OPS-${at + 1}?\n  - (Dave) Nobody so far\n`).join("");
  const meetings = Array.from({ length: 25 }, (_, at) => `## 2024-03-${String(at + 1).padStart(2, "0")}\n\n${topics(at + 1)}\n`).join("");
  writeFileSync(join(folder, "minutes.md"), `# Architecture hour\n\n${meetings}`);
  const user = execFileSync(resolve(program), ["user", "ada", "--role", "decide", "--password-stdin"], { input: PASSWORD, env: { HOME: folder } });
  writeFileSync(join(folder, "users"), user);
  writeFileSync(
    join(folder, "dragnet.toml"),
    `[[source]]\nname = "large"\npath = "*.md"\n\n[serve]\nusers_file = "users"\n\n[[tracker]]\nname = "acme"\nkind = "jira"\nsite = "https://acme.example"\napi_url = "${tracker}"\nflavor = "datacenter"\nprojects = ["OPS"]\n`,
  );
  const address = `http://127.0.0.1:${await freePort()}`;
  const daemon = await started(["serve", "--listen", address.slice(7)], folder, () => address);
  for (;;) {
    const front = await fetch(`${address}/`, { headers: ADA }).then((answer) => answer.text(), () => "");
    if (front.includes(`in ${ROWS} challenges`) && !front.includes("No pass has ended")) return daemon;
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** What pages have in common: their path, without what it names and what is filtered. */
const kind = (path) => path.replace(/[?#].*/, "?").replace(/^(\/[a-z]+\/).*/, "$1…");

/** Pages reached by links from the first one: some of every kind. */
async function reached(address, most, headers = {}) {
  const seen = new Map();
  const left = ["/", "/search", "/search?q=token", "/search?q=nothing+has+this", "/nowhere", "/challenges/nobody"];
  while (left.length > 0) {
    const path = left.shift();
    const of = [...seen.keys()].filter((other) => kind(other) === kind(path)).length;
    if (seen.has(path) || of >= most) continue;
    const html = await fetch(address + path, { headers }).then((answer) => answer.text());
    if (!html.startsWith("<!doctype html>")) continue;
    seen.set(path, html.length);
    check(html.length < 100_000, path, `${html.length} bytes`);
    for (const [, href] of html.matchAll(/<a[^>]* href="(\/[^"]*)"/g)) left.push(href.replaceAll("&#38;", "&").replace(/#.*/, ""));
  }
  return [...seen.keys()];
}

/** What goes wrong while a page is loaded: blocked by its own policy, missing, or refused. */
function listen(page) {
  page.on("console", (message) => message.type() === "error" && !/404|422/.test(message.text()) && complain(page.url(), message.text()));
  // What is on its way when the next page is opened is given up by the browser.
  const given = (request) => request.failure()?.errorText === "net::ERR_ABORTED";
  page.on("requestfailed", (request) => given(request) || complain(page.url(), `${request.url()} failed`));
}

/** What axe finds on a page. */
async function axed(page) {
  await page.evaluate(axe.source);
  return page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), RULES);
}

async function looked(browser, address, paths, label, looks, extraHTTPHeaders = {}) {
  for (const [colorScheme, width] of looks) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true, reducedMotion: "reduce", extraHTTPHeaders });
    const page = await context.newPage();
    for (const path of paths) {
      await page.goto(address + path);
      const where = `${path} (${colorScheme}, ${width} px)`;
      const { violations } = await axed(page);
      for (const { id, help, nodes } of violations) complain(where, `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(" … ")}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      check(wide <= 0, where, `${wide} px wider than the screen`);
      if (shots) await page.screenshot({ path: join(shots, `${label}${path.replace(/[^a-z0-9]+/gi, "_").slice(0, 50)}-${colorScheme}-${width}.png`), fullPage: true });
    }
    await context.close();
  }
}

/** What is wrong on purpose must be found, or nothing that is found means anything. */
async function alert(browser) {
  const page = await browser.newPage();
  await page.setContent("<title>x</title><p style='color:#999;background:#fff'>pale</p><img src=x><input>");
  const { violations } = await axed(page);
  const found = violations.map(({ id }) => id);
  for (const id of ["color-contrast", "image-alt", "label", "html-has-lang"]) check(found.includes(id), "axe", `does not see ${id}`);
  await page.close();
}

/** Goes through a page by Tab: everything that can be acted on is reached in turn, and shows that it is. */
async function tabbed(page) {
  const where = `${page.url()} by keyboard`;
  // Of a group of radio buttons one is a stop; a date is several, in one field.
  const count = await page.evaluate(() => {
    const stops = document.querySelectorAll("a[href], button, input:not([type=hidden], [type=radio]), textarea, select, summary, [tabindex='0']");
    return stops.length + new Set([...document.querySelectorAll("input[type=radio]")].map(({ name }) => name)).size;
  });
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.className === "skip"), where, "the first stop is no way past the head");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#main$/, { timeout: 10_000 }).catch(() => {});
  check(page.url().endsWith("#main"), where, "the way past the head leads nowhere");
  await page.goto(page.url().replace("#main", ""));
  const stops = new Set();
  for (let at = 0; at < 80 && stops.size < Math.min(count, 60); at += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const { width, height, bottom, top } = element.getBoundingClientRect();
      const shown = outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 0 && height > 0 && bottom > 0 && top < innerHeight;
      const all = [...document.querySelectorAll("*")];
      return { at: all.indexOf(element), html: element.outerHTML.slice(0, 120), shown };
    });
    if (!stop) break;
    check(stop.shown, where, `no focus is seen on ${stop.html}`);
    stops.add(stop.at);
  }
  check(stops.size >= Math.min(count, 60) - 1, where, `${stops.size} of ${count} stops`);
}

/** What people do: look, filter, search, follow a number to its list, go to the evidence. Without any script. */
async function walked(browser, address) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  listen(page);
  await page.goto(address);
  const broken = Number(await page.locator(".totals b").first().innerText());
  await page.locator(".totals a").first().click();
  check(page.url().includes("standing=broken-promise"), page.url(), "the number of broken promises leads elsewhere");
  check((await page.locator("tbody tr").count()) === broken, page.url(), `not ${broken} rows`);
  await page.locator(".tabs a", { hasText: "no remedy" }).click();
  check(page.url().includes("standing=no-remedy"), page.url(), "the tab leads elsewhere");
  check((await page.locator(".tabs a[aria-current]").innerText()).startsWith("no remedy"), page.url(), "the tab does not say that it is chosen");
  await page.goBack();
  await page.locator("tbody th a").first().click();
  check((await page.locator("h1").count()) === 1 && (await page.locator(".story li").count()) > 3, page.url(), "no story");
  await page.locator("article.card h3 a").first().click();
  check(page.url().includes("/tickets/"), page.url(), "a challenge's ticket leads elsewhere");
  check((await page.locator(".evidence li").count()) > 0, page.url(), "no evidence");
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("token laptop");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\?q=token\+laptop/);
  check((await page.locator(".hits li").count()) > 0, page.url(), "nothing was found");
  await page.locator(".hits a").first().click();
  check(/\/(challenges|tickets|minutes)/.test(page.url()), page.url(), "a result leads elsewhere");
  await page.emulateMedia({ media: "print" });
  check(!(await page.locator("header nav").isVisible()), page.url(), "the way to other pages is printed");
  await context.close();
}

/** One page of every kind by keyboard. */
async function stepped(browser, address, paths, extraHTTPHeaders = {}) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 }, extraHTTPHeaders });
  const page = await context.newPage();
  for (const path of new Map(paths.map((path) => [kind(path), path])).values()) {
    await page.goto(address + path);
    await tabbed(page);
  }
  await context.close();
}

/** Accepts, puts off and contradicts what is told of a challenge, and takes all of it back, by the forms alone. */
async function decided(browser, address) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 }, extraHTTPHeaders: ADA });
  const page = await context.newPage();
  listen(page);
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const send = async (form) => {
    await page.locator(`section[aria-labelledby=${form}] button`).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/decided=yes/);
    check(await page.getByText("Your decision is kept").isVisible(), page.url(), `${form}: nothing says that it is kept`);
  };
  const back = async (link, form) => {
    await page.getByRole("link", { name: link }).first().click();
    await page.locator(`#reason-${form}`).fill("it hurts again");
    await send(form);
  };
  await page.goto(address);
  await page.locator(".worst h3 a").first().click();
  const challenge = page.url();
  const open = async () => {
    await page.goto(challenge);
    await page.getByRole("link", { name: "decide on closed-undone" }).first().click();
    check(page.url().includes("/decide?finding="), page.url(), "the way to decide leads elsewhere");
  };

  await open();
  await tabbed(page);
  await page.locator("#until-accept").fill(day);
  await page.locator("#reason-accept").focus();
  await page.keyboard.type("  ");
  await page.locator("section[aria-labelledby=accept] button").click();
  check(await page.getByRole("alert").isVisible(), page.url(), "a reason that says nothing is taken");
  await page.locator("#reason-accept").fill("until the rewrite");
  await send("accept");
  check((await page.locator("#trail + p + .scroll td", { hasText: "accepted" }).count()) > 0, page.url(), "the trail does not tell it");
  await page.goto(challenge);
  check(!(await page.getByRole("link", { name: "decide on closed-undone" }).count()), challenge, "what was accepted is flagged");
  await page.goto(`${address}/decisions`);
  await back("take it back", "unwaive");

  await open();
  await page.locator("#reason-snooze").fill("after the release");
  await page.locator("#change").check();
  await send("snooze");
  check((await page.getByText("snoozed until it changes").count()) > 0, page.url(), "nothing is put off");
  await back("take it back", "unwaive");

  await page.goto(challenge);
  await page.locator("article.card h3 a").first().click();
  await page.getByRole("link", { name: "contradict or confirm it" }).click();
  await page.locator("#verdict-done").check();
  await page.locator("#reason-verdict").fill("it went out in spring");
  await send("verdict");
  check((await page.getByText("done (contradicts)").count()) > 0, page.url(), "nothing is contradicted");
  await back("take it back or decide again", "withdraw");
  check((await page.locator("tr[id^=act-]").count()) === 6, page.url(), "the trail has other than six entries");
  await context.close();
}

/** What leads ask, answered by clicking from the first page on. */
async function asked(browser, demo, many) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  listen(page);
  // What got worse since last week?
  await page.goto(demo);
  await page.getByRole("link", { name: /^What changed since/ }).click();
  check(/broken promises? more since/.test(await page.locator("h1").innerText()), page.url(), "does not tell what got worse");
  check((await page.locator("main section h2").first().innerText()) === "Broken promises", page.url(), "what got worse is not first");
  await page.locator("main section li a").first().click();
  check((await page.locator("p.standing").innerText()).includes("broken promise"), page.url(), "what got worse leads elsewhere");
  // What should we invest in next quarter?
  await page.goto(demo);
  await page.getByRole("link", { name: "Patterns" }).click();
  check((await page.locator(".ranking li").first().innerText()).split("\n").length > 1, page.url(), "no reason to invest in the first");
  await page.locator(".ranking a").first().click();
  check(page.url().includes("/challenges/"), page.url(), "what to invest in leads elsewhere");
  await context.close();

  const other = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 }, extraHTTPHeaders: ADA });
  const large = await other.newPage();
  listen(large);
  // Which broken promises concern a team?
  await large.goto(many);
  const team = large.locator("section[aria-label='Broken promises by team'] .counts a").first();
  const told = Number(await team.locator("b").innerText());
  await team.click();
  check(told > 20 && (await large.locator(".lead").first().innerText()).startsWith(`${told} challenges`), large.url(), `not ${told} challenges of a team`);
  check((await large.locator("tbody tr").count()) === told, large.url(), `not ${told} rows`);
  // Why is this ticket called undone?
  await large.locator("tbody th a").first().click();
  await large.locator("article.card h3 a").first().click();
  check((await large.locator("p.standing").innerText()).includes("undone"), large.url(), "the ticket is not undone");
  const evidence = large.locator("ul.evidence li", { hasText: "says undone" }).first();
  check((await evidence.innerText()).includes("Won't Do"), large.url(), "the evidence does not say why");
  check(/^https:\/\/acme\.example\/browse\/OPS-/.test(await evidence.getByRole("link").getAttribute("href")), large.url(), "the evidence leads nowhere");
  await other.close();
}

/** Pages of a long list, one after the other. */
async function leafed(browser, address) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 }, extraHTTPHeaders: ADA });
  const page = await context.newPage();
  listen(page);
  await page.goto(`${address}/registers/large.md`);
  for (let at = 1; at <= 3; at += 1) {
    check((await page.locator("tbody tr").count()) === 100, page.url(), "not 100 rows");
    check((await page.locator("tbody th").first().innerText()).includes(`number ${(at - 1) * 100}:`), page.url(), "other rows");
    await page.getByRole("link", { name: "Next page" }).click();
  }
  await page.getByRole("link", { name: "Last page" }).click();
  check(page.url().endsWith("page=100") && (await page.getByRole("link", { name: "Next page" }).count()) === 0, page.url(), "not the last page");
  await page.goto(`${address}/challenges?team=TeamA`);
  check((await page.locator(".lead").first().innerText()).startsWith("1250 challenges"), page.url(), "not the challenges of a team");
  await page.getByRole("link", { name: "Without team: TeamA" }).click();
  check((await page.locator(".lead").first().innerText()).startsWith("10000 challenges"), page.url(), "the filter stays");
  await context.close();
}

if (shots) mkdirSync(shots, { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "dragnet-browser-"));
const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const daemons = [];
try {
  await alert(browser);
  const demo = await started(["demo", "--serve"], folder, (said) => /The pages are at (http:\/\/[^/]+)\//.exec(said)?.[1]);
  daemons.push(demo);
  const tracker = await jira();
  daemons.push(tracker);
  const beside = large(folder, tracker.address);
  const paths = await reached(demo.address, 3);
  await looked(browser, demo.address, paths, "demo", THEMES.flatMap((theme) => WIDTHS.map((width) => [theme, width])));
  await stepped(browser, demo.address, paths);
  await walked(browser, demo.address);
  const many = await beside;
  daemons.push(many);
  const further = ["/registers/large.md?page=7", "/challenges?team=TeamA", "/search?q=number"];
  const all = [...new Set([...(await reached(many.address, 1, ADA)), ...further])];
  await looked(browser, many.address, all, "large", [["light", 390], ["dark", 1440]], ADA);
  await leafed(browser, many.address);
  await asked(browser, demo.address, many.address);
  await decided(browser, many.address);
  console.log(`${paths.length} pages of the sample, each in ${THEMES.length} themes at ${WIDTHS.length} widths, and ${all.length} of a register of ${ROWS} rows: ${wrong.length} complaints`);
} finally {
  await browser.close();
  daemons.forEach((daemon) => daemon.stop());
  rmSync(folder, { recursive: true, force: true });
}
for (const line of wrong) console.error(line);
process.exit(wrong.length > 0 ? 1 : 0);
