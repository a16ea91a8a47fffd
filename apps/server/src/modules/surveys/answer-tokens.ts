import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { PublishedSurvey } from './published-surveys.ts'

/** A form lives for 30 days, as long as an answer can be changed. */
const formMs = 30 * 86_400_000
const bytes = { time: 6, version: 3, named: 1, random: 16, signature: 16 }
const bodyLength = bytes.time + bytes.version + bytes.named + bytes.random

/** What a form was when its page was made. */
export type MadeForm = {
  madeAt: Date
  /** What it asked. */
  version: number
  /** Whether it said that a name is kept. */
  identity: PublishedSurvey['identity']
}

type Signing = Pick<PublishedSurvey, 'id' | 'formKey'>

/**
 * The one-time token of one form: when it was made, what it asked, 128 random bits and a signature, 56 characters. It
 * makes retries one response, and afterwards it is the capability to change that response. It is stored hashed.
 */
export function newFormToken(survey: Signing & Pick<PublishedSurvey, 'version' | 'identity'>, now: Date): string {
  const body = Buffer.alloc(bodyLength)
  let at = body.writeUIntBE(now.getTime(), 0, bytes.time)
  at = body.writeUIntBE(survey.version, at, bytes.version)
  at = body.writeUInt8(survey.identity === 'identified' ? 1 : 0, at)
  randomBytes(bytes.random).copy(body, at)
  return Buffer.concat([body, sign(survey, body)]).toString('base64url')
}

/** What a form was, of whatever age; undefined for a token that this survey did not give out. */
export function readFormToken(token: string, survey: Signing): MadeForm | undefined {
  if (!/^[A-Za-z0-9_-]{56}$/.test(token)) return undefined
  const all = Buffer.from(token, 'base64url')
  const body = all.subarray(0, bodyLength)
  if (!timingSafeEqual(sign(survey, body), all.subarray(bodyLength))) return undefined
  return {
    madeAt: new Date(body.readUIntBE(0, bytes.time)),
    version: body.readUIntBE(bytes.time, bytes.version),
    identity: body.readUInt8(bytes.time + bytes.version) === 1 ? 'identified' : 'anonymous',
  }
}

/** Whether a form is not older than 30 days. */
export function isLive({ madeAt }: MadeForm, now: Date): boolean {
  const age = now.getTime() - madeAt.getTime()
  return age >= -60_000 && age <= formMs
}

/** The last moment at which an answer can be changed: 30 days after its form was made, or when the survey closes. */
export function lastDayToChange(madeAt: Date, { closesOn }: { closesOn: string | null }): Date {
  const month = new Date(madeAt.getTime() + formMs)
  if (closesOn === null) return month
  // Noon in UTC is the same local day nearly everywhere.
  const closing = new Date(`${closesOn}T12:00:00Z`)
  return closing < month ? closing : month
}

function sign({ id, formKey }: Signing, body: Buffer): Buffer {
  return createHmac('sha256', formKey).update(`form ${id} `).update(body).digest().subarray(0, bytes.signature)
}
