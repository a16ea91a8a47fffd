import { connect, type Socket } from 'node:net'

export type PlainHttp = {
  /** The status of the reply, once all of it has come; rejects when the connection breaks. */
  ask(method: string, path: string, key: string | undefined, body?: string): Promise<number>
  close(): void
}

type Asked = { text: string; resolve(status: number): void; reject(error: Error): void }
type Line = { socket: Socket; busy?: Asked | undefined }

const endOfHead = Buffer.from('\r\n\r\n')

/**
 * As much of HTTP/1.1 as a load needs that shares two cores with what it measures: Node's own client costs more than
 * the server that it asks. A reply has to come with its `content-length`.
 * @param most connections at a time; what is asked while all are busy waits its turn
 * @param more lines of the head, each with its line end
 */
export function openPlainHttp(port: number, most: number, more = ''): PlainHttp {
  const idle: Line[] = []
  const all = new Set<Line>()
  const waiting: Asked[] = []
  const open = (): Line => {
    const line: Line = { socket: connect({ port, host: '127.0.0.1', noDelay: true }) }
    let read: Buffer = Buffer.alloc(0)
    all.add(line)
    line.socket.on('data', (chunk) => {
      read = read.length === 0 ? chunk : Buffer.concat([read, chunk])
      const status = statusOf(read)
      if (status === undefined) return
      read = Buffer.alloc(0)
      const { busy } = line
      const next = waiting.shift()
      if (next) send(line, next)
      else {
        line.busy = undefined
        idle.push(line)
      }
      busy?.resolve(status)
    })
    const broken = (error?: Error) => {
      all.delete(line)
      line.busy?.reject(error ?? new Error('The connection ended before the reply.'))
    }
    line.socket.on('error', broken).on('close', () => broken())
    return line
  }
  const send = (line: Line, asked: Asked) => {
    line.busy = asked
    line.socket.write(asked.text)
  }
  const take = (): Line | undefined => {
    for (let line = idle.pop(); line; line = idle.pop()) if (all.has(line)) return line
    return all.size < most ? open() : undefined
  }
  return {
    ask: (method, path, key, body) =>
      new Promise((resolve, reject) => {
        const content =
          body === undefined ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
        const bearer = key === undefined ? '' : `authorization: Bearer ${key}\r\n`
        const text = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${bearer}${more}${content}\r\n${body ?? ''}`
        const asked = { text, resolve, reject }
        const line = take()
        if (line) send(line, asked)
        else waiting.push(asked)
      }),
    close: () => {
      for (const { socket } of all) socket.destroy()
    },
  }
}

/** Undefined until the reply is whole. */
function statusOf(read: Buffer): number | undefined {
  const end = read.indexOf(endOfHead)
  if (end < 0) return undefined
  const head = read.toString('latin1', 0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1])
  if (Number.isNaN(length)) throw new Error('A reply came without its length.')
  return read.length < end + endOfHead.length + length ? undefined : Number(head.slice(9, 12))
}
