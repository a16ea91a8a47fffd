import type { Ticket } from '@lahko/contract'
import { useEffect, useRef } from 'react'
import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { AttachedFiles } from './attached-files.tsx'
import { ComposerFoot } from './composer-foot.tsx'
import { ComposerHead } from './composer-head.tsx'
import { MacroChips } from './macro-chips.tsx'
import { NewerNote } from './newer-note.tsx'
import { forgetRestored, useRestored } from './sent.ts'
import { useComposerEvents } from './use-composer-events.ts'
import { useDraft } from './use-draft.ts'
import { useFiles } from './use-files.ts'
import { useMacro } from './use-macro.ts'
import { useNewest } from './use-newest.ts'
import { useSending, type How } from './use-sending.ts'
import { WritingField } from './writing-field.tsx'

/** Where a reply or a note is written. */
export function Composer({ ticket }: { ticket: Ticket }) {
  const { id } = ticket
  const restored = useRestored(id)
  useEffect(() => () => forgetRestored(id), [id])
  const begun = restored ? { ...ticket, draft: { ...restored.draft, updatedAt: ticket.updatedAt } } : ticket
  return <Writing key={restored?.times} ticket={begun} focused={restored !== undefined} />
}

function Writing({ ticket, focused }: { ticket: Ticket; focused: boolean }) {
  const draft = useDraft(ticket)
  const { written, write } = draft
  const field = useRef<HTMLTextAreaElement>(null)
  const macro = useMacro()
  const newest = useNewest(ticket.id, written.text !== '')
  const files = useFiles({ field, draft })
  const sending = useSending({ ticket, draft, macro, newest })
  const turn = (kind: 'reply' | 'note') => {
    write({ kind })
    field.current?.focus()
  }
  // What is on its way belongs to the text.
  const send = (how: How) => void (files.waiting === 0 && sending.send(how))
  useComposerKeys({ turn, send: () => send({}), writes: written.text !== '' })
  const form = useRef<HTMLFormElement>(null)
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
        <ComposerHead ticket={ticket} written={written} write={write} kept={draft.kept} onTurn={turn} />
        <WritingField
          ticket={ticket}
          field={field}
          focused={focused}
          written={written}
          write={write}
          onFiles={files.paste}
          onMacro={macro.take}
        />
        <MacroChips macro={macro} />
        <AttachedFiles written={written} write={write} waiting={files.waiting} />
        <ComposerFoot
          field={field}
          written={written}
          write={write}
          onFiles={files.attach}
          sending={sending}
          waits={files.waiting > 0}
        />
      </form>
      <Hints />
    </div>
  )
}

function useComposerKeys(given: { turn: (kind: 'reply' | 'note') => void; send: () => void; writes: boolean }): void {
  const group = t('inbox.inbox')
  const { turn, send, writes } = given
  useAction({ id: 'in.reply', group, name: t('inbox.reply'), icon: 'mail', keys: 'r', run: () => turn('reply') })
  useAction({ id: 'in.note', group, name: t('inbox.note'), icon: 'note', keys: 'n', run: () => turn('note') })
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
