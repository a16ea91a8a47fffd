import type { TicketField, TicketStatus } from '@lahko/contract'
import type { TicketCondition, ConditionName, ConditionTest } from '@lahko/contract/ticket-conditions'
import { useQuery } from '@tanstack/react-query'
import { day, either, list, number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { fieldsQuery, formQuery } from '../requests/form-data.ts'
import { channels, openStatuses, overStatuses, priorities } from './inbox-search.ts'
import { useMemberNames } from './members.ts'
import { languageIn, narrowingsQuery } from './narrowing-data.ts'

const statuses = [...openStatuses, ...overStatuses] as const

/** Values to choose from, with what they are called. */
export type Choices = readonly (readonly [value: string, name: string])[]

/** What a condition asks about: one of what every ticket has, or a custom field. */
export type About = Pick<TicketCondition, 'name' | 'fieldId'>

/** What conditions can ask about, in words, and what they can be compared with. @param offered the statuses there can be */
export function useConditionData(wanted: readonly About[] | 'all', offered: readonly TicketStatus[] = statuses) {
  const needs = (...names: ConditionName[]) => wanted === 'all' || wanted.some(({ name }) => names.includes(name))
  const { data: known } = useQuery({ ...narrowingsQuery, enabled: needs('mailbox', 'language') })
  const { data: fields = [] } = useQuery({ ...fieldsQuery, enabled: needs('field') })
  const { data: form } = useQuery({ ...formQuery, enabled: wanted === 'all' })
  const choices: Partial<Record<ConditionName, Choices>> = {
    priority: priorities.map((priority) => [priority, t(`inbox.priority.${priority}`)]),
    channel: channels.map((channel) => [channel, t(`inbox.channel.${channel}`)]),
    topic: (form?.topics ?? []).map(({ name }) => [name, name]),
    mailbox: (known?.mailboxes ?? []).map(({ id, address }) => [id, address]),
    language: (known?.languages ?? []).map((code) => [code, languageIn(code)]),
  }
  const choicesOf = ({ name, fieldId, values }: About & Pick<TicketCondition, 'values'>) => {
    // What is asked already stays to be taken out.
    const sought = statuses.filter((one) => offered.includes(one) || values.includes(one))
    if (name === 'status') return sought.map((status): Choices[number] => [status, t(`inbox.status.${status}`)])
    return choices[name] ?? choicesOfField(fields, fieldId)
  }
  return { fields, choicesOf }
}

function choicesOfField(fields: readonly TicketField[], fieldId: string | undefined): Choices | undefined {
  const field = fields.find(({ id }) => id === fieldId)
  if (field?.kind === 'yes_no')
    return [
      ['yes', t('requests.yes')],
      ['no', t('requests.no')],
    ]
  return field?.kind === 'choice' ? field.choices.map(({ value }) => [value, value]) : undefined
}

/** What a condition asks about, in words. */
export function nameOf({ name, fieldId }: About, fields: readonly TicketField[]): string {
  if (name === 'field') return fields.find(({ id }) => id === fieldId)?.name ?? t('inbox.field')
  return t(`inbox.about.${name}`)
}

/** How it is asked, in words. */
export function testName(name: ConditionName, test: ConditionTest): string {
  if (name === 'tag' && isOfTags(test)) return t(`inbox.test.tag.${test}`)
  if (name === 'waiting' && isOfWaits(test)) return t(`inbox.test.waiting.${test}`)
  return test === 'all' ? t('inbox.test.tag.all') : t(`inbox.test.${test}`)
}

const isOfTags = (test: ConditionTest) =>
  test === 'any' || test === 'all' || test === 'none' || test === 'given' || test === 'empty'
const isOfWaits = (test: ConditionTest) =>
  test === 'older' || test === 'younger' || test === 'given' || test === 'empty'

/** Whether its values are members. */
export function asksForMembers({ name }: About): boolean {
  return name === 'owner' || name === 'followed' || name === 'mentioned'
}

/** What members are called in conditions, oneself among them. */
export function useNames(values: readonly string[]): (value: string) => string {
  const memberName = useMemberNames(values.filter((value) => value !== 'me'))
  return (value) => (value === 'me' ? t('inbox.me') : (memberName(value) ?? '…'))
}

/** Says conditions in the reader's words: *Waiting for us*, *Created more than 3 days ago*. */
export function useSaying(conditions: readonly TicketCondition[]): (condition: TicketCondition) => string {
  const { fields, choicesOf } = useConditionData(conditions)
  const memberName = useNames(conditions.filter(asksForMembers).flatMap(({ values }) => values))
  return (condition) => {
    const { name, test, values } = condition
    const about = nameOf(condition, fields)
    const choices = choicesOf(condition) ?? []
    const sayOther = (value: string) =>
      asksForMembers(condition) ? memberName(value) : sayValue(condition, value, fields)
    const said = values.map((value) => choices.find(([one]) => one === value)?.[1] ?? sayOther(value))
    if (values.length === 0) return `${about}: ${testName(name, test)}`
    if (test === 'any' && (name === 'field' || name === 'followed' || name === 'mentioned'))
      return `${about}: ${either(said)}`
    // No test's words fit behind *Followed by* in any of the languages.
    if (test === 'none' && (name === 'followed' || name === 'mentioned'))
      return `${t(`inbox.notAbout.${name}`)}: ${either(said)}`
    if (test === 'any') return either(said)
    return `${about} ${testName(name, test)} ${test === 'all' ? list(said) : either(said)}`
  }
}

function sayValue({ name, fieldId, test }: TicketCondition, value: string, fields: readonly TicketField[]): string {
  if (test === 'older' || test === 'younger') return sayAge(name, value)
  if (test === 'before' || test === 'from') return day(value)
  if (name === 'language') return languageIn(value)
  if (name === 'mailbox') return '…'
  const kind = fields.find(({ id }) => id === fieldId)?.kind
  if (kind === 'number' && Number.isFinite(Number(value)))
    return number(Number(value), value.split('.')[1]?.length ?? 0)
  return kind === 'date' ? day(value) : value
}

function sayAge(name: ConditionName, value: string): string {
  const count = Number.parseInt(value, 10)
  const unit = value.endsWith('h') ? 'hours' : 'days'
  return t(name === 'waiting' ? `inbox.for.${unit}` : `inbox.ago.${unit}`, { count })
}
