// Replays every request that dragnet made in the acceptance stories to Prism, which serves the official descriptions and
// refuses what they do not allow: path, method, parameters, headers, body, credentials.
//
//   node prism.mjs RECORD.jsonl FOLDER
//
// FOLDER holds Atlassian's descriptions. Behind Prism stands a server that repeats the recorded answer. Exits 1 and lists
// what Prism refused; prints counts otherwise.
import { createServer as listen } from 'node:http';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { createServer } from '@stoplight/prism-http-server';
import { below, descriptions, isGraphql, pathOf, recorded, templates } from './descriptions.mjs';
import { excused } from './exceptions.mjs';

const LOOPBACK = '127.0.0.1';
const [recordFile, folder] = process.argv.slice(2);
const exchanges = distinct(recorded(recordFile).filter((exchange) => !isGraphql(exchange)));
const silent = () => {};
const logger = { info: silent, warn: silent, error: silent, debug: silent, trace: silent, success: silent, fatal: silent };
logger.child = () => logger;

/** Each request once: what it says and how it was answered decides, and tickets of one kind are alike to a description. */
function distinct(all) {
  const once = new Map(all.map((one) => [JSON.stringify([one.tracker, one.method, one.path, one.headers, one.request, one.status]), one]));
  return [...once.values()];
}

/** A description with the paths that matter here only: dereferencing all of GitHub's would take minutes. */
function part(description, wanted) {
  const fitting = new Set(wanted.flatMap((exchange) => templates(description, below(description, pathOf(exchange)))));
  const paths = Object.fromEntries([...fitting].map((template) => [template, description.paths[template]]));
  return { ...description, paths };
}

/** A server that repeats recorded answers, asked for by number. */
async function upstream() {
  const server = listen((request, response) => {
    request.resume();
    const exchange = exchanges[Number(request.headers['x-exchange'])];
    if (exchange.response === null) return response.writeHead(exchange.status).end();
    response.writeHead(exchange.status, { 'content-type': 'application/json' }).end(JSON.stringify(exchange.response));
  });
  await new Promise((up) => server.listen(0, LOOPBACK, up));
  return server;
}

async function prism(description, home) {
  const config = {
    isProxy: true,
    upstream: new URL(`http://${LOOPBACK}:${home.address().port}`),
    upstreamProxy: undefined,
    checkSecurity: true,
    validateRequest: true,
    // Answers are checked by `validate.mjs`, which knows that a value may be null as well as what its type says.
    validateResponse: false,
    errors: true,
    mock: { dynamic: false },
  };
  const server = createServer(await getHttpOperationsFromSpec(description), { components: { logger }, cors: false, config });
  return { server, address: await server.listen(0, LOOPBACK) };
}

/** What Prism says against a request; nothing when it lets it pass. */
async function refusal(address, description, exchange, number) {
  const query = exchange.path.slice(pathOf(exchange).length);
  const headers = { ...exchange.headers, 'x-exchange': String(number) };
  const body = exchange.request === null ? undefined : JSON.stringify(exchange.request);
  const url = address + below(description, pathOf(exchange)) + query;
  const reply = await fetch(url, { method: exchange.method, headers, body, redirect: 'manual' });
  const answer = await reply.text();
  if (!reply.headers.get('content-type')?.startsWith('application/problem+json')) {
    return reply.headers.get('sl-violations');
  }
  const problem = JSON.parse(answer);
  if (/NO_(PATH|METHOD)_MATCHED/.test(problem.type)) return 'no such operation';
  return `${problem.title}: ${JSON.stringify(problem.validation ?? problem.detail)}`;
}

const complaints = new Set();
const home = await upstream();
for (const [tracker, description] of Object.entries(descriptions(folder))) {
  const own = exchanges.filter((exchange) => exchange.tracker === tracker);
  if (own.length === 0) {
    console.log(`  nothing was asked of ${tracker}`);
    continue;
  }
  const { server, address } = await prism(part(description, own), home);
  let accepted = 0;
  for (const [number, exchange] of exchanges.entries()) {
    if (exchange.tracker !== tracker) continue;
    const refused = await refusal(address, description, exchange, number);
    if (!refused) accepted += 1;
    else if (!excused(exchange, refused)) complaints.add(`${tracker} ${exchange.method} ${exchange.path}: ${refused}`);
  }
  console.log(`  ${accepted} of ${own.length} different requests to ${tracker} accepted by Prism`);
  await server.close();
}
home.close();
if (exchanges.length === 0) complaints.add('nothing was recorded');
for (const complaint of complaints) console.error(`  ${complaint}`);
process.exit(complaints.size ? 1 : 0);
