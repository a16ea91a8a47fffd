import type { AddressInfo, Socket } from 'node:net'
import hoodiecrow, { type ImapConnection } from 'hoodiecrow-imap'

/** A real IMAP server on this machine. Its user is `testuser`, the password `testpass`, the access token `testtoken`. */
export type ImapServer = {
  readonly port: number
  readonly url: string
  put(raw: string, flags?: string[]): void
  flags(): string[][]
  /** From now on only this access token is taken. */
  setToken(token: string): void
  /** Answers NO to whoever asks for the text of a message, alone or with others; `entirely`: for its size too. */
  refuse(uid: number, entirely?: boolean): void
  /** Ends the connection of whoever does so. */
  hangUpOn(uid: number): void
  remove(uid: number): void
  /** Gives again what it did not give. */
  mend(): void
  /** Ends all connections, and listens no more. */
  close(): Promise<void>
  /** The same, without an answer to whoever waits for one. */
  cut(): void
}

let validity = 1

/** @param port 0 for any @param uidValidity another one than any before, unless given */
export async function openImapServer(port = 0, uidValidity = ++validity): Promise<ImapServer> {
  // With CONDSTORE in the list it answers fetches of modern clients with nothing.
  const server = hoodiecrow({
    plugins: ['ID', 'IDLE', 'UIDPLUS', 'LITERALPLUS', 'SASL-IR', 'XOAUTH2'],
    storage: { INBOX: { uidvalidity: uidValidity, messages: [] }, '': {} },
  })
  const refused = new Set<number>()
  const withheld = new Set<number>()
  const deadly = new Set<number>()
  const fetch = server.getCommandHandler('UID FETCH')
  server.setCommandHandler('UID FETCH', (connection, parsed, data, done) => {
    const [range, what] = parsed.attributes
    const asked = server.getMessageRange(connection.selectedMailbox, range!.value, true)
    const isText = JSON.stringify(what).includes('"BODY')
    const isAsked = (uids: ReadonlySet<number>) => asked.some(([, { uid }]) => uids.has(uid))
    if (isText && isAsked(deadly)) return void connection.socket?.destroy()
    if (!isAsked(withheld) && !(isText && isAsked(refused))) return fetch(connection, parsed, data, done)
    const attributes = [{ type: 'TEXT', value: 'This message cannot be read' }]
    connection.send({ tag: parsed.tag, command: 'NO', attributes }, 'FETCH FAILED', parsed, data)
    done()
  })
  const sockets = new Set<Socket>()
  const connections: ImapConnection[] = []
  server.connectionHandlers.push((connection) => connections.push(connection))
  server.server.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: taken } = server.server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: taken,
    url: `imap://testuser:testpass@127.0.0.1:${taken}/INBOX`,
    put: (raw, flags = []) => server.appendMessage('INBOX', flags, false, raw),
    flags: () => server.getMailbox('INBOX').messages.map((message) => message.flags),
    setToken: (token) => void (server.users['testuser']!.xoauth2.accessToken = token),
    refuse: (uid, entirely = false) => void (entirely ? withheld : refused).add(uid),
    hangUpOn: (uid) => void deadly.add(uid),
    remove(uid) {
      const { messages } = server.getMailbox('INBOX')
      messages.splice(
        messages.findIndex((one) => one.uid === uid),
        1,
      )
    },
    mend() {
      refused.clear()
      withheld.clear()
      deadly.clear()
    },
    cut,
    async close() {
      // It times each IDLE by a clock of half an hour, which outlives the connection.
      for (const { inputHandler } of connections) if (inputHandler) inputHandler('DONE')
      cut()
      await new Promise<void>((resolve) => server.close(resolve))
    },
  }
}
