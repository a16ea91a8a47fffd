import {
  readCondition,
  testsOf,
  writeCondition,
  type TicketCondition,
  type ConditionTest,
  type fieldTests,
} from '@lahko/contract/ticket-conditions'
import type { About } from './condition-words.ts'

type FieldKind = keyof typeof fieldTests

/** As a new line begins. */
export function newCondition(): TicketCondition {
  return { name: 'status', test: 'any', values: [] }
}

/** Whether a condition says enough to hold or not; a line that was left half empty narrows nothing. Pure. */
export function isWhole(condition: TicketCondition): boolean {
  return readCondition(writeCondition(condition)) !== undefined
}

/** What values a way of asking takes. */
export type Taking = 'none' | 'age' | 'day' | 'one' | 'several'

export function takingOf(test: ConditionTest, kind: FieldKind | undefined): Taking {
  if (test === 'given' || test === 'empty') return 'none'
  if (test === 'older' || test === 'younger') return 'age'
  if (test === 'before' || test === 'from') return 'day'
  if (test === 'any' && kind === 'date') return 'day'
  return test === 'any' || test === 'all' || test === 'none' ? 'several' : 'one'
}

/** The condition about something else: asked as before where that can be, and with nothing to compare with. Pure. */
export function askAbout({ test }: TicketCondition, about: About, kind: FieldKind | undefined): TicketCondition {
  const tests = testsOf(about.name, kind)
  return { ...about, test: tests.includes(test) ? test : tests[0]!, values: [] }
}

/** The condition asked otherwise; what it is compared with stays where it still makes sense. Pure. */
export function askBy(condition: TicketCondition, test: ConditionTest, kind: FieldKind | undefined): TicketCondition {
  const [was, is] = [takingOf(condition.test, kind), takingOf(test, kind)]
  const stays = was === is || (is === 'several' && was === 'one')
  const values = stays ? condition.values : is === 'one' && was === 'several' ? condition.values.slice(0, 1) : []
  return { ...condition, test, values }
}

/** Several texts as they are typed in one line. Pure. */
export function textsOf(typed: string): string[] {
  return [...new Set(typed.split(';').map((one) => one.trim()))].filter((one) => one !== '')
}
