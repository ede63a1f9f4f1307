// The official API descriptions, and which operation of them a request is for.
import { readFileSync } from 'node:fs';

const here = (path) => new URL(`node_modules/${path}`, import.meta.url);

/** The descriptions by tracker; those of Atlassian come from `folder`. */
export function descriptions(folder) {
  return {
    jira: JSON.parse(readFileSync(`${folder}/jira-cloud-v3.openapi.json`, 'utf8')),
    confluence: JSON.parse(readFileSync(`${folder}/confluence-cloud-v2.openapi.json`, 'utf8')),
    github: JSON.parse(readFileSync(here('@octokit/openapi/generated/api.github.com.json'), 'utf8')),
  };
}

/** The published GraphQL schema of GitHub. */
export const graphqlSchema = () => readFileSync(here('@octokit/graphql-schema/schema.graphql'), 'utf8');

/** Every exchange of a record. */
export function recorded(file) {
  return readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

export const isGraphql = (exchange) => exchange.tracker === 'github' && pathOf(exchange).endsWith('/graphql');

/** The path without the query. */
export const pathOf = (exchange) => exchange.path.split('?')[0];

/** The path below the server's own, which descriptions leave out: Confluence's paths follow `/wiki/api/v2`. */
export function below(description, path) {
  const [, home] = /^[a-z]+:\/\/[^/]+(.*)$/.exec(description.servers[0].url);
  return home && path.startsWith(`${home}/`) ? path.slice(home.length) : path;
}

/** The templates that fit a path, a fixed segment before a parameter, as servers route. */
export function templates(description, path) {
  const pattern = (template) => template.replace(/[.+*?^$()|[\]\\]/g, '\\$&').replace(/\{[^}]+\}/g, '[^/]+');
  return Object.keys(description.paths)
    .filter((template) => new RegExp(`^${pattern(template)}$`).test(path))
    .sort((a, b) => a.split('{').length - b.split('{').length);
}

/** The operation that a request is for. */
export function operation(description, exchange) {
  for (const template of templates(description, below(description, pathOf(exchange)))) {
    const found = description.paths[template][exchange.method.toLowerCase()];
    if (found) return { template, found };
  }
  return null;
}
