import type { TicketCondition, fieldTests } from '@lahko/contract/ticket-conditions'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Choice } from '../../platform/field.tsx'
import { Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { asksForMembers, useNames, type Choices } from './condition-words.ts'
import { takingOf, textsOf } from './conditions.ts'
import { membersQuery } from './members.ts'

type Props = {
  condition: TicketCondition
  /** Of the custom field that it asks about. */
  kind: keyof typeof fieldTests | undefined
  /** What there is to choose from; without it, it is typed. */
  choices: Choices | undefined
  onChange: (to: TicketCondition) => void
}

/** What a condition is compared with. */
export function ConditionValue({ condition, kind, choices, onChange }: Props) {
  const put = (values: string[]) => onChange({ ...condition, values })
  const taking = takingOf(condition.test, kind)
  const [value = ''] = condition.values
  if (taking === 'none') return <span />
  if (taking === 'age') return <Age value={value} ago={condition.name !== 'waiting'} onChange={(age) => put([age])} />
  if (taking === 'several' && asksForMembers(condition)) return <Members chosen={condition.values} onChange={put} />
  if (taking === 'several' && choices) return <Several chosen={condition.values} choices={choices} onChange={put} />
  if (taking === 'several') return <Typed key={condition.name} texts={condition.values} onChange={put} />
  return (
    <input
      className="input"
      type={taking === 'day' ? 'date' : 'text'}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      maxLength={taking === 'day' ? undefined : 200}
      autoComplete="off"
      aria-label={t('inbox.conditionValue')}
      value={value}
      onChange={({ target }) => put([target.value])}
    />
  )
}

/** So many hours or days. */
function Age({ value, ago, onChange }: { value: string; ago: boolean; onChange: (age: string) => void }) {
  const unit = value.endsWith('h') ? 'h' : 'd'
  const count = value.replace(/\D/g, '')
  return (
    <span className="in-age">
      <input
        className="input"
        type="number"
        min={1}
        max={9_999}
        aria-label={t('inbox.conditionValue')}
        value={count}
        onChange={({ target }) => onChange(`${target.value}${unit}`)}
      />
      <select
        className="input"
        aria-label={t('inbox.unit')}
        value={unit}
        onChange={({ target }) => onChange(`${count}${target.value}`)}
      >
        <option value="h">{t(ago ? 'inbox.hoursAgo' : 'inbox.hours')}</option>
        <option value="d">{t(ago ? 'inbox.daysAgo' : 'inbox.days')}</option>
      </select>
    </span>
  )
}

/** Oneself and any other members, found as one types; those that are chosen stay where they can be taken out. */
function Members({ chosen, onChange }: Pick<SeveralProps, 'chosen' | 'onChange'>) {
  const [text, setText] = useState('')
  const search = text.trim()
  const { data } = useInfiniteQuery(membersQuery(search, 'tickets.read'))
  const found = data?.pages.flatMap(({ items }) => items) ?? []
  const name = useNames(chosen)
  const known = new Map([
    ['me', t('inbox.me')] as const,
    ...found.map((member) => [member.id, member.name] as const),
    ...chosen.filter((value) => !found.some(({ id }) => id === value)).map((value) => [value, name(value)] as const),
  ])
  return (
    <Several chosen={chosen} choices={[...known]} onChange={onChange}>
      <input
        className="input"
        autoComplete="off"
        aria-label={t('inbox.findMember')}
        placeholder={t('inbox.findMember')}
        maxLength={100}
        value={text}
        onChange={({ target }) => setText(target.value)}
        // Enter would take the whole form.
        onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
      />
    </Several>
  )
}

type SeveralProps = {
  chosen: readonly string[]
  choices: Choices
  onChange: (chosen: string[]) => void
  /** What finds more of them. */
  children?: ReactNode
}

/** Any number of choices, behind a button that names those that are chosen. */
function Several({ chosen, choices, onChange, children }: SeveralProps) {
  const strange = chosen.filter((value) => !choices.some(([one]) => one === value))
  const all = [...choices, ...strange.map((value) => [value, value] as const)]
  const names = all.filter(([value]) => chosen.includes(value)).map(([, name]) => name)
  const label = names.length > 0 ? names.join(', ') : t('inbox.chooseValues')
  return (
    <Popover
      className="button in-several"
      label={<span className="in-cut-off">{label}</span>}
      name={`${t('inbox.conditionValue')}: ${label}`}
    >
      {() => (
        <div className="in-choices">
          {children}
          {all.length === 0 && <p className="hint">{t('inbox.noChoices')}</p>}
          {all.map(([value, name]) => (
            <Choice
              key={value}
              checked={chosen.includes(value)}
              onChange={(on) => onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value))}
            >
              {name}
            </Choice>
          ))}
        </div>
      )}
    </Popover>
  )
}

/** One text or several, as they are typed. */
function Typed({ texts, onChange }: { texts: readonly string[]; onChange: (texts: string[]) => void }) {
  const [typed, setTyped] = useState(texts.join('; '))
  return (
    <input
      className="input"
      maxLength={1_000}
      autoComplete="off"
      placeholder={t('inbox.severalHow')}
      aria-label={t('inbox.conditionValue')}
      value={typed}
      onChange={({ target }) => {
        setTyped(target.value)
        onChange(textsOf(target.value))
      }}
    />
  )
}
