import type { Ticket } from '@lahko/contract'
import { useState } from 'react'
import { api, problemOf } from '../../platform/api.ts'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { changeQuietly } from './changing.ts'
import { refreshTickets } from './inbox-data.ts'
import { focusReading, showEnd } from './keep-end.ts'
import { nothingMissing, sayWhatFailed } from './missing-fields.ts'
import { openNext } from './next-ticket.ts'
import { keptText } from './pictures-in-text.ts'
import type { Misread } from './recipients.tsx'
import { useSendingOnce } from './sending-once.ts'
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
  /** What of its recipients could not be read. */
  misread: Misread
}
export type Sending = ReturnType<typeof useSending>

const kept = 'lahko.after-send'

/** Sends what is written: once, however often it is pressed; what is refused stays as it was written. */
export function useSending({ ticket, draft, macro, newest, misread }: Given) {
  const [busy, setBusy] = useState(false)
  const [stopped, setStopped] = useState<How>()
  const [nextAfter, setNextAfter] = useState(() => localStorage.getItem(kept) === 'next')
  const once = useSendingOnce()

  const post = async (how: How) => {
    const body = bodyOf(how)
    const idempotencyKey = once.keyOf(body)
    const message = await api.tickets.write({
      params: { id: ticket.id },
      body: { ...body, over: draft.known() },
      idempotencyKey,
    })
    once.next()
    return message
  }

  const bodyOf = ({ solve, at, read }: How) => {
    const { kind, text, pictures, recipients, copies, blindCopies, from, files, messageIds, macroId, leftOut } =
      draft.written
    const isMail = kind !== 'note'
    return {
      kind,
      text: keptText(text, pictures),
      ...(isMail && { recipients, copies, blindCopies, from }),
      ...(kind === 'forward' && { messageIds }),
      fileIds: files.map(({ id }) => id),
      status: solve ? ('solved' as const) : macro.taken?.actions.status,
      sendAt: isMail ? at?.toISOString() : undefined,
      seen: read ? newest.newest : newest.seen,
      macroId,
      leftOut,
    }
  }

  /** What a macro does besides; it fails by itself, the message stands. */
  const changeBesides = async () => {
    const part = macro.taken && changeOf(macro.taken.actions, macro.ownId)
    try {
      return part && (await changeQuietly(ticket.id, part))
    } catch (error) {
      sayWhatFailed(error)
      return undefined
    }
  }

  const send = async (how: How) => {
    const { written } = draft
    const wrong = [...misread.values()].flat()
    if (busy || !isSendable(written)) return
    if (wrong.length > 0) return say(t('inbox.notSentWrong', { wrong: wrong.join(', ') }))
    if (written.kind !== 'note' && written.recipients.length === 0) return say(t('inbox.toNobody'))
    setBusy(true)
    await draft.hold()
    try {
      const message = await post(how)
      nothingMissing()
      const isAll = draft.forget(written, message.id)
      setStopped(undefined)
      if (isAll) focusReading()
      await after(message.id, written, how)
    } catch (error) {
      draft.release()
      if (problemOf(error)?.code === 'replying.newer_message') {
        setStopped(how)
        newest.stop()
        void refreshTickets()
      } else sayWhatFailed(error)
    } finally {
      setBusy(false)
    }
  }

  /** It stands in the ticket: says so, and goes on. */
  const after = async (messageId: string, { kind, recipients }: Written, how: How) => {
    const undo = await changeBesides()
    if (kind === 'note') say(t('inbox.noteAdded'))
    else if (how.at) say(t('inbox.isScheduled'))
    else {
      const to = recipients[0]?.name || recipients[0]?.address || ''
      setSent({ messageId, ticketId: ticket.id, kind, to, until: Date.now() + undoMs, undo })
    }
    void refreshTickets().then(showEnd)
    if (how.next || nextAfter) await openNext(ticket.id)
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

/** A forward says enough by what is in it, and so do files. */
export function isSendable({ kind, text, files, messageIds }: Written): boolean {
  return kind === 'forward' ? messageIds.length > 0 : text.trim() !== '' || files.length > 0
}
