import type { Ticket } from '@lahko/contract'
import { useRef, useState } from 'react'
import { api, problemOf } from '../../platform/api.ts'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { changeQuietly } from './changing.ts'
import { refreshTickets } from './inbox-data.ts'
import { focusReading, showEnd } from './keep-end.ts'
import { sayWhatFailed } from './missing-fields.ts'
import { openNext } from './next-ticket.ts'
import { keptText } from './pictures-in-text.ts'
import { setSent, undoMs } from './sent.ts'
import type { useDraft, Written } from './use-draft.ts'
import { changeOf, type useMacro } from './use-macro.ts'
import type { useNewest } from './use-newest.ts'

/** How something is sent: with which status, when, and what is opened then. */
export type How = {
  solve?: boolean
  next?: boolean
  at?: Date
  /** Its writer has read what came meanwhile. */
  read?: boolean
}

type Given = {
  ticket: Ticket
  draft: ReturnType<typeof useDraft>
  macro: ReturnType<typeof useMacro>
  newest: ReturnType<typeof useNewest>
}
export type Sending = ReturnType<typeof useSending>

const kept = 'lahko.after-send'

/** Sends what is written: once, however often it is pressed; what is refused stays as it was written. */
export function useSending({ ticket, draft, macro, newest }: Given) {
  const [busy, setBusy] = useState(false)
  const [stopped, setStopped] = useState<How>()
  const [nextAfter, setNextAfter] = useState(() => localStorage.getItem(kept) === 'next')
  const attempt = useRef<{ of: string; key: string }>(undefined)

  const post = async (how: How) => {
    const body = bodyOf(how)
    const of = JSON.stringify(body)
    // The same words sent again are the same message, whatever became of the first attempt.
    if (attempt.current?.of !== of) attempt.current = { of, key: newKey() }
    const message = await api.tickets.write({
      params: { id: ticket.id },
      body,
      idempotencyKey: attempt.current.key,
    })
    attempt.current = undefined
    return message
  }

  const bodyOf = ({ solve, at, read }: How) => {
    const { kind, text, pictures, recipients, copies, blindCopies, files, messageIds } = draft.written
    const isMail = kind !== 'note'
    return {
      kind,
      text: keptText(text, pictures),
      ...(isMail && { recipients, copies, blindCopies }),
      ...(kind === 'forward' && { messageIds }),
      fileIds: files.map(({ id }) => id),
      status: solve ? ('solved' as const) : macro.taken?.actions.status,
      sendAt: isMail ? at?.toISOString() : undefined,
      seen: read ? newest.newest : newest.seen,
      macroId: macro.taken?.id,
    }
  }

  const send = async (how: How) => {
    const { kind, recipients } = draft.written
    if (busy || !isSendable(draft.written)) return
    if (kind !== 'note' && recipients.length === 0) return say(t('inbox.toNobody'))
    setBusy(true)
    await draft.stop()
    try {
      const message = await post(how)
      const part = macro.taken && changeOf(macro.taken.actions, macro.ownId)
      const undo = part ? await changeQuietly(ticket.id, part) : undefined
      draft.forget()
      macro.drop()
      setStopped(undefined)
      focusReading()
      if (kind === 'note') say(t('inbox.noteAdded'))
      else if (how.at) say(t('inbox.isScheduled'))
      else {
        const to = recipients[0]?.name || recipients[0]?.address || ''
        setSent({ messageId: message.id, ticketId: ticket.id, kind, to, until: Date.now() + undoMs, undo })
      }
      void refreshTickets().then(showEnd)
      if (how.next || nextAfter) await openNext(ticket.id)
    } catch (error) {
      if (problemOf(error)?.code === 'replying.newer_message') {
        setStopped(how)
        newest.stop()
        void refreshTickets()
      } else sayWhatFailed(error)
    } finally {
      setBusy(false)
    }
  }
  return {
    busy,
    stopped,
    send: (how: How) => void send(how),
    nextAfter,
    setNextAfter: (on: boolean) => {
      setNextAfter(on)
      localStorage.setItem(kept, on ? 'next' : 'stay')
    },
  }
}

/** A forward says enough by what is in it. */
export function isSendable({ kind, text, messageIds }: Written): boolean {
  return kind === 'forward' ? messageIds.length > 0 : text.trim() !== ''
}

/** Pages without TLS have no `randomUUID`. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
