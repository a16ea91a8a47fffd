import { useRef } from 'react'
import { problemOf } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'

/** Attributes as they are typed: one without a name or a value is none. */
export type AttributeDraft = { name: string; value: string }[]

const most = 20

export function draftOf(attributes: Readonly<Record<string, string>>): AttributeDraft {
  return Object.entries(attributes).map(([name, value]) => ({ name, value }))
}

/** What has to change so that attributes are as they were typed. */
export function changesOf(
  before: Readonly<Record<string, string>>,
  draft: AttributeDraft,
): Record<string, string | null> | undefined {
  const now = new Map(
    draft.map(({ name, value }) => [nameTyped(name), value.trim()]).filter(([name]) => name !== '') as [
      string,
      string,
    ][],
  )
  const gone = Object.keys(before).filter((name) => !now.get(name))
  const put = [...now].filter(([name, value]) => value !== '' && before[name] !== value)
  const changes = [...gone.map((name) => [name, null] as const), ...put]
  return changes.length > 0 ? Object.fromEntries(changes) : undefined
}

/** As names of attributes are kept: `Contract until` is `contract_until`. */
function nameTyped(given: string): string {
  return given.trim().toLowerCase().replaceAll(/\s+/g, '_')
}

/** What is wrong with attributes, as the server says it. */
function problemIn(error: unknown): string | undefined {
  return problemOf(error)?.errors?.find(({ field }) => field.startsWith('/body/attributes'))?.message
}

/** Names with their values, a line each. */
export function EditAttributes(props: {
  draft: AttributeDraft
  error: Error | null
  onChange: (draft: AttributeDraft) => void
}) {
  const { draft, error, onChange } = props
  const list = useRef<HTMLDivElement>(null)
  const problem = problemIn(error)
  const put = (place: number, part: Partial<AttributeDraft[number]>) =>
    onChange(draft.map((one, at) => (at === place ? { ...one, ...part } : one)))
  const add = () => {
    onChange([...draft, { name: '', value: '' }])
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLInputElement>('.pe-attribute:last-of-type input')?.focus(),
    )
  }
  return (
    <fieldset className="stack" data-gap="2" aria-describedby={problem ? 'attributes-problem' : undefined}>
      <legend>{t('people.attributes')}</legend>
      <p className="quiet">{t('people.attributesHint')}</p>
      {problem && (
        <p className="problem" id="attributes-problem" role="alert">
          <Icon name="warning" />
          {problem}
        </p>
      )}
      <div className="stack" data-gap="2" ref={list}>
        {draft.map(({ name, value }, place) => (
          <div className="pe-attribute" key={place}>
            <input
              className="input"
              aria-label={t('people.attributeName', { place: place + 1 })}
              placeholder={t('people.attributeNameShort')}
              value={name}
              maxLength={40}
              onChange={({ target }) => put(place, { name: target.value })}
            />
            <input
              className="input"
              aria-label={t('people.attributeValue', { place: place + 1 })}
              value={value}
              maxLength={200}
              onChange={({ target }) => put(place, { value: target.value })}
            />
            <button
              type="button"
              className="button"
              data-size="small"
              data-tone="plain"
              aria-label={t('people.removeAttribute', { name: name || String(place + 1) })}
              onClick={() => onChange(draft.filter((_, at) => at !== place))}
            >
              <Icon name="cross" />
            </button>
          </div>
        ))}
      </div>
      {draft.length < most && (
        <div className="buttons">
          <button type="button" className="button" data-size="small" onClick={add}>
            {t('people.addAttribute')}
          </button>
        </div>
      )}
    </fieldset>
  )
}
