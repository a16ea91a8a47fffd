import type { Attachment, Draft, MailAddress, Ticket } from '@lahko/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { fileAddress } from './attachments.tsx'
import { isSameDraft, readDraft } from './kept-drafts.ts'
import { shownText, stillIn, type PictureInText } from './pictures-in-text.ts'
import { useKeptDraft } from './use-kept-draft.ts'
import { addedTo } from './writing-text.ts'
import { setWriting } from './writing.ts'

/** What is being written, as the composer holds it. */
export type Written = {
  kind: Draft['kind']
  text: string
  recipients: MailAddress[]
  copies: MailAddress[]
  blindCopies: MailAddress[]
  /** The own address from which it leaves, where another one was chosen than the usual. */
  from?: string
  /** Below the text. */
  files: Attachment[]
  /** Within it, and those that were. */
  pictures: PictureInText[]
  /** What is forwarded. */
  messageIds: string[]
  /** Whose text was taken. */
  macroId?: string
  /** What it would do, and does not. */
  leftOut?: Draft['leftOut']
  /** Up to which entry its writer had read the conversation. */
  seen?: string
}

/** What is being written, kept on the server a moment after the last letter. */
export function useDraft(ticket: Ticket) {
  const { id } = ticket
  const [written, setWritten] = useState<Written>(() => begun(ticket, ticket.draft))
  const latest = useRef(written)
  const touched = useRef(false)
  const put = useCallback((next: Written) => {
    latest.current = next
    setWritten(next)
  }, [])
  const { kept, keepSoon, drop, find, hold, release, known } = useKeptDraft(id, ticket.draft, (other) => {
    const { kind, macroId, leftOut } = other
    put({ ...latest.current, kind, ...shownText(other.text), macroId, leftOut })
    void Promise.all(attachedIn(other).map(describe)).then((files) => put({ ...latest.current, files }))
  })
  const write = useCallback(
    (part: Partial<Written> | ((before: Written) => Partial<Written>)) => {
      const before = latest.current
      const next = { ...before, ...(typeof part === 'function' ? part(before) : part) }
      touched.current = true
      put(next)
      keepSoon(next)
    },
    [put, keepSoon],
  )
  /** What they have read meanwhile is kept with the next letter. */
  const see = useCallback((seen: string) => put({ ...latest.current, seen }), [put])
  const take = useCallback(
    (draft: Draft | null) => {
      find(draft, touched.current)
      // What was typed before it was known here is put together with it by the server.
      if (touched.current) keepSoon(latest.current)
      else put({ ...begun(ticket, draft), seen: draft?.seen ?? latest.current.seen })
    },
    [ticket, find, keepSoon, put],
  )
  const taken = useFound(ticket, take, (files) => put({ ...latest.current, files }))

  /** After it was sent: what was typed since stays. @param seen the message that it is now. @returns whether nothing stays */
  const forget = useCallback(
    (sent: Written, seen: string) => {
      const { kind } = latest.current
      const rest = { ...empty(ticket), ...unsent(sent, latest.current), kind: kind === 'note' ? kind : 'reply', seen }
      put(rest as Written)
      drop(rest as Written)
      return rest.text === ''
    },
    [ticket, put, drop],
  )

  const isWriting = written.text.trim() !== '' || written.messageIds.length > 0
  useEffect(() => {
    setWriting(isWriting ? id : undefined)
    return () => setWriting(undefined)
  }, [id, isWriting])
  return { written, write, see, forget, kept, taken, hold, release, known }
}

/**
 * Takes what the server has where that is something else than what was cached, and finds out what its files are called.
 * @returns how often something else was taken
 */
function useFound(ticket: Ticket, take: (draft: Draft | null) => void, onFiles: (files: Attachment[]) => void): number {
  const { id } = ticket
  const [cached] = useState(ticket.draft)
  const [first, setFirst] = useState(cached)
  const [taken, setTaken] = useState(0)
  const latest = useRef({ take, onFiles })
  useEffect(() => {
    latest.current = { take, onFiles }
  })
  useEffect(() => {
    let left = false
    const onRead = (draft: Ticket['draft']) => {
      if (left || isSameDraft(draft, cached)) return
      latest.current.take(draft)
      setFirst(draft)
      setTaken((count) => count + 1)
    }
    // What cannot be read is as it was cached.
    readDraft(id).then(onRead, () => undefined)
    return () => {
      left = true
    }
  }, [id, cached])
  useEffect(() => {
    const ids = attachedIn(first)
    if (ids.length > 0) void Promise.all(ids.map(describe)).then((files) => latest.current.onFiles(files))
  }, [first])
  return taken
}

function begun(ticket: Ticket, draft: Draft | null): Written {
  if (!draft) return empty(ticket)
  const { kind, recipients, copies, blindCopies, messageIds, seen, macroId, leftOut } = draft
  // An address can be taken from its mailbox.
  const from = ticket.mailbox?.addresses.find((one) => one === draft.from)
  const { text, pictures } = shownText(draft.text)
  const isGiven = recipients.length > 0 || kind === 'forward'
  const said = { kind, text, pictures, copies, blindCopies, from, messageIds, seen, macroId, leftOut }
  return { ...empty(ticket), ...said, ...(isGiven && { recipients }) }
}

/** What was typed and attached while something else was on its way. */
function unsent(sent: Written, now: Written): Partial<Written> & { text: string } {
  const text = addedTo(sent.text, now.text).trimStart()
  const files = now.files.filter(({ id }) => sent.files.every((file) => file.id !== id))
  return { text, files, pictures: stillIn(text, now.pictures) }
}

function empty({ replyTo }: Ticket): Written {
  const nobody = { copies: [], blindCopies: [] }
  return { kind: 'reply', text: '', recipients: replyTo, ...nobody, files: [], pictures: [], messageIds: [] }
}

/** What turns into a forward goes to nobody yet, and what turns back goes to whoever asked: neither to the other. */
export function turned({ replyTo }: Ticket, before: Written, kind: Written['kind']): Partial<Written> {
  const crosses = (kind === 'forward') !== (before.kind === 'forward')
  if (!crosses) return { kind }
  return { kind, recipients: kind === 'forward' ? [] : replyTo, copies: [], blindCopies: [], messageIds: [] }
}

/** The files of a draft that stand below its text. */
function attachedIn(draft: Draft | null): string[] {
  const within = new Set(shownText(draft?.text ?? '').pictures.map(({ id }) => id))
  return (draft?.fileIds ?? []).filter((id) => !within.has(id))
}

/** What a file is called that was attached on another device. */
async function describe(id: string): Promise<Attachment> {
  const { headers } = await fetch(fileAddress(id), { method: 'HEAD' })
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(headers.get('content-disposition') ?? '') ?? []
  const [, plain] = /filename="([^"]*)"/i.exec(headers.get('content-disposition') ?? '') ?? []
  return {
    id,
    name: encoded ? decodeURIComponent(encoded) : (plain ?? ''),
    mediaType: headers.get('content-type') ?? '',
    size: Number(headers.get('content-length') ?? 0),
    contentId: null,
  }
}
