import type { Mailbox } from '@lahko/contract'
import type { mailboxes } from '@lahko/contract/mailboxes'
import { languages, type Language } from '@lahko/contract/values'
import type { z } from 'zod'

type Body = z.input<typeof mailboxes.create.body>
type Texts = Record<Language, string>

/** A mailbox as it stands in the form: everything is text. */
export type MailboxDraft = {
  name: string
  address: string
  aliases: string
  comesBy: 'receiver' | 'password' | 'oauth'
  imap: { host: string; port: string; secure: boolean; user: string; folder: string; password: string }
  oauth: { tokenUrl: string; clientId: string; clientSecret: string; refreshToken: string }
  ownSmtp: boolean
  smtp: { host: string; port: string; secure: boolean; user: string; password: string }
  authServer: string
  signatures: Texts
  confirms: boolean
  confirmation: Texts
  paused: boolean
  /** Whether older mail is done, and what is older, as the browser's field has it. */
  oldIsOver: boolean
  oldBefore: string
}

const noTexts: Texts = { en: '', sl: '', nb: '' }

/** The form of a mailbox that is there, or of a new one. Secrets are never known. */
export function draftOf(given?: Mailbox, now = new Date()): MailboxDraft {
  const { imap, smtp } = given ?? {}
  return {
    name: given?.name ?? '',
    address: given?.address ?? '',
    aliases: given?.aliases.join('\n') ?? '',
    comesBy: given && !imap ? 'receiver' : imap?.oauth ? 'oauth' : 'password',
    imap: {
      ...{ host: imap?.host ?? '', port: String(imap?.port ?? 993), secure: imap?.secure ?? true },
      ...{ user: imap?.user ?? '', folder: imap?.folder ?? 'INBOX', password: '' },
    },
    oauth: {
      ...{ tokenUrl: imap?.oauth?.tokenUrl ?? '', clientId: imap?.oauth?.clientId ?? '' },
      ...{ clientSecret: '', refreshToken: '' },
    },
    ownSmtp: given ? smtp !== null : true,
    smtp: {
      ...{ host: smtp?.host ?? '', port: String(smtp?.port ?? 465), secure: smtp?.secure ?? true },
      ...{ user: smtp?.user ?? '', password: '' },
    },
    authServer: given?.authServer ?? '',
    signatures: { ...noTexts, ...given?.signatures },
    confirms: Boolean(given?.confirmation),
    confirmation: { ...noTexts, ...given?.confirmation },
    paused: given?.paused ?? false,
    oldIsOver: given ? given.solvedBefore !== null : true,
    oldBefore: localField(given?.solvedBefore ? new Date(given.solvedBefore) : startOfDay(now)),
  }
}

function startOfDay(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate())
}

/** A moment as `datetime-local` takes it, to the minute. */
function localField(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** What the API takes. An empty secret leaves the one that is known. */
export function bodyOf(draft: MailboxDraft): Body {
  const { name, address, aliases, comesBy, ownSmtp, smtp, authServer, signatures, confirms, confirmation } = draft
  return {
    name,
    address: address.trim(),
    aliases: aliases.split(/[\s,;]+/).filter(Boolean),
    imap: comesBy === 'receiver' ? null : imapOf(draft),
    smtp: ownSmtp ? { ...smtp, port: Number(smtp.port), password: smtp.password || undefined } : null,
    authServer: authServer.trim() || null,
    signatures: textsOf(signatures),
    confirmation: confirms ? textsOf(confirmation) : null,
    paused: draft.paused,
    solvedBefore: draft.oldIsOver && draft.oldBefore !== '' ? new Date(draft.oldBefore).toISOString() : null,
  }
}

function imapOf({ comesBy, imap, oauth }: MailboxDraft): Body['imap'] {
  const { password, port, ...place } = imap
  const known = { ...place, port: Number(port), folder: place.folder || 'INBOX' }
  if (comesBy === 'password') return { ...known, password: password || undefined }
  const { clientSecret, refreshToken, ...provider } = oauth
  return {
    ...known,
    oauth: { ...provider, clientSecret: clientSecret || undefined, refreshToken: refreshToken || undefined },
  }
}

function textsOf(texts: Texts): Partial<Texts> {
  return Object.fromEntries(languages.flatMap((one) => (texts[one].trim() ? [[one, texts[one].trim()]] : [])))
}
