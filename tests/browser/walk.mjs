// The pages in headless Chromium: each opened in both themes at two widths, looked at by axe, walked by keyboard, filtered
// and searched, with JavaScript off. Ends with 1 and says where something is wrong.
//
// node walk.mjs PROGRAM [FOLDER] - the program to serve the pages with; screenshots go to the folder, if one is named.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

/** A daemon with a register of many rows and no trackers. */
async function large(folder) {
  const row = (at) =>
    `| Category ${at % 30} | Pain number ${at}: something takes longer than it should | 2023-0${1 + (at % 9)}-01 (Team${"ABCDEFGH"[at % 8]}): it took an hour again. | ${at % 5} | |\n`;
  const rows = Array.from({ length: ROWS }, (_, at) => row(at)).join("");
  writeFileSync(join(folder, "large.md"), `| Category | Issue | Anecdotes | Occurrences | Status |\n|---|---|---|---|---|\n${rows}`);
  writeFileSync(join(folder, "dragnet.toml"), '[[source]]\nname = "large"\npath = "large.md"\n');
  const address = `http://127.0.0.1:${await freePort()}`;
  const daemon = await started(["serve", "--listen", address.slice(7)], folder, () => address);
  for (;;) {
    const front = await fetch(`${address}/`).then((answer) => answer.text(), () => "");
    if (front.includes(`in ${ROWS} challenges`) && !front.includes("No pass has ended")) return daemon;
    await new Promise((done) => setTimeout(done, 250));
  }
}

/** Pages reached by links from the first one: some of every kind. */
async function reached(address, most) {
  const kind = (path) => path.replace(/\?.*/, "?").replace(/^(\/[a-z]+\/).*/, "$1…");
  const seen = new Map();
  const left = ["/", "/search", "/search?q=token", "/search?q=nothing+has+this", "/nowhere", "/challenges/nobody"];
  while (left.length > 0) {
    const path = left.shift();
    const of = [...seen.keys()].filter((other) => kind(other) === kind(path)).length;
    if (seen.has(path) || of >= most) continue;
    const html = await fetch(address + path).then((answer) => answer.text());
    if (!html.startsWith("<!doctype html>")) continue;
    seen.set(path, html.length);
    check(html.length < 100_000, path, `${html.length} bytes`);
    for (const [, href] of html.matchAll(/<a[^>]* href="(\/[^"]*)"/g)) left.push(href.replaceAll("&#38;", "&"));
  }
  return [...seen.keys()];
}

/** What goes wrong while a page is loaded: blocked by its own policy, missing, or refused. */
function listen(page) {
  page.on("console", (message) => message.type() === "error" && !/404/.test(message.text()) && complain(page.url(), message.text()));
  // What is on its way when the next page is opened is given up by the browser.
  const given = (request) => request.failure()?.errorText === "net::ERR_ABORTED";
  page.on("requestfailed", (request) => given(request) || complain(page.url(), `${request.url()} failed`));
}

async function looked(browser, address, paths, label) {
  for (const colorScheme of THEMES) {
    for (const width of WIDTHS) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true, reducedMotion: "reduce" });
      const page = await context.newPage();
      for (const path of paths) {
        await page.goto(address + path);
        const where = `${path} (${colorScheme}, ${width} px)`;
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), RULES);
        for (const { id, help, nodes } of violations) complain(where, `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html).join(" … ")}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        check(wide <= 0, where, `${wide} px wider than the screen`);
        if (shots) await page.screenshot({ path: join(shots, `${label}${path.replace(/[^a-z0-9]+/gi, "_").slice(0, 50)}-${colorScheme}-${width}.png`), fullPage: true });
      }
      await context.close();
    }
  }
}

/** What is wrong on purpose must be found, or nothing that is found means anything. */
async function alert(browser) {
  const page = await browser.newPage();
  await page.setContent("<title>x</title><p style='color:#999;background:#fff'>pale</p><img src=x><input>");
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((values) => axe.run({ runOnly: { type: "tag", values } }), RULES);
  const found = violations.map(({ id }) => id);
  for (const id of ["color-contrast", "image-alt", "label", "html-has-lang"]) check(found.includes(id), "axe", `does not see ${id}`);
  await page.close();
}

/** Goes through a page by Tab: everything that can be acted on is reached in turn, and shows that it is. */
async function tabbed(page) {
  const where = `${page.url()} by keyboard`;
  const count = await page.evaluate(() => document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']").length);
  await page.keyboard.press("Tab");
  check(await page.evaluate(() => document.activeElement.className === "skip"), where, "the first stop is no way past the head");
  await page.keyboard.press("Enter");
  check(page.url().endsWith("#main"), where, "the way past the head leads nowhere");
  await page.goto(page.url().replace("#main", ""));
  const stops = new Set();
  for (let at = 0; at < Math.min(count, 60); at += 1) {
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
  await tabbed(page);
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
  await tabbed(page);
  await page.locator("article.card h3 a").first().click();
  check(page.url().includes("/tickets/"), page.url(), "a challenge's ticket leads elsewhere");
  check((await page.locator(".evidence li").count()) > 0, page.url(), "no evidence");
  await page.getByRole("searchbox").focus();
  await page.keyboard.type("token laptop");
  await page.keyboard.press("Enter");
  await page.waitForURL(/search\?q=token\+laptop/);
  check((await page.locator(".hits li").count()) > 0, page.url(), "nothing was found");
  await page.locator(".hits a").first().click();
  check(/\/(challenges|tickets)\//.test(page.url()), page.url(), "a result leads elsewhere");
  await page.emulateMedia({ media: "print" });
  check(!(await page.locator("header nav").isVisible()), page.url(), "the way to other pages is printed");
  await context.close();
}

/** Pages of a long list, one after the other. */
async function leafed(browser, address) {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
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
  const paths = await reached(demo.address, 4);
  await looked(browser, demo.address, paths, "demo");
  await walked(browser, demo.address);
  const many = await large(folder);
  daemons.push(many);
  await looked(browser, many.address, ["/", "/registers/large.md?page=7", "/challenges?team=TeamA", "/teams", "/search?q=number"], "large");
  await leafed(browser, many.address);
  console.log(`${paths.length} pages of the sample and 5 of a register of ${ROWS} rows, each in ${THEMES.length} themes at ${WIDTHS.length} widths: ${wrong.length} complaints`);
} finally {
  await browser.close();
  daemons.forEach((daemon) => daemon.stop());
  rmSync(folder, { recursive: true, force: true });
}
for (const line of wrong) console.error(line);
process.exit(wrong.length > 0 ? 1 : 0);
