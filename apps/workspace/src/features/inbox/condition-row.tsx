import type { TicketField } from '@lahko/contract'
import { conditionNames, testsOf, type TicketCondition, type ConditionName } from '@lahko/contract/ticket-conditions'
import { useEffect, useRef } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { ConditionValue } from './condition-value.tsx'
import { nameOf, testName, type About, type useConditionData } from './condition-words.ts'
import { askAbout, askBy } from './conditions.ts'

type Props = {
  /** Which line it is, from 1 on. */
  place: number
  condition: TicketCondition
  data: ReturnType<typeof useConditionData>
  /** It has just been added. */
  focused: boolean
  onChange: (to: TicketCondition) => void
  onRemove: () => void
}

/** Customers are chosen by opening one of their tickets. */
const asked = conditionNames.filter((name) => name !== 'customer' && name !== 'field')

/** One condition: what it asks about, how, and what it is compared with. */
export function ConditionRow({ place, condition, data, focused, onChange, onRemove }: Props) {
  const { fields } = data
  const about = useRef<HTMLSelectElement>(null)
  useEffect(() => {
    if (focused) about.current?.focus()
  }, [focused])
  const kindOf = (fieldId: string | undefined) => fields.find(({ id }) => id === fieldId)?.kind
  const kind = kindOf(condition.fieldId)
  const tests = testsOf(condition.name, kind)
  return (
    <fieldset className="in-condition" aria-label={t('inbox.conditionNumber', { place })}>
      <select
        ref={about}
        className="input"
        aria-label={t('inbox.conditionAbout')}
        value={keyOf(condition)}
        onChange={({ target }) => {
          const to = aboutOf(target.value)
          onChange(askAbout(condition, to, kindOf(to.fieldId)))
        }}
      >
        <Abouts condition={condition} fields={fields} />
      </select>
      <select
        className="input"
        aria-label={t('inbox.conditionTest')}
        value={condition.test}
        onChange={({ target }) => {
          const test = tests.find((one) => one === target.value)
          if (test) onChange(askBy(condition, test, kind))
        }}
      >
        {tests.map((test) => (
          <option key={test} value={test}>
            {testName(condition.name, test)}
          </option>
        ))}
      </select>
      <ConditionValue condition={condition} kind={kind} choices={data.choicesOf(condition)} onChange={onChange} />
      <button
        type="button"
        className="button"
        data-tone="plain"
        data-size="small"
        data-icon
        aria-label={t('inbox.removeCondition', { place })}
        onClick={onRemove}
      >
        <Icon name="cross" />
      </button>
    </fieldset>
  )
}

/** Everything that can be asked about; what is asked now is among it in any case. */
function Abouts({ condition, fields }: { condition: TicketCondition; fields: readonly TicketField[] }) {
  const known = condition.name === 'customer' ? [...asked, 'customer' as const] : asked
  const isMissing = condition.name === 'field' && !fields.some(({ id }) => id === condition.fieldId)
  return (
    <>
      {known.map((name) => (
        <option key={name} value={name}>
          {nameOf({ name }, fields)}
        </option>
      ))}
      {(fields.length > 0 || isMissing) && (
        <optgroup label={t('inbox.fields')}>
          {fields.map(({ id, name }) => (
            <option key={id} value={`field/${id}`}>
              {name}
            </option>
          ))}
          {isMissing && <option value={keyOf(condition)}>{nameOf(condition, fields)}</option>}
        </optgroup>
      )}
    </>
  )
}

function keyOf({ name, fieldId }: About): string {
  return fieldId ? `${name}/${fieldId}` : name
}

function aboutOf(key: string): About {
  const [name, fieldId] = key.split('/')
  return { name: name as ConditionName, ...(fieldId && { fieldId }) }
}
