import type { Attachment, Draft, MailAddress, Ticket } from '@lahko/contract'
import { useCallback, useEffect, useRef, useState } from 'react'
import { fileAddress } from './attachments.tsx'
import { shownText, type PictureInText } from './pictures-in-text.ts'
import { useKeptDraft } from './use-kept-draft.ts'
import { setWriting } from './writing.ts'

/** What is being written, as the composer holds it. */
export type Written = {
  kind: Draft['kind']
  text: string
  recipients: MailAddress[]
  copies: MailAddress[]
  blindCopies: MailAddress[]
  /** Below the text. */
  files: Attachment[]
  /** Within it, and those that were. */
  pictures: PictureInText[]
  /** What is forwarded. */
  messageIds: string[]
}

/** What is being written, kept on the server a moment after the last letter. */
export function useDraft(ticket: Ticket) {
  const { id } = ticket
  const [written, setWritten] = useState<Written>(() => begun(ticket))
  const keeping = useKeptDraft(id, ticket.draft !== null)
  const { keepSoon, drop } = keeping

  const latest = useRef(written)
  const put = useCallback((next: Written) => {
    latest.current = next
    setWritten(next)
  }, [])
  const write = useCallback(
    (part: Partial<Written> | ((before: Written) => Partial<Written>)) => {
      const before = latest.current
      const next = { ...before, ...(typeof part === 'function' ? part(before) : part) }
      put(next)
      keepSoon(next)
    },
    [put, keepSoon],
  )

  /** After it was sent: the server has dropped the draft with it. */
  const forget = useCallback(() => {
    drop()
    put({ ...empty(ticket), kind: latest.current.kind === 'note' ? 'note' : 'reply' })
  }, [ticket, put, drop])

  const isWriting = written.text.trim() !== '' || written.messageIds.length > 0
  useEffect(() => {
    setWriting(isWriting ? id : undefined)
    return () => setWriting(undefined)
  }, [id, isWriting])
  // What was there at the beginning is not known by name.
  const [first] = useState(() => attachedIn(ticket))
  useEffect(() => {
    if (first.length === 0) return
    void Promise.all(first.map(describe)).then((files) => put({ ...latest.current, files }))
  }, [first, put])
  return { written, write, forget, kept: keeping.kept, stop: keeping.stop }
}

function begun(ticket: Ticket): Written {
  const { draft } = ticket
  if (!draft) return empty(ticket)
  const { kind, recipients, copies, blindCopies, messageIds } = draft
  const { text, pictures } = shownText(draft.text)
  const isGiven = recipients.length > 0 || kind === 'forward'
  return { ...empty(ticket), kind, text, pictures, copies, blindCopies, messageIds, ...(isGiven && { recipients }) }
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
function attachedIn({ draft }: Ticket): string[] {
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
