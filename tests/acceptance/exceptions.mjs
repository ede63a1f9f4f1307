// Where the official descriptions contradict what their own examples or servers say, each with its reason.
const exceptions = [];

/** Whether `message` about `exchange` is on the list. */
export function excused(exchange, message) {
  return exceptions.some((one) => one.tracker === exchange.tracker && one.path.test(exchange.path) && one.message.test(message));
}
