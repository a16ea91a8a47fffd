import { userInfo } from 'node:os'

/**
 * Lahko cannot start or go on, and a person can do something about it. `main` and the commands print the message,
 * which is one sentence or two, and end with exit code 1.
 */
export class StartRefused extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'StartRefused'
  }
}

const diskIsFull = (where: string) => `The disk that holds ${where} is full. Make room and start again.`

/**
 * The sentence for an error of the operating system or of PostgreSQL that a person can mend; any other error comes
 * back as it is.
 *
 * @param folder the data folder, named in the sentence
 */
export function refusal(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof StartRefused) return error
  const { code, path = folder } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case '53100':
      return new StartRefused(diskIsFull(folder), { cause: error })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
      return new StartRefused(
        `Lahko cannot write to ${path} as the system user ${userInfo().username} (${code}). ` +
          'Change its permissions, or choose another folder with LAHKO_DATA.',
        { cause: error },
      )
    default:
      return error
  }
}

/** The sentence for what PostgreSQL or its tools wrote before they gave up. */
export function refusalFromOutput(output: string, folder: string, logFile?: string): StartRefused {
  if (/No space left on device|Disk quota exceeded/.test(output)) return new StartRefused(diskIsFull(folder))
  const reasons = [...output.matchAll(/(?:FATAL|PANIC|error|ERROR): +(.+)/g)]
  const reason = reasons.at(-1)?.[1] ?? (output.trim().split('\n').at(-1) || 'it gives no reason')
  const where = logFile ? ` Its log is ${logFile}.` : ''
  return new StartRefused(`PostgreSQL does not start: ${reason}.${where}`)
}
