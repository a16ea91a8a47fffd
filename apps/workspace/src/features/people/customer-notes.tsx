import type { CustomerNote } from '@lahko/contract'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries, sayProblem } from '../../platform/api.ts'
import { Field } from '../../platform/field.tsx'
import { moment } from '../../platform/format.ts'
import { Banner, Failed } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { useMay } from '../shell/me.ts'

/** What members should know of a customer, for members alone. */
export function CustomerNotes({ id }: { id: string }) {
  const mayRead = useMay('tickets.read')
  const mayWrite = useMay('tickets.write')
  const notes = useInfiniteQuery({
    queryKey: ['customerNotes', id],
    queryFn: ({ pageParam, signal }) =>
      api.people.listNotes({ params: { id }, query: { after: pageParam, limit: 20 }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    enabled: mayRead,
  })
  const rows = notes.data?.pages.flatMap(({ items }) => items) ?? []
  if (!mayRead || (!mayWrite && rows.length === 0)) return null
  return (
    <section className="pe-person" aria-labelledby="notes">
      <h2 id="notes">{t('people.notes')}</h2>
      {notes.isError && <Failed error={notes.error} retry={() => void notes.refetch()} />}
      <ul className="rows">
        {rows.map((note) => (
          <Note key={note.id} note={note} customerId={id} mayWrite={mayWrite} />
        ))}
      </ul>
      <More {...notes} />
      {mayWrite && <Write customerId={id} />}
    </section>
  )
}

const refresh = (id: string) => queries.invalidateQueries({ queryKey: ['customerNotes', id] })

function Note({ note, customerId, mayWrite }: { note: CustomerNote; customerId: string; mayWrite: boolean }) {
  const putBack = () =>
    api.people
      .addNote({ params: { id: customerId }, body: { text: note.text } })
      .then(() => refresh(customerId), sayFailure)
  const remove = async () => {
    try {
      await api.people.removeNote({ params: { id: note.id } })
      await refresh(customerId)
      say(t('people.noteRemoved'), () => void putBack())
    } catch (error) {
      sayFailure(error)
    }
  }
  return (
    <li className="pe-line">
      <div>
        <p className="pe-note">{note.text}</p>
        <p className="quiet">{[note.by?.name, moment(note.at)].filter(Boolean).join(' · ')}</p>
      </div>
      {mayWrite && (
        <button className="button" data-size="small" data-tone="plain" type="button" onClick={() => void remove()}>
          {t('people.removeNote')}
        </button>
      )}
    </li>
  )
}

function Write({ customerId }: { customerId: string }) {
  const [text, setText] = useState('')
  const add = useMutation({
    mutationFn: () => api.people.addNote({ params: { id: customerId }, body: { text } }),
    onSuccess: async () => {
      setText('')
      await refresh(customerId)
    },
  })
  const problem = problemAt(add.error, 'text')
  return (
    <form className="stack" noValidate onSubmit={(event) => (event.preventDefault(), add.mutate())}>
      {add.isError && !problem && (
        <Banner tone="bad" alert>
          <p>{sayProblem(add.error)}</p>
        </Banner>
      )}
      <Field label={t('people.newNote')} hint={t('people.newNoteHint')} problem={problem}>
        {(field) => (
          <textarea
            className="input"
            rows={2}
            maxLength={5000}
            {...field}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        )}
      </Field>
      <div className="buttons">
        <button className="button" data-size="small" type="submit" disabled={add.isPending}>
          {t('people.addNote')}
        </button>
      </div>
    </form>
  )
}
