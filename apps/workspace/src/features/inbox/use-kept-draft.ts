import { contract, type Draft } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { withoutTurns } from '@lahko/contract/values'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '../../platform/api.ts'
import { showDraft, watchDraft } from './kept-drafts.ts'
import { keptText, stillIn } from './pictures-in-text.ts'
import type { Written } from './use-draft.ts'

const patienceMs = 600
/** Browsers let 64 kB go after a page that is left, with what was kept before; what is longer is kept at once. */
const mostWhileLeaving = 30_000

/**
 * Keeps on the server what is written in a ticket, a moment after the last letter.
 * @param before what was kept when it was read
 * @param onOther takes what is kept where another device wrote as well
 */
export function useKeptDraft(id: string, before: Draft | null, onOther: (kept: Draft) => void) {
  const [kept, setKept] = useState<'kept' | 'keeping' | 'failed'>('kept')
  // What the server does not hold for certain.
  const pending = useRef<Written>(undefined)
  const saving = useRef<Promise<void>>(undefined)
  // While it is sent, it is not kept.
  const held = useRef<PromiseWithResolvers<void>>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const exists = useRef(before !== null)
  // The text that is kept as far as is known here.
  const over = useRef(before?.text ?? '')
  const other = useRef(onOther)
  useEffect(() => {
    other.current = onOther
  })
  const last = useRef<Written>(undefined)

  // One request after the other, so that what is older never comes last.
  const keep = useCallback(
    async function again() {
      clearTimeout(timer.current)
      const now = pending.current
      if (!now || saving.current || held.current) return
      const isNothing = isEmpty(now) && !exists.current
      saving.current = (isNothing ? Promise.resolve(undefined) : save(id, now, over.current)).then(
        (kept) => {
          const text = tidy(draftOf(now).text)
          exists.current = kept !== undefined && (!isEmpty(now) || kept.text !== text)
          over.current = text
          // What is typed on first goes to where it was begun.
          if (kept && kept.text !== text && last.current === now && !held.current) {
            over.current = kept.text
            other.current(kept)
          }
          if (pending.current === now) pending.current = undefined
          setKept(pending.current ? 'keeping' : 'kept')
        },
        () => setKept('failed'),
      )
      await saving.current
      saving.current = undefined
      if (pending.current && pending.current !== now)
        timer.current = setTimeout(() => void again(), waitFor(pending.current))
    },
    [id],
  )

  const keepSoon = useCallback(
    (next: Written) => {
      pending.current = next
      last.current = next
      clearTimeout(timer.current)
      if (!held.current) timer.current = setTimeout(() => void keep(), waitFor(next))
      setKept('keeping')
    },
    [keep],
  )
  /** It is to be sent: nothing of it is on its way any more, so that it does not come back as a draft. */
  const hold = useCallback(async () => {
    held.current ??= Promise.withResolvers()
    clearTimeout(timer.current)
    await saving.current
  }, [])
  /** It was not sent. */
  const release = useCallback(() => {
    held.current?.resolve()
    held.current = undefined
    if (pending.current) keepSoon(pending.current)
  }, [keepSoon])
  /** It was sent, and the server has dropped it. @param rest what was typed meanwhile */
  const drop = useCallback(
    (rest: Written) => {
      exists.current = false
      over.current = ''
      last.current = rest
      pending.current = isEmpty(rest) ? undefined : rest
      showDraft(id, pending.current ? draftOf(rest) : null)
      setKept('kept')
      release()
    },
    [id, release],
  )
  /** What the server holds was found out. @param typed something is written already over what was cached */
  const find = useCallback((found: Draft | null, typed: boolean) => {
    exists.current = found !== null || (typed && exists.current)
    if (!typed) over.current = found?.text ?? ''
  }, [])
  useEffect(() => {
    const settled = async () => {
      await held.current?.promise
      await saving.current
      await keep()
    }
    const leave = watchDraft(id, settled)
    return () => {
      if (last.current) showDraft(id, isEmpty(last.current) ? null : draftOf(last.current))
      leave()
    }
  }, [id, keep])
  useEffect(() => watchLeaving(id, pending, over), [id])
  /** The text that is kept as far as is known here. */
  const known = useCallback(() => over.current, [])
  return { kept, keepSoon, hold, release, drop, find, known }
}

/** What was written in the last moment is sent after the page; what is too long for that holds the page. */
function watchLeaving(
  id: string,
  pending: { readonly current: Written | undefined },
  over: { readonly current: string },
): () => void {
  const stop = new AbortController()
  const { signal } = stop
  const leaving = () => {
    if (pending.current) keepWhileLeaving(id, pending.current, over.current)
  }
  // The browser asks whether to leave, and it is kept before that is answered.
  const asking = (event: BeforeUnloadEvent) => {
    if (pending.current && isLong(pending.current)) event.preventDefault()
  }
  window.addEventListener('pagehide', leaving, { signal })
  window.addEventListener('beforeunload', asking, { signal })
  return () => stop.abort()
}

function save(id: string, written: Written, over: string): Promise<Draft> {
  return api.tickets.saveDraft({ params: { id }, body: { ...draftOf(written), over } })
}

/** A text as the server keeps it: a space that was just typed is not in it yet. */
function tidy(text: string): string {
  return withoutTurns(text).trim()
}

function keepWhileLeaving(id: string, written: Written, over: string): void {
  void fetch(addressOf(contract.tickets.saveDraft, { params: { id } }), {
    method: contract.tickets.saveDraft.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...draftOf(written), over }),
    keepalive: true,
  }).catch(() => undefined)
}

function waitFor(written: Written): number {
  return isLong(written) ? 0 : patienceMs
}

/** Whether it is too long to be sent after a page that is left. */
function isLong(written: Written): boolean {
  return new TextEncoder().encode(JSON.stringify(draftOf(written))).length > mostWhileLeaving
}

function isEmpty({ kind, text, files, messageIds }: Written): boolean {
  return text.trim() === '' && files.length === 0 && (kind !== 'forward' || messageIds.length === 0)
}

/** Pictures within the text are named as well: what no draft names is forgotten after a while. */
function draftOf({ files, pictures, text, ...rest }: Written): Draft {
  const fileIds = [...files, ...stillIn(text, pictures)].map(({ id }) => id)
  return { ...rest, text: keptText(text, pictures), fileIds: [...new Set(fileIds)] }
}
