import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto'

/** How long an address that shows a draft works. */
const trialDays = 7
const dayMs = 86_400_000

/**
 * What opens a survey's draft for a trial: the day on which it ends, signed with the survey's form key. Nothing is
 * kept, so nothing has to be removed.
 */
export function trialToken(surveyId: string, formKey: KeyObject, now: Date): string {
  const lastDay = Math.floor(now.getTime() / dayMs) + trialDays
  return `${lastDay.toString(36)}.${sign(surveyId, formKey, lastDay)}`
}

/** Whether a token opens this survey's draft today. */
export function opensTrial(token: string, surveyId: string, formKey: KeyObject, now: Date): boolean {
  const [day = '', signature = ''] = token.split('.')
  const lastDay = Number.parseInt(day, 36)
  if (!/^[0-9a-z]{1,6}$/.test(day) || Math.floor(now.getTime() / dayMs) > lastDay) return false
  const expected = sign(surveyId, formKey, lastDay)
  return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
}

function sign(surveyId: string, formKey: KeyObject, lastDay: number): string {
  return createHmac('sha256', formKey).update(`trial ${surveyId} ${lastDay}`).digest('base64url').slice(0, 22)
}
