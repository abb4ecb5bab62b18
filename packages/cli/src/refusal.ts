/** Ends a command with one line on stderr and this exit code: 1 = failed or not found, 2 = asked for in a wrong way. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message)
    this.exitCode = exitCode
  }
}
