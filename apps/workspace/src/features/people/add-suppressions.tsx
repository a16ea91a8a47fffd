import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { Field } from '../../platform/field.tsx'
import { number } from '../../platform/format.ts'
import { Trouble } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { addressesIn } from './addresses.ts'
import { readSuppressions } from './suppression-data.ts'

const largestFile = 20_000_000
const wrongShown = 5

/** Addresses to write to no more: one, a list that is pasted, or a file that another program kept. */
export function AddSuppressions() {
  const mayImport = useMay('responses.import')
  const [text, setText] = useState('')
  const { batches, count, wrong } = addressesIn(text)
  const add = useMutation({
    mutationFn: () => send(batches, count),
    onSuccess: (added) => {
      setText('')
      say(t('people.added', { count: added, shown: number(added) }))
    },
    onSettled: readSuppressions,
  })
  const read = async (file: File | undefined) => {
    if (!file) return
    if (file.size > largestFile) say(t('people.fileTooLarge'))
    else setText(await file.text())
  }
  return (
    <form className="pe-add" onSubmit={(event) => (event.preventDefault(), add.mutate())}>
      <Trouble error={add.error} />
      <Field label={t('people.addAddresses')} hint={t(mayImport ? 'people.addHint' : 'people.addOneHint')}>
        {(field) => (
          <textarea
            className="input"
            rows={text.length > 200 ? 8 : 2}
            spellCheck={false}
            value={text}
            onChange={({ target }) => setText(target.value)}
            {...field}
          />
        )}
      </Field>
      {mayImport && (
        <Field label={t('people.fromFile')}>
          {(field) => (
            <input
              // Sent: the next file is another one.
              key={add.submittedAt}
              type="file"
              accept=".csv,.txt,.tsv,text/csv,text/plain"
              onChange={({ target }) => void read(target.files?.[0])}
              {...field}
            />
          )}
        </Field>
      )}
      {wrong.length > 0 && (
        <p className="problem" aria-live="polite">
          {t('people.wrongAddresses', { count: wrong.length, some: wrong.slice(0, wrongShown).join(', ') })}
        </p>
      )}
      <p>
        <button
          className="button"
          data-tone="accent"
          disabled={add.isPending || count === 0 || (count > 1 && !mayImport)}
        >
          {count > 1 ? t('people.addMany', { count, shown: number(count) }) : t('people.addOne')}
        </button>
      </p>
    </form>
  )
}

/** @returns how many were not on the list before */
async function send(batches: readonly string[][], count: number): Promise<number> {
  const [first = []] = batches
  if (count === 1) {
    await api.people.suppress({ body: { address: first[0]!, reason: 'by_hand' } })
    return 1
  }
  let added = 0
  for (const addresses of batches) added += (await api.people.importSuppressions({ body: { addresses } })).added
  return added
}
