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

/** A customer or an organisation. */
type NotesAbout = { kind: 'customer' | 'organisation'; id: string }

/** What members should know of one, for members alone. */
export function Notes({ about }: { about: NotesAbout }) {
  const mayRead = useMay('tickets.read')
  const mayWrite = useMay('tickets.write')
  const notes = useInfiniteQuery({
    queryKey: keyOf(about),
    queryFn: ({ pageParam, signal }) =>
      callsOf(about).listNotes({ params: { id: about.id }, query: { after: pageParam, limit: 20 }, signal }),
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
          <Note key={note.id} note={note} about={about} mayWrite={mayWrite} />
        ))}
      </ul>
      <More {...notes} />
      {mayWrite && <Write about={about} />}
    </section>
  )
}

const keyOf = ({ kind, id }: NotesAbout) => ['notes', kind, id]
const callsOf = ({ kind }: NotesAbout) => (kind === 'customer' ? api.people : api.organisations)
const refresh = (about: NotesAbout) => queries.invalidateQueries({ queryKey: keyOf(about) })

function Note({ note, about, mayWrite }: { note: CustomerNote; about: NotesAbout; mayWrite: boolean }) {
  const putBack = () =>
    callsOf(about)
      .addNote({ params: { id: about.id }, body: { text: note.text } })
      .then(() => refresh(about), sayFailure)
  const remove = async () => {
    try {
      await api.people.removeNote({ params: { id: note.id } })
      await refresh(about)
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

function Write({ about }: { about: NotesAbout }) {
  const [text, setText] = useState('')
  const add = useMutation({
    mutationFn: () => callsOf(about).addNote({ params: { id: about.id }, body: { text } }),
    onSuccess: async () => {
      setText('')
      await refresh(about)
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
      <Field label={t('people.newNote')} hint={about.kind === 'customer' && t('people.newNoteHint')} problem={problem}>
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
