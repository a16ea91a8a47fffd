import type { Terminal } from './command.ts'
import { CommandRefused } from './command.ts'

const longest = 1024

/**
 * A password: typed twice without echo at a terminal, else the first line of standard input.
 * @throws CommandRefused when there is none, or the two differ
 */
export async function askPassword(terminal: Terminal): Promise<string> {
  if (!terminal.stdin.isTTY) return firstLine(terminal.stdin)
  const first = await typed(terminal, 'New password: ')
  if (first !== (await typed(terminal, 'The same again: ')))
    throw new CommandRefused('The two passwords differ. Nothing was changed.')
  return first
}

async function firstLine(stdin: NodeJS.ReadStream): Promise<string> {
  let text = ''
  for await (const chunk of stdin) {
    text += String(chunk)
    if (text.includes('\n') || text.length > longest) break
  }
  const line = text.split(/\r?\n/)[0]!
  if (line === '') throw new CommandRefused('There is no password on standard input.')
  return line
}

/** Raw mode, so that the terminal shows nothing of what is typed. */
function typed({ stdin, stderr }: Terminal, prompt: string): Promise<string> {
  stderr.write(prompt)
  stdin.setRawMode(true)
  stdin.setEncoding('utf8')
  stdin.resume()
  return new Promise((resolve, reject) => {
    let line = ''
    const end = (settle: () => void) => {
      stdin.setRawMode(false)
      stdin.pause()
      stdin.removeListener('data', read)
      stderr.write('\n')
      settle()
    }
    const read = (keys: string) => {
      for (const key of keys) {
        if (key === '\r' || key === '\n') return end(() => resolve(line))
        if (key === '\u0003' || key === '\u0004') return end(() => reject(new CommandRefused('Nothing was changed.')))
        line = key === '\u007f' || key === '\b' ? line.slice(0, -1) : line + key
      }
    }
    stdin.on('data', read)
  })
}
