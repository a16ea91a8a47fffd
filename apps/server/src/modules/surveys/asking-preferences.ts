import { customerGroup } from '#people'
import { emit } from '#platform/events.ts'
import type { Tx } from '#platform/store.ts'
import { deletePreference, listAskedSurveys, listPreferences, savePreference } from './asking-preferences.queries.ts'

/** For how long somebody who wants a pause is not asked. */
const pauseDays = 30
const dayMs = 86_400_000

/** What somebody can say with one tap. A survey stands behind the colon. */
export type Wish = 'pause' | 'resume' | `not:${string}` | `ask:${string}`

/** What a form named, when it is a wish. */
export function wishOf(text: unknown): Wish | undefined {
  return typeof text === 'string' && /^(pause|resume|(not|ask):[0-9a-f-]{36})$/.test(text) ? (text as Wish) : undefined
}

/**
 * Keeps what a customer wants to be asked. Twice is once; a survey that nobody is asked by mail changes nothing.
 * @param about the survey of the invitation whose link was followed
 */
export async function follow(tx: Tx, customerId: string, about: string | null, wish: Wish): Promise<void> {
  if (await keep(tx, customerId, about, wish)) {
    await emit(tx, { type: 'customer.asking_changed', subjectId: customerId })
  }
}

/** What somebody takes back they take back as whichever customer they said it. @returns whether anything is another than before */
async function keep(tx: Tx, customerId: string, about: string | null, wish: Wish): Promise<boolean> {
  const person = await customerGroup(tx, customerId)
  if (wish === 'resume') return deletePreference(tx, person, null)
  if (wish === 'pause') {
    await savePreference(tx, customerId, { surveyId: null, until: new Date(tx.now.getTime() + pauseDays * dayMs) })
    return true
  }
  const surveyId = wish.slice(4)
  if (wish.startsWith('ask:')) return deletePreference(tx, person, surveyId)
  const known = (await listAskedSurveys(tx, about)).some(({ id }) => id === surveyId)
  const said = (await listPreferences(tx, person)).some((one) => one.surveyId === surveyId)
  if (!known || said) return false
  await savePreference(tx, customerId, { surveyId, until: null })
  return true
}
