// Where the official descriptions contradict what their own examples or servers say, each with its reason.
const exceptions = [
  {
    // Which Jira it is has to be asked before that is known, and Data Center answers version 2 only. The description of
    // Cloud lists the same resource under version 3.
    tracker: 'jira',
    path: /^\/rest\/api\/2\/serverInfo$/,
    message: /no such operation/,
  },
  {
    // Where the redirect of a renamed repository or a transferred issue leads; the description knows the redirect (301)
    // and not its target. What is answered there is an issue like any other.
    tracker: 'github',
    path: /^\/repositories\/\d+\/issues\/\d+$/,
    message: /no such operation/,
  },
  {
    // GitHub answers every conditional request with 304 when nothing changed; the description lists that for some
    // operations only. https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
    tracker: 'github',
    path: /^\/repos\/[^/]+\/[^/]+\/(issues|git\/trees\/[^/]+)\?/,
    message: /^304 .*no such status here$/,
  },
  {
    // Saving a version that is there already. Servers answer so; the description lists refusals of other kinds only.
    tracker: 'confluence',
    path: /^\/wiki\/api\/v2\/pages\/\d+$/,
    message: /^409 .*no such status here$/,
  },
  {
    // The links beside an issue come as a list; the description's schema is that of one link, its example a list.
    tracker: 'jira',
    path: /^\/rest\/api\/3\/issue\/[^/]+\/remotelink$/,
    message: /must be object/,
  },
];

/** Whether `message` about `exchange` is on the list. */
export function excused(exchange, message) {
  return exceptions.some((one) => one.tracker === exchange.tracker && one.path.test(exchange.path) && one.message.test(message));
}
