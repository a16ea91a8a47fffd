import type { NotAskedRule, ProgrammeSettings } from '@lahko/contract/programmes'
import type { Language } from '@lahko/contract/values'
import { movedInto, type PastFate, type PastTouchpoint } from '#surveys'
import { createRandom, type Random } from './random.ts'
import { channels, type Channel } from './texts.ts'

const minute = 60_000
const day = 86_400_000
const personDays = 30
const expiresDays = 14
/** Nobody is written to at night. */
const hours = { from: '08:00', until: '20:00', days: [1, 2, 3, 4, 5, 6, 7] }

/** What the shop asks by itself: one programme for each way in which customers come, but none for Instagram. */
export const demoProgrammes = {
  phone: { channels: ['phone'], delayMinutes: 60, share: 1, reminderDays: [] },
  written: { channels: ['email', 'form'], delayMinutes: 12 * 60, share: 1, reminderDays: [3] },
  chat: { channels: ['chat'], delayMinutes: 10, share: 0.9, reminderDays: [] },
} as const satisfies Record<
  string,
  { channels: Channel[]; delayMinutes: number; share: number; reminderDays: number[] }
>
export type DemoProgramme = keyof typeof demoProgrammes

const names: Readonly<Record<DemoProgramme, Record<Language, string>>> = {
  phone: { en: 'After phone calls', sl: 'Po klicih', nb: 'Etter telefonsamtaler' },
  written: { en: 'After e-mails and forms', sl: 'Po e-pošti in obrazcih', nb: 'Etter e-post og skjemaer' },
  chat: { en: 'After chats', sl: 'Po klepetih', nb: 'Etter chat' },
}

/** A programme as it is made. */
export function settingsOf(programme: DemoProgramme, surveyId: string, language: Language): ProgrammeSettings {
  const { channels: among, delayMinutes, share, reminderDays } = demoProgrammes[programme]
  const values = among.map((channel) => channels[channel][language])
  return {
    name: names[programme][language],
    surveyId,
    conditions: [{ attribute: 'channel', is: 'anyOf', values }],
    ...{ delayMinutes, share, reminderDays: [...reminderDays], expiresDays, hours, quota: null },
  }
}

type World = {
  seed: number
  now: Date
  language: Language
  surveyId: string
  timeZone: string
  programmeIds: Readonly<Record<DemoProgramme, string>>
}

/** What became of the shop's touchpoints by now, and who is not written to any more. */
export type Past = { fateOf(touchpoint: PastTouchpoint): PastFate; gone: { bounced: string[]; unsubscribed: string[] } }

/** Remembers whom it asked, so that nobody was asked twice within a month. Touchpoints with answers come first. */
export function pastOf({ seed, now, language, surveyId, timeZone, programmeIds }: World): Past {
  const random = createRandom(seed)
  const asked = new Map<string, number[]>()
  const gone = { bounced: [] as string[], unsubscribed: [] as string[] }
  const lost = new Map<string, NotAskedRule>()

  /** The first rule that says no. */
  function ruleAgainst({ customer, answeredAt }: PastTouchpoint, programme: DemoProgramme, dueAt: Date) {
    if (!customer?.email) return 'no_address'
    if (!answeredAt && random.next() >= demoProgrammes[programme].share) return 'share'
    if (!answeredAt && random.next() < 0.02) return 'open_problem'
    const near = asked.get(customer.id)?.some((at) => Math.abs(at - dueAt.getTime()) < personDays * day)
    return near ? 'person' : (lost.get(customer.id) ?? null)
  }

  /** How a mail ended that nobody answered. */
  function silence(base: PastFate, sentAt: Date, { customer }: PastTouchpoint, programme: DemoProgramme): PastFate {
    const luck = random.next()
    const alone = asked.get(customer!.id)!.length === 1
    const soon = new Date(Math.min(sentAt.getTime() + 5 * minute, now.getTime()))
    if (luck < 0.0006) return { ...base, uncertainAt: sentAt, expiresAt: null }
    const expiresAt = new Date(sentAt.getTime() + expiresDays * day)
    if (alone && luck < 0.044) {
      gone.bounced.push(customer!.email!)
      lost.set(customer!.id, 'suppressed')
      return { ...base, sentAt, expiresAt, bouncedAt: soon }
    }
    if (alone && luck < 0.0545) {
      gone.unsubscribed.push(customer!.email!)
      lost.set(customer!.id, 'unsubscribed')
      return { ...base, sentAt, expiresAt, unsubscribedAt: soon }
    }
    const reminders = demoProgrammes[programme].reminderDays.filter(
      (days) => sentAt.getTime() + days * day < now.getTime(),
    )
    const expiredAt = expiresAt <= now ? expiresAt : null
    return { ...base, sentAt, expiresAt, expiredAt, remindersSent: reminders.length }
  }

  function fateOf(touchpoint: PastTouchpoint): PastFate {
    const { endedAt, answeredAt, customer, attributes } = touchpoint
    const programme = programmeOf(attributes['channel'], language)
    const decidedAt = new Date(endedAt.getTime() + Math.round(random.next() * 3_000))
    if (!programme) return { ...nothing, decidedAt, notAsked: 'no_programme' }
    const due = new Date(endedAt.getTime() + demoProgrammes[programme].delayMinutes * minute)
    const dueAt = movedInto(due, hours, timeZone)
    const base = { ...nothing, decidedAt, programmeId: programmeIds[programme], surveyId }
    const notAsked = ruleAgainst(touchpoint, programme, dueAt)
    if (notAsked) return { ...base, notAsked }
    asked.set(customer!.id, [...(asked.get(customer!.id) ?? []), dueAt.getTime()])
    // By the link in the reply, before the invitation was due.
    if ((answeredAt && answeredAt <= dueAt) || dueAt >= now) return { ...base, dueAt }
    const sentAt = sentAfter(random, dueAt, answeredAt ?? now)
    if (!answeredAt) return silence({ ...base, dueAt }, sentAt, touchpoint, programme)
    return { ...base, dueAt, sentAt, expiresAt: new Date(sentAt.getTime() + expiresDays * day) }
  }
  return { fateOf, gone }
}

const nothing: Omit<PastFate, 'decidedAt'> = {
  ...{ programmeId: null, surveyId: null, notAsked: null, dueAt: null, sentAt: null, uncertainAt: null },
  ...{ bouncedAt: null, unsubscribedAt: null, remindersSent: 0, expiresAt: null, expiredAt: null },
}

/** Within half a minute, but before what came after it. */
function sentAfter(random: Random, dueAt: Date, before: Date): Date {
  return new Date(dueAt.getTime() + Math.min(random.next() * 30_000, (before.getTime() - dueAt.getTime()) / 2))
}

function programmeOf(channel: string | undefined, language: Language): DemoProgramme | undefined {
  const all = Object.keys(demoProgrammes) as DemoProgramme[]
  return all.find((name) => demoProgrammes[name].channels.some((one) => channels[one][language] === channel))
}
