/**
 * A start that failed because of what the operator gave us, not because of the program. The message is for reading
 * in a terminal: one line per problem, no secret in it.
 */
export class StartRefused extends Error {
  override name = 'StartRefused'
}
