import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'

/** A form lives for 30 days. */
export const formMs = 30 * 86_400_000
const bytes = { time: 6, random: 16, signature: 16 }
const bodyLength = bytes.time + bytes.random

/** For whom a form is: a key that only they and we have, and what it does. */
export type FormSigning = { key: Buffer | string; purpose: string }

/** Of the form by which anybody asks for help. */
export function contactSigning({ form_key: key }: { form_key: Buffer }): FormSigning {
  return { key, purpose: 'contact' }
}

/** The one-time token of one form: when it was made, 128 random bits and a signature. The same twice is one message. */
export function newFormToken(signing: FormSigning, now: Date): string {
  const body = Buffer.alloc(bodyLength)
  body.writeUIntBE(now.getTime(), 0, bytes.time)
  randomBytes(bytes.random).copy(body, bytes.time)
  return Buffer.concat([body, sign(signing, body)]).toString('base64url')
}

/** When a form was made; undefined for one that we did not give out for this, or that is too old. */
export function readFormToken(token: unknown, signing: FormSigning, now: Date): Date | undefined {
  if (typeof token !== 'string' || !/^[A-Za-z0-9_-]{51}$/.test(token)) return undefined
  const all = Buffer.from(token, 'base64url')
  const body = all.subarray(0, bodyLength)
  if (!timingSafeEqual(sign(signing, body), all.subarray(bodyLength))) return undefined
  const madeAt = body.readUIntBE(0, bytes.time)
  const age = now.getTime() - madeAt
  return age >= -60_000 && age <= formMs ? new Date(madeAt) : undefined
}

function sign({ key, purpose }: FormSigning, body: Buffer): Buffer {
  return createHmac('sha256', key).update(`form ${purpose} `).update(body).digest().subarray(0, bytes.signature)
}
