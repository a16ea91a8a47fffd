/** A command cannot go on. `message` is one sentence; 1: the world is to blame, 2: the command line or the data. */
export class CommandError extends Error {
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
