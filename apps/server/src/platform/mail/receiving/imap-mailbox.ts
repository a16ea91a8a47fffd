import type { House } from '../../house.ts'
import type { ImapAccount } from './imap-entry.ts'
import { openImapReader, type ImapKeeper, type MailboxReader, type OpenFolder } from './imap-reader.ts'
import { findMailbox, moveMailbox, noteMailbox } from './mailboxes.queries.ts'
import { mostKept, takeIn } from './taking-in.ts'

/** Of a mailbox that has not been read before only what could still be about a mail that waits for an answer. */
const firstDays = 30

/** How a mailbox is called where its state is kept and shown: without its password. */
export function mailboxName(imapUrl: string): string {
  const url = new URL(imapUrl)
  return `${decodeURIComponent(url.username)}@${url.host}/${folderOf(url)}`
}

function folderOf(url: URL): string {
  return decodeURIComponent(url.pathname.replace(/^\//, '')) || 'INBOX'
}

/** Takes in each message of the mailbox of the installation once, as something that came back. */
export function openMailbox(house: House, imapUrl: string): MailboxReader {
  return openImapReader(accountOf(imapUrl), keeperOf(house, mailboxName(imapUrl)))
}

function accountOf(imapUrl: string): ImapAccount {
  const url = new URL(imapUrl)
  const secure = url.protocol === 'imaps:'
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 993 : 143),
    secure,
    user: decodeURIComponent(url.username),
    folder: folderOf(url),
    secret: async () => ({ pass: decodeURIComponent(url.password) }),
  }
}

function keeperOf(house: House, name: string): ImapKeeper {
  const { store, clock, log } = house
  return {
    mostBytes: mostKept,
    async wanted(folder) {
      const known = await findMailbox(store, name)
      if (known?.uidValidity !== folder.uidValidity) return { uids: await firstUids(house, folder) }
      const found = await folder.search({ uid: `${known.lastUid + 1}:*` })
      // `n:*` names the last message even when its number is below n.
      return { uids: found.filter((uid) => uid > known.lastUid) }
    },
    async take(messages, { uidValidity }) {
      for (const { uid, raw, size } of messages) {
        const taken = await takeIn(house, raw, size)
        if (taken === 'no_workspace') throw new Error('there is no workspace yet')
        // It stays in the mailbox; whoever floods it holds up no bounce behind it.
        if (taken === 'too_many') log.warn({ mailbox: name, uid }, 'a message about no mail was passed over')
        await moveMailbox(store, name, uidValidity, uid)
      }
    },
    async passOver({ uid, says }, { uidValidity }) {
      log.warn({ mailbox: name, uid, reason: says }, 'a message that the server does not give was passed over')
      await moveMailbox(store, name, uidValidity, uid)
    },
    async finish({ uidValidity, uidNext }) {
      const known = await findMailbox(store, name)
      if (known?.uidValidity !== uidValidity) await moveMailbox(store, name, uidValidity, Math.max(0, uidNext - 1))
    },
    async note(error) {
      if (error !== null) log.warn({ reason: error, mailbox: name }, 'the mailbox of returned mail cannot be read')
      await noteMailbox(store, name, clock.now(), error)
    },
  }
}

function firstUids({ clock }: House, folder: OpenFolder): Promise<number[]> {
  return folder.search({ since: new Date(clock.now().getTime() - firstDays * 86_400_000) })
}
