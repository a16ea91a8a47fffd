import { createHmac, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto'

/** A form lives for 30 days, as long as an answer can be changed. */
const formMs = 30 * 86_400_000
const bytes = { time: 6, random: 16, signature: 16 }
const length = bytes.time + bytes.random + bytes.signature

/**
 * The one-time token of one form: when it was made, 128 random bits and a signature, 51 characters. It makes retries
 * one response, and afterwards it is the capability to change that response. It is stored hashed.
 */
export function newFormToken(surveyId: string, formKey: KeyObject, now: Date): string {
  const body = Buffer.alloc(bytes.time + bytes.random)
  body.writeUIntBE(now.getTime(), 0, bytes.time)
  randomBytes(bytes.random).copy(body, bytes.time)
  return Buffer.concat([body, sign(surveyId, formKey, body)]).toString('base64url')
}

/** When a form was made; undefined for a token that this survey did not give out, or that is older than 30 days. */
export function readFormToken(
  token: string,
  surveyId: string,
  formKey: KeyObject,
  now: Date,
): { madeAt: Date } | undefined {
  if (!/^[A-Za-z0-9_-]{51}$/.test(token)) return undefined
  const all = Buffer.from(token, 'base64url')
  if (all.length !== length) return undefined
  const body = all.subarray(0, bytes.time + bytes.random)
  if (!timingSafeEqual(sign(surveyId, formKey, body), all.subarray(body.length))) return undefined
  const madeAt = new Date(body.readUIntBE(0, bytes.time))
  const age = now.getTime() - madeAt.getTime()
  return age >= -60_000 && age <= formMs ? { madeAt } : undefined
}

/** The last moment at which an answer can be changed: 30 days after its form was made, or when the survey closes. */
export function lastDayToChange(madeAt: Date, { closesOn }: { closesOn: string | null }): Date {
  const month = new Date(madeAt.getTime() + formMs)
  if (closesOn === null) return month
  // Noon in UTC is the same local day nearly everywhere.
  const closing = new Date(`${closesOn}T12:00:00Z`)
  return closing < month ? closing : month
}

function sign(surveyId: string, formKey: KeyObject, body: Buffer): Buffer {
  return createHmac('sha256', formKey).update(`form ${surveyId} `).update(body).digest().subarray(0, bytes.signature)
}
