import type { Ticket } from '@lahko/contract'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { AttachedFiles } from './attached-files.tsx'
import { ComposerFoot } from './composer-foot.tsx'
import { ComposerHead } from './composer-head.tsx'
import { ForwardedMessages } from './forwarded-messages.tsx'
import { MacroChips } from './macro-chips.tsx'
import { NewerNote } from './newer-note.tsx'
import type { Misread } from './recipients.tsx'
import { forgetRestored, useRestored } from './sent.ts'
import { useComposerEvents } from './use-composer-events.ts'
import { turned, useDraft, type Written } from './use-draft.ts'
import { useFiles } from './use-files.ts'
import { staysNote, useForward } from './use-forward.ts'
import { useMacro } from './use-macro.ts'
import { useNewest } from './use-newest.ts'
import { isSendable, useSending, type How } from './use-sending.ts'
import { putIn } from './pictures-in-text.ts'
import { InsertArticle } from './insert-article.tsx'
import { mark, markedIn, WritingField } from './writing-field.tsx'

/** Where a reply or a note is written. */
export function Composer({ ticket }: { ticket: Ticket }) {
  const { id } = ticket
  const restored = useRestored(id)
  useEffect(() => () => forgetRestored(id), [id])
  const begun = restored ? { ...ticket, draft: { ...restored.draft, updatedAt: ticket.updatedAt } } : ticket
  return <Writing key={restored?.times} ticket={begun} focused={restored !== undefined} />
}

function Writing({ ticket, focused }: { ticket: Ticket; focused: boolean }) {
  const { id } = ticket
  const draft = useDraft(ticket)
  const { written, write } = draft
  const field = useRef<HTMLTextAreaElement>(null)
  const macro = useMacro(id, draft)
  const newest = useNewest(id, draft)
  const [inserting, setInserting] = useState(false)
  const insert = useInsertion(field, write)
  const files = useFiles({ field, draft })
  const [misread] = useState<Misread>(() => new Map())
  const sending = useSending({ ticket, draft, macro, newest, misread })
  const form = useRef<HTMLFormElement>(null)
  const forward = useForward(ticket, draft, () => focusLater(form, field))
  const turn = (kind: Written['kind']) => {
    if (kind === 'forward') return forward.begin()
    write((before) => turned(ticket, before, kind))
    field.current?.focus()
  }
  // Whoever chooses a tab means the text that stands there; a key may be meant for an empty field.
  const turnByKey = (kind: Written['kind']) => {
    if (kind === 'note' || !staysNote(written)) turn(kind)
    else field.current?.focus()
  }
  // What is on its way belongs to the text, and what a macro does besides.
  const waits = files.waiting > 0 || macro.waits
  const send = (how: How) => void (!waits && sending.send(how))
  useComposerKeys({
    turn: turnByKey,
    insert: () => setInserting(true),
    send: () => send({}),
    writes: isSendable(written),
  })
  const dragged = useComposerEvents(form, { onFiles: files.paste, onSolve: () => send({ solve: true }) })
  return (
    <div className="in-compose">
      <NewerNote
        newest={newest}
        onSendAnyway={sending.stopped ? () => sending.send({ ...sending.stopped, read: true }) : undefined}
      />
      <form
        ref={form}
        className="composer"
        aria-label={t('inbox.composer')}
        data-dragged={dragged || undefined}
        onSubmit={(event) => (event.preventDefault(), send({}))}
      >
        <ComposerHead
          ticket={ticket}
          written={written}
          write={write}
          kept={draft.kept}
          filled={forward.times + draft.taken}
          misread={misread}
          onTurn={turn}
        />
        <WritingField
          ticket={ticket}
          field={field}
          focused={focused}
          written={written}
          write={write}
          onFiles={files.paste}
          onMacro={macro.take}
        />
        {written.kind === 'forward' && (
          <ForwardedMessages
            ids={written.messageIds}
            messages={forward.messages}
            onChange={(messageIds) => write({ messageIds })}
          />
        )}
        <MacroChips macro={macro} />
        <AttachedFiles written={written} write={write} waiting={files.waiting} />
        <ComposerFoot
          onArticle={() => setInserting(true)}
          field={field}
          written={written}
          write={write}
          onFiles={files.attach}
          sending={sending}
          waits={waits}
        />
      </form>
      <Hints />
      {inserting && <InsertArticle ticket={ticket} onPick={insert} onClose={() => setInserting(false)} />}
    </div>
  )
}

/** Puts words where the cursor stands, once the dialog that chose them has given the keyboard back. */
function useInsertion(field: RefObject<HTMLTextAreaElement | null>, write: (part: Partial<Written>) => void) {
  return (words: string) =>
    setTimeout(() => {
      if (!field.current) return
      const marked = putIn(markedIn(field.current), words)
      write({ text: marked.text })
      mark(field, marked)
    })
}

/** To whom it goes is asked first, since nobody is to be told by mistake. */
function focusLater(form: RefObject<HTMLFormElement | null>, field: RefObject<HTMLTextAreaElement | null>): void {
  requestAnimationFrame(() => {
    const to = form.current?.querySelector<HTMLInputElement>('.in-recipients input')
    if (to && to.value === '') to.focus()
    else field.current?.focus()
  })
}

function useComposerKeys(given: {
  turn: (kind: Written['kind']) => void
  insert: () => void
  send: () => void
  writes: boolean
}): void {
  const group = t('inbox.inbox')
  const { turn, insert, send, writes } = given
  useAction({ id: 'in.reply', group, name: t('inbox.reply'), icon: 'mail', keys: 'r', run: () => turn('reply') })
  useAction({ id: 'in.note', group, name: t('inbox.note'), icon: 'note', keys: 'n', run: () => turn('note') })
  useAction({ id: 'in.forward', group, name: t('inbox.forward'), icon: 'right', keys: 'f', run: () => turn('forward') })
  useAction({ id: 'in.article', group, name: t('articles.insert'), icon: 'book', keys: 'i', run: insert })
  useAction(
    writes ? { id: 'in.send', group, name: t('inbox.send'), icon: 'right', keys: 'mod+enter', run: send } : null,
  )
}

function Hints() {
  const hints = [
    [['j', 'k'], t('inbox.hint.move')],
    [['a'], t('inbox.hint.assign')],
    [['#'], t('inbox.hint.tag')],
    [['.'], t('inbox.hint.next')],
    [['?'], t('inbox.hint.all')],
  ] as const
  return (
    <p className="in-hints">
      {hints.map(([keys, words]) => (
        <span key={words}>
          {keys.map((key) => (
            <span key={key} className="kbd">
              {key}
            </span>
          ))}{' '}
          {words}
        </span>
      ))}
    </p>
  )
}
