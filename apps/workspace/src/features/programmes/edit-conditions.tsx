import type { Condition } from '@lahko/contract'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { namedAttributes } from '../insight/attributes.ts'
import { nameOf } from './in-words.ts'

/** While it is being written: values as one text, each in a line of its own, since commas may stand inside. */
export type DraftCondition = { key: number; attribute: string; is: Condition['is']; values: string }

const kinds = ['anyOf', 'noneOf', 'present', 'absent'] as const
const usual = ['kind', 'channel', 'topic', 'team', 'language', 'outcome', 'organisation']
const known = [...namedAttributes, 'organisation']
const most = 20
let keys = 0

/** What somebody typed, by the name that is shown for it or as it is reported; names go on after one that is known. */
function attributeOf(typed: string): string {
  const name = typed.trim().toLowerCase()
  return known.find((attribute) => nameOf(attribute).toLowerCase() === name) ?? typed.toLowerCase()
}

export function draftsOf(conditions: readonly Condition[]): DraftCondition[] {
  return conditions.map(({ values, ...one }) => ({ ...one, key: ++keys, values: values.join('\n') }))
}

export function conditionsOf(drafts: readonly DraftCondition[]): Condition[] {
  return drafts.map(({ attribute, is, values }) => ({
    attribute,
    is,
    values:
      is === 'present' || is === 'absent'
        ? []
        : [...new Set(values.split('\n').map((value) => value.trim()))].filter((value) => value !== ''),
  }))
}

/** Whether a condition says something: not yet, where it compares with nothing. */
export function isWhole({ is, values }: Condition): boolean {
  return is === 'present' || is === 'absent' || values.length > 0
}

/** What a touchpoint must be like: all of it. */
export function EditConditions(props: {
  drafts: readonly DraftCondition[]
  problemAt: (field: string) => string | undefined
  onChange: (drafts: DraftCondition[]) => void
}) {
  const { drafts, problemAt, onChange } = props
  const put = (place: number, part: Partial<DraftCondition>) =>
    onChange(drafts.map((one, at) => (at === place ? { ...one, ...part } : one)))
  return (
    <>
      <ul className="pr-conditions">
        {drafts.map((draft, place) => (
          <Row
            key={draft.key}
            draft={draft}
            place={place}
            problem={problemAt(`conditions/${place}/attribute`) ?? problemAt(`conditions/${place}/values`)}
            onChange={(part) => put(place, part)}
            onRemove={() => onChange(drafts.filter((_, at) => at !== place))}
          />
        ))}
      </ul>
      <datalist id="pr-attributes">
        {usual.map((attribute) => (
          <option key={attribute} value={nameOf(attribute)}>
            {nameOf(attribute)}
          </option>
        ))}
      </datalist>
      <p>
        <button
          type="button"
          className="button"
          data-size="small"
          disabled={drafts.length >= most}
          onClick={() => onChange([...drafts, { key: ++keys, attribute: 'kind', is: 'anyOf', values: '' }])}
        >
          <Icon name="plus" /> {t('programmes.addCondition')}
        </button>
      </p>
    </>
  )
}

function Row(props: {
  draft: DraftCondition
  place: number
  problem?: string
  onChange: (part: Partial<DraftCondition>) => void
  onRemove: () => void
}) {
  const { draft, problem, onChange } = props
  const number = props.place + 1
  const withValues = draft.is === 'anyOf' || draft.is === 'noneOf'
  return (
    <li>
      <input
        className="input"
        type="text"
        aria-label={t('programmes.attributeOf', { number })}
        list="pr-attributes"
        required
        title={t('programmes.attributeHint')}
        value={known.includes(draft.attribute) ? nameOf(draft.attribute) : draft.attribute}
        pattern={known.includes(draft.attribute) ? undefined : '[a-z][a-z0-9_]{0,39}'}
        onChange={(event) => onChange({ attribute: attributeOf(event.target.value) })}
      />
      <select
        className="input"
        aria-label={t('programmes.comparisonOf', { number })}
        value={draft.is}
        onChange={(event) => onChange({ is: event.target.value as Condition['is'] })}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`programmes.is.${kind}`)}
          </option>
        ))}
      </select>
      {withValues && (
        <textarea
          className="input"
          rows={1}
          aria-label={t('programmes.valuesOf', { number })}
          placeholder={t('programmes.valuesHint')}
          required
          aria-invalid={problem ? true : undefined}
          value={draft.values}
          onChange={(event) => onChange({ values: event.target.value })}
        />
      )}
      <button
        type="button"
        className="button"
        data-tone="plain"
        data-size="small"
        data-icon
        aria-label={t('programmes.removeCondition', { number })}
        onClick={props.onRemove}
      >
        <Icon name="cross" />
      </button>
      {problem && <p className="problem">{problem}</p>}
    </li>
  )
}
