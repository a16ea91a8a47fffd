import type { Suppression } from '@lahko/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { Field, SelectField } from '../../platform/field.tsx'
import { number } from '../../platform/format.ts'
import { Trouble } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { addressesIn } from './addresses.ts'
import { readSuppressions } from './suppression-data.ts'

type Reason = Suppression['reason']

const largestFile = 20_000_000
const wrongShown = 5

/** Addresses to write to no more: one, a list that is pasted, or a file that another program kept. */
export function AddSuppressions() {
  const mayImport = useMay('responses.import')
  const [text, setText] = useState('')
  const { batches, count, wrong } = addressesIn(text)
  const usual = count > 1 ? 'imported' : 'by_hand'
  const [known, setKnown] = useState<Reason>()
  const add = useMutation({
    mutationFn: () => send(batches, known ?? usual),
    onSuccess: (added) => {
      setText('')
      setKnown(undefined)
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
      {count > 0 && (
        <SelectField<Reason>
          label={t('people.reason')}
          value={known ?? usual}
          options={([usual, 'unsubscribed', 'bounced', 'complained'] as const).map((one) => [
            one,
            t(`people.reason.${one}`),
          ])}
          onChange={setKnown}
        />
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
async function send(batches: readonly string[][], reason: Reason): Promise<number> {
  const [first = []] = batches
  if (batches.length === 1 && first.length === 1) {
    await api.people.suppress({ body: { address: first[0]!, reason } })
    return 1
  }
  let added = 0
  for (const addresses of batches) added += (await api.people.importSuppressions({ body: { addresses, reason } })).added
  return added
}
