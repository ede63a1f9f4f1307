// Checks recorded exchanges against the official API descriptions: what the stand-in trackers answered (so that the
// tests do not rest on our own imagination) and what dragnet asked.
//
//   node validate.mjs RECORD.jsonl FOLDER
//
// FOLDER holds Atlassian's descriptions; GitHub's come from packages.
// RECORD.jsonl has one exchange a line: {"tracker", "method", "path", "headers",
// "request", "status", "response"}.
// Exits 1 and lists every complaint when something does not fit; prints counts otherwise.
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { buildSchema, execute, parse, specifiedRules, validate } from 'graphql';
import { descriptions as read, graphqlSchema, isGraphql, operation, pathOf, recorded } from './descriptions.mjs';
import { excused } from './exceptions.mjs';
import { beyond, beyondInGraphql } from './limits.mjs';

const [recordFile, folder] = process.argv.slice(2);
const exchanges = recorded(recordFile);
const descriptions = read(folder);
const ajvs = {};
for (const [name, description] of Object.entries(descriptions)) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true, logger: false });
  addFormats(ajv);
  // Formats that OpenAPI documents use and JSON Schema does not know say nothing about the value.
  for (const format of ['int32', 'int64', 'float', 'double', 'repo.nwo', 'timestamp', 'binary']) {
    if (!ajv.formats[format]) ajv.addFormat(format, true);
  }
  ajv.addSchema({ $id: name, components: nullable(description.components) });
  ajvs[name] = ajv;
}

/** OpenAPI 3.0 writes `nullable: true` beside a type, an enum or a reference; JSON Schema wants a choice. */
function nullable(node) {
  if (Array.isArray(node)) return node.map(nullable);
  if (node === null || typeof node !== 'object') return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, nullable(value)]));
  if (typeof copy.$ref === 'string' && copy.$ref.startsWith('#/')) delete copy.nullable;
  else if (copy.nullable === true) {
    delete copy.nullable;
    return { anyOf: [{ type: 'null' }, copy] };
  }
  return copy;
}

// The published schema defines two fields twice, which nothing of ours touches. What GitHub added to its schema since that
// was published: https://docs.github.com/graphql/overview/changelog
const since = 'extend type Issue { duplicateOf: Issue }';
const schema = buildSchema(`${graphqlSchema()}\n${since}`, { assumeValidSDL: true });

const complaints = [];
const counts = {};
const compiled = new Map();
const documents = new Map();
const count = (what) => (counts[what] = (counts[what] ?? 0) + 1);

function deref(description, node) {
  let at = node;
  while (at?.$ref) at = at.$ref.slice(2).split('/').reduce((part, key) => part[key.replace(/~1/g, '/')], description);
  return at;
}

function rest(exchange, where) {
  const description = descriptions[exchange.tracker];
  const served = operation(description, exchange);
  if (!served) return complain(exchange, where, 'the description has no such operation');
  if (served.found.deprecated) return complain(exchange, where, 'this operation is deprecated');
  if (exchange.request !== null) {
    const body = deref(description, served.found.requestBody)?.content?.['application/json']?.schema;
    if (!body) complain(exchange, where, 'the description takes no body here');
    else check(exchange, `${where} request`, body, exchange.request);
  }
  const names = new Set((served.found.parameters ?? []).map((one) => deref(description, one)).filter((one) => one.in === 'query').map((one) => one.name));
  for (const name of new URL(exchange.path, 'http://x').searchParams.keys()) {
    if (!names.has(name)) complain(exchange, where, `the description has no query parameter ${name}`);
  }
  for (const complaint of beyond(exchange, served.template)) complain(exchange, where, complaint);
  const answer = deref(description, served.found.responses[String(exchange.status)]);
  if (!answer) return complain(exchange, where, `${exchange.status} and the description has no such status here`);
  const media = answer.content?.['application/json']?.schema;
  if (media && exchange.response !== null) check(exchange, where, media, exchange.response);
  count(`${exchange.tracker} ${exchange.method} ${served.template} ${exchange.status}`);
}

function check(exchange, where, node, value) {
  const ajv = ajvs[exchange.tracker];
  const key = exchange.tracker + JSON.stringify(node);
  if (!compiled.has(key)) {
    const anchored = JSON.parse(JSON.stringify(nullable(node)).replaceAll('"#/components', `"${exchange.tracker}#/components`));
    compiled.set(key, ajv.compile(anchored));
  }
  const valid = compiled.get(key);
  if (valid(value)) return;
  for (const error of valid.errors) {
    complain(exchange, where, `${error.instancePath || '/'} ${error.message}`);
  }
}

function graphql(exchange, where) {
  const source = exchange.request?.query;
  if (typeof source !== 'string') return complain(exchange, where, 'no query');
  if (!documents.has(source)) {
    const document = parse(source);
    const errors = validate(schema, document, specifiedRules).map((error) => error.message);
    documents.set(source, { document, errors: [...errors, ...beyondInGraphql(document)] });
    count('github GraphQL documents');
  }
  const { document, errors } = documents.get(source);
  for (const error of errors) complain(exchange, where, error);
  count(`github GraphQL answers ${exchange.status}`);
  const data = exchange.response?.data;
  if (!data || errors.length) return;
  // The answer is put through the schema as if a server computed it: enum values, scalars and non-null fields must fit.
  const again = execute({
    schema,
    document,
    rootValue: data,
    variableValues: exchange.request.variables,
    fieldResolver: (parent, _arguments, _context, info) => parent[info.path.key],
    typeResolver: (value) => value.__typename,
  });
  for (const error of again.errors ?? []) complain(exchange, where, `${error.message} at ${(error.path ?? []).join('.')}`);
}

function complain(exchange, where, message) {
  if (excused(exchange, message)) return count('excused by the list of exceptions');
  complaints.push(`${where}: ${message}`);
}

for (const exchange of exchanges) {
  const where = `${exchange.method} ${pathOf(exchange)} -> ${exchange.status}`;
  if (isGraphql(exchange)) graphql(exchange, where);
  else rest(exchange, where);
}

for (const [what, number] of Object.entries(counts).sort()) console.log(`  ${number} x ${what}`);
if (exchanges.length === 0) complaints.push('nothing was recorded');
if (complaints.length) {
  const unique = [...new Set(complaints)];
  console.error(`${complaints.length} complaints, ${unique.length} different:`);
  for (const complaint of unique.slice(0, 60)) console.error(`  ${complaint}`);
  process.exit(1);
}
console.log(`${exchanges.length} exchanges fit the official descriptions`);
