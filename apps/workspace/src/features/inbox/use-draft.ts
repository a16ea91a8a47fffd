import { contract, type Attachment, type Draft, type MailAddress, type Ticket } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../../platform/api.ts'
import { fileAddress } from './attachments.tsx'
import { keptText, shownText, stillIn, type PictureInText } from './pictures-in-text.ts'
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

const patienceMs = 600

/** What is being written, kept on the server a moment after the last letter. */
export function useDraft(ticket: Ticket) {
  const { id } = ticket
  const [written, setWritten] = useState<Written>(() => begun(ticket))
  const [kept, setKept] = useState<'kept' | 'keeping' | 'failed'>('kept')
  const pending = useRef<Written>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const exists = useRef(ticket.draft !== null)

  const keep = useCallback(async () => {
    clearTimeout(timer.current)
    const now = pending.current
    if (!now) return
    pending.current = undefined
    try {
      if (isEmpty(now)) {
        if (exists.current) await api.tickets.dropDraft({ params: { id } })
        exists.current = false
      } else {
        exists.current = true
        await api.tickets.saveDraft({ params: { id }, body: draftOf(now) })
      }
      setKept(pending.current ? 'keeping' : 'kept')
    } catch {
      setKept('failed')
    }
  }, [id])

  const write = useCallback(
    (part: Partial<Written> | ((before: Written) => Partial<Written>)) => {
      setWritten((before) => {
        const next = { ...before, ...(typeof part === 'function' ? part(before) : part) }
        pending.current = next
        return next
      })
      setKept('keeping')
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void keep(), patienceMs)
    },
    [keep],
  )

  /** After it was sent: the server has dropped the draft with it. */
  const forget = useCallback(() => {
    clearTimeout(timer.current)
    pending.current = undefined
    exists.current = false
    setKept('kept')
    setWritten((before) => ({ ...empty(ticket), kind: before.kind === 'note' ? 'note' : 'reply' }))
  }, [ticket])

  const isWriting = written.text.trim() !== '' || written.messageIds.length > 0
  useEffect(() => {
    setWriting(isWriting ? id : undefined)
    return () => setWriting(undefined)
  }, [id, isWriting])
  useEffect(() => () => void keep(), [keep])
  useEffect(() => {
    const leaving = () => {
      if (pending.current && !isEmpty(pending.current)) keepWhileLeaving(id, pending.current)
    }
    window.addEventListener('pagehide', leaving)
    return () => window.removeEventListener('pagehide', leaving)
  }, [id])
  // What was there at the beginning is not known by name.
  const [first] = useState(() => attachedIn(ticket))
  useEffect(() => {
    if (first.length === 0) return
    void Promise.all(first.map(describe)).then((files) => setWritten((before) => ({ ...before, files })))
  }, [first])
  return { written, write, forget, kept, stop: () => clearTimeout(timer.current) }
}

/** The page goes, and what was written in the last moment is sent after it. Browsers let 64 kB go so. */
function keepWhileLeaving(id: string, written: Written): void {
  void fetch(addressOf(contract.tickets.saveDraft, { params: { id } }), {
    method: contract.tickets.saveDraft.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(draftOf(written)),
    keepalive: true,
  }).catch(() => undefined)
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

function isEmpty({ kind, text, files, messageIds }: Written): boolean {
  return text.trim() === '' && files.length === 0 && (kind !== 'forward' || messageIds.length === 0)
}

/** What turns into a forward goes to nobody yet, and what turns back goes to whoever asked: neither to the other. */
export function turned({ replyTo }: Ticket, before: Written, kind: Written['kind']): Partial<Written> {
  const crosses = (kind === 'forward') !== (before.kind === 'forward')
  if (!crosses) return { kind }
  return { kind, recipients: kind === 'forward' ? [] : replyTo, copies: [], blindCopies: [], messageIds: [] }
}

/** Pictures within the text are named as well: what no draft names is forgotten after a while. */
function draftOf({ files, pictures, text, ...rest }: Written): Draft {
  const fileIds = [...files, ...stillIn(text, pictures)].map(({ id }) => id)
  return { ...rest, text: keptText(text, pictures), fileIds: [...new Set(fileIds)] }
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
