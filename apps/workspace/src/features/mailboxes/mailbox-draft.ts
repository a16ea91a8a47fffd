import type { Mailbox } from '@lahko/contract'
import type { mailboxes } from '@lahko/contract/mailboxes'
import { languages, type Language } from '@lahko/contract/values'
import type { z } from 'zod'

type Body = z.input<typeof mailboxes.create.body>
type Texts = Record<Language, string>
type Oauth = { tokenUrl: string; clientId: string; clientSecret: string; refreshToken: string }

/** A mailbox as it stands in the form: everything is text. */
export type MailboxDraft = {
  name: string
  address: string
  aliases: string
  comesBy: 'receiver' | 'password' | 'oauth'
  imap: { host: string; port: string; secure: boolean; user: string; folder: string; password: string }
  oauth: Oauth
  ownSmtp: boolean
  smtp: { host: string; port: string; secure: boolean; user: string; password: string }
  /** same: with the access that mail is read with. */
  sendsBy: 'password' | 'same' | 'oauth'
  smtpOauth: Oauth
  plusAddresses: boolean
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
    oauth: oauthOf(imap?.oauth),
    ownSmtp: given ? smtp !== null : true,
    smtp: {
      ...{ host: smtp?.host ?? '', port: String(smtp?.port ?? 465), secure: smtp?.secure ?? true },
      ...{ user: smtp?.user ?? '', password: '' },
    },
    sendsBy: waySent(given),
    smtpOauth: oauthOf(smtp?.oauth),
    plusAddresses: given?.plusAddresses ?? true,
    authServer: given?.authServer ?? '',
    signatures: { ...noTexts, ...given?.signatures },
    confirms: Boolean(given?.confirmation),
    confirmation: { ...noTexts, ...given?.confirmation },
    paused: given?.paused ?? false,
    oldIsOver: given ? given.solvedBefore !== null : true,
    oldBefore: localField(given?.solvedBefore ? new Date(given.solvedBefore) : startOfDay(now)),
  }
}

function oauthOf(known: NonNullable<Mailbox['imap']>['oauth'] | undefined): Oauth {
  return { tokenUrl: known?.tokenUrl ?? '', clientId: known?.clientId ?? '', clientSecret: '', refreshToken: '' }
}

function waySent({ imap, smtp }: Partial<Mailbox> = {}): MailboxDraft['sendsBy'] {
  if (!smtp?.oauth) return 'password'
  const { tokenUrl, clientId } = smtp.oauth
  return imap?.oauth?.tokenUrl === tokenUrl && imap.oauth.clientId === clientId ? 'same' : 'oauth'
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
  const { name, address, aliases, comesBy, ownSmtp, authServer, signatures, confirms, confirmation } = draft
  return {
    name,
    address: address.trim(),
    aliases: aliases.split(/[\s,;]+/).filter(Boolean),
    imap: comesBy === 'receiver' ? null : imapOf(draft),
    smtp: ownSmtp ? smtpOf(draft) : null,
    plusAddresses: draft.plusAddresses,
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
  return { ...known, oauth: givenOauth(oauth) }
}

function smtpOf({ smtp, sendsBy, comesBy, oauth, smtpOauth }: MailboxDraft): Body['smtp'] {
  const { password, port, ...place } = smtp
  const known = { ...place, port: Number(port) }
  if (sendsBy === 'password') return { ...known, password: password || undefined }
  return { ...known, oauth: givenOauth(sendsBy === 'same' && comesBy === 'oauth' ? oauth : smtpOauth) }
}

function givenOauth({ clientSecret, refreshToken, ...provider }: Oauth) {
  return { ...provider, clientSecret: clientSecret || undefined, refreshToken: refreshToken || undefined }
}

function textsOf(texts: Texts): Partial<Texts> {
  return Object.fromEntries(languages.flatMap((one) => (texts[one].trim() ? [[one, texts[one].trim()]] : [])))
}
