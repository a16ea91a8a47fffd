import type { TicketField } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Dialog } from '../../platform/dialog.tsx'
import { SelectField, TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { fieldsQuery, formQuery } from '../requests/form-data.ts'
import type { InboxSearch } from './inbox-search.ts'
import { languageIn, narrowingsQuery } from './narrowing-data.ts'

const route = getRouteApi('/inside/tickets')
type Part = Pick<InboxSearch, 'topic' | 'tag' | 'mailbox' | 'language' | 'organisation' | 'field'>

/** Narrows the list by what a ticket is about, by which way it came, and who asks. */
export function PickNarrowing({ onClose }: { onClose: () => void }) {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { topic, tag, mailbox, language, organisation, field } = search
  const [part, setPart] = useState<Part>({ topic, tag, mailbox, language, organisation, field })
  const put = (one: Part) => setPart({ ...part, ...one })
  const { data: form } = useQuery(formQuery)
  const { data: fields = [] } = useQuery(fieldsQuery)
  const { data: known } = useQuery(narrowingsQuery)
  const any = [['', t('inbox.any')]] as const
  const take = () => {
    onClose()
    void navigate({ search: (before) => ({ ...before, find: undefined, ...given(part) }) })
  }
  return (
    <Dialog title={t('inbox.narrowMore')} onClose={onClose}>
      <form className="stack" onSubmit={(event) => (event.preventDefault(), take())}>
        <SelectField
          label={t('inbox.setTopic')}
          value={part.topic ?? ''}
          options={[
            ...any,
            ...named(
              (form?.topics ?? []).map(({ name }) => name),
              part.topic,
            ),
          ]}
          onChange={(value) => put({ topic: value })}
        />
        <TextField
          label={t('inbox.tagName')}
          maxLength={40}
          autoComplete="off"
          value={part.tag ?? ''}
          onChange={(value) => put({ tag: value })}
        />
        <SelectField
          label={t('inbox.mailbox')}
          value={part.mailbox ?? ''}
          options={[...any, ...(known?.mailboxes ?? []).map(({ id, address }) => [id, address] as const)]}
          onChange={(value) => put({ mailbox: value })}
        />
        <SelectField
          label={t('inbox.language')}
          value={part.language ?? ''}
          options={[...any, ...named(known?.languages ?? [], part.language, languageIn)]}
          onChange={(value) => put({ language: value })}
        />
        <TextField
          label={t('people.field.organisation')}
          maxLength={120}
          autoComplete="off"
          value={part.organisation ?? ''}
          onChange={(value) => put({ organisation: value })}
        />
        {fields.length > 0 && (
          <FieldIs fields={fields} value={part.field} onChange={(value) => put({ field: value })} />
        )}
        <div className="dialog-foot">
          <button type="button" className="button" onClick={() => setPart({})}>
            {t('inbox.narrowNothing')}
          </button>
          <button type="submit" className="button" data-tone="accent">
            {t('inbox.narrow')}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

/** A custom field, and what it says. */
function FieldIs(props: {
  fields: readonly TicketField[]
  value: string | undefined
  onChange: (value: string | undefined) => void
}) {
  const { fields, value = '', onChange } = props
  const [id, setId] = useState(value.split(':')[0] ?? '')
  const field = fields.find((one) => one.id === id)
  const said = value.slice(value.indexOf(':') + 1)
  const say = (text: string) => onChange(text === '' ? undefined : `${id}:${text}`)
  const choices =
    field?.kind === 'yes_no'
      ? ([
          ['yes', t('requests.yes')],
          ['no', t('requests.no')],
        ] as const)
      : (field?.choices ?? []).map((one) => [one.value, one.value] as const)
  return (
    <>
      <SelectField
        label={t('inbox.field')}
        value={field?.id ?? ''}
        options={[['', t('inbox.any')], ...fields.map((one) => [one.id, one.name] as const)]}
        onChange={(chosen) => (setId(chosen), onChange(undefined))}
      />
      {field && choices.length > 0 && (
        <SelectField label={field.name} value={said} options={[['', t('inbox.any')], ...choices]} onChange={say} />
      )}
      {field && choices.length === 0 && (
        <TextField
          label={field.name}
          type={field.kind === 'date' ? 'date' : 'text'}
          maxLength={2_000}
          autoComplete="off"
          value={said}
          onChange={say}
        />
      )}
    </>
  )
}

/** Names to choose from, with the one that is chosen already among them. */
function named(names: readonly string[], chosen: string | undefined, nameOf = (name: string) => name) {
  return [...new Set([...names, ...(chosen ? [chosen] : [])])].map((name) => [name, nameOf(name)] as const)
}

/** What was left empty narrows nothing. */
function given(part: Part): Part {
  const text = (value: string | undefined) => value?.trim() || undefined
  return {
    topic: text(part.topic),
    tag: text(part.tag),
    mailbox: text(part.mailbox),
    language: text(part.language),
    organisation: text(part.organisation),
    field: text(part.field),
  }
}
