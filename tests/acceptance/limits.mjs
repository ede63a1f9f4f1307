// Limits that the official descriptions state in prose only, so that no validator holds them.
import { visit } from 'graphql';

const length = (name) => (request) => request?.[name]?.length ?? 0;
const value = (name) => (request) => request?.[name] ?? 0;

// `of` counts in the body of a request, `parameter` is read from the address.
const limits = [
  { tracker: 'jira', on: /^POST \/rest\/api\/3\/issue\/bulkfetch$/, what: 'issueIdsOrKeys', of: length('issueIdsOrKeys'), most: 100 },
  { tracker: 'jira', on: /^POST \/rest\/api\/3\/issue\/bulkfetch$/, what: 'properties', of: length('properties'), most: 5 },
  { tracker: 'jira', on: /^POST \/rest\/api\/3\/changelog\/bulkfetch$/, what: 'issueIdsOrKeys', of: length('issueIdsOrKeys'), most: 1000 },
  { tracker: 'jira', on: /^POST \/rest\/api\/3\/changelog\/bulkfetch$/, what: 'fieldIds', of: length('fieldIds'), most: 10 },
  { tracker: 'jira', on: /^POST \/rest\/api\/3\/search\/jql$/, what: 'maxResults', of: value('maxResults'), most: 5000 },
  { tracker: 'jira', on: /^GET \/rest\/api\/3\/search\/jql$/, what: 'maxResults', parameter: 'maxResults', most: 5000 },
  { tracker: 'github', on: /^GET /, what: 'per_page', parameter: 'per_page', most: 100 },
  // https://docs.github.com/rest/search/search: no more than 256 characters besides operators and qualifiers.
  { tracker: 'github', on: /^GET \/search\//, what: 'characters of q', parameter: 'q', count: (q) => [...q].length, most: 256 },
];

/** What goes beyond a limit in one REST exchange, for the operation `template`. */
export function beyond(exchange, template) {
  const parameters = new URL(exchange.path, 'http://x').searchParams;
  const asked = ({ of, parameter, count = Number }) => (of ? of(exchange.request) : count(parameters.get(parameter) ?? ''));
  return limits
    .filter((limit) => limit.tracker === exchange.tracker && limit.on.test(`${exchange.method} ${template}`))
    .filter((limit) => asked(limit) > limit.most)
    .map((limit) => `${asked(limit)} ${limit.what}, and ${limit.most} are allowed`);
}

/** What goes beyond GitHub's limits in one GraphQL document: every connection says how many, 1 to 100 of them, and all
 *  nodes that it could bring are 500,000 at most. https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
export function beyondInGraphql(document) {
  const complaints = [];
  const fragments = new Map(document.definitions.filter((one) => one.kind === 'FragmentDefinition').map((one) => [one.name.value, one]));
  const nodes = (set, outer) =>
    (set?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === 'FragmentSpread') return sum + nodes(fragments.get(selection.name.value).selectionSet, outer);
      const size = selection.arguments?.find((one) => ['first', 'last'].includes(one.name.value));
      const here = size ? outer * Number(size.value.value) : outer;
      return sum + (size ? here : 0) + nodes(selection.selectionSet, here);
    }, 0);
  visit(document, {
    Argument({ name, value: given }) {
      if (!['first', 'last'].includes(name.value)) return;
      if (given.kind !== 'IntValue') complaints.push(`${name.value} is no constant, so nobody can say that it is at most 100`);
      else if (Number(given.value) < 1 || Number(given.value) > 100) complaints.push(`${name.value}: ${given.value}, and 1 to 100 are allowed`);
    },
    OperationDefinition({ selectionSet }) {
      const all = nodes(selectionSet, 1);
      if (all > 500_000) complaints.push(`${all} nodes, and 500000 are allowed`);
    },
  });
  return complaints;
}
