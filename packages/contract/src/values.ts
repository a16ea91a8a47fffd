import { z } from 'zod'

/** Values that many modules share. Limits live here, so that they are the same everywhere. */

/** Every control character but tab, line feed and carriage return. */
const noControls = (text: string) => !/[^\P{Cc}\t\n\r]/u.test(text) && text.isWellFormed()

/**
 * Without what turns the order of letters around, so that a name or a subject says what it does not. The marks that
 * right-to-left text needs beside a letter, U+200E and U+200F, stay.
 */
export function withoutTurns(given: string): string {
  return given.replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
}

/** Text as a person may write it: well-formed Unicode without control characters, trimmed. */
export function text(max: number, min = 0) {
  const written = z.string().overwrite((given) => withoutTurns(given).trim())
  return (min > 0 ? written.min(min) : written).max(max).refine(noControls, { message: 'control_character' })
}

export const id = z.uuid()
export const languages = ['en', 'sl', 'nb'] as const
export const language = z.enum(languages)
export type Language = z.infer<typeof language>

/** A day in the workspace's time zone, `YYYY-MM-DD`. */
export const localDate = z.iso.date().refine((day) => day >= '0001', { message: 'before_year_1' })
/** A moment in UTC or with an offset, ISO 8601. */
export const instant = z.iso.datetime({ offset: true })
/** An address of mail. A domain beyond ASCII is kept as the DNS knows it: `ana@čebela.si` as `ana@xn--ebela-gya.si`. */
export const email = z.string().overwrite(withAsciiDomain).check(z.email()).max(254).toLowerCase()
/** E.164 with its country; spaces, brackets and hyphens fall out, and 00 is +. */
export const phone = text(40, 1)
  .overwrite((given) => given.replace(/[\s()./-]/g, '').replace(/^00/, '+'))
  .refine((given) => /^\+[1-9]\d{6,14}$/.test(given), {
    message: 'not_phone',
  })
export const timeZone = text(64, 1).refine(isTimeZone, { message: 'not_time_zone' })
export const slug = z
  .string()
  .min(2)
  .max(40)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])$/, { message: 'not_slug' })

/** Text in one or more of the product's languages. */
export function translated(max: number) {
  return z.object({ en: text(max).optional(), sl: text(max).optional(), nb: text(max).optional() })
}
export type Translated = { en?: string; sl?: string; nb?: string }

/** What an attribute is called. */
export const attributeName = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, { message: 'not_attribute_name' })

/** Free attributes of an answer or a touchpoint: flat, few, short. */
export const attributes = z
  .record(attributeName, z.union([text(200), z.number(), z.boolean()]).transform(String))
  .refine((record) => Object.keys(record).length <= 20, { message: 'too_many_attributes' })

/** A page of a list, by key: pass `next` back as `after`. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}
export const pageQuery = {
  after: text(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

function withAsciiDomain(address: string): string {
  const [, name, domain] = /^(.*)@([\p{L}\p{M}\p{N}.-]+)$/u.exec(address) ?? []
  if (domain === undefined || !/\P{ASCII}/u.test(domain)) return address
  return `${name}@${URL.parse(`http://${domain}`)?.hostname ?? domain}`
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
