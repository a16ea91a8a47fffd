import type { ResponseInput, TouchpointReport } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import { createRandom, type Random } from './random.ts'
import {
  channels,
  easyComments,
  hardComments,
  names,
  teams,
  topics,
  type Channel,
  type Team,
  type Topic,
} from './texts.ts'

/**
 * One plausible shop: half a year of touchpoints and answers, the same for the same seed and moment. Hidden in it, for
 * whoever looks: returns are hard and so is the phone; two handovers make anything hard; an article about sizes,
 * published at the start of week 15, made sizing easier, while delivery, as hard as sizing before, stayed as it was; who
 * read an article in vain before they asked found it harder than who asked at once.
 */
export type World = {
  readonly from: Date
  readonly articleAt: Date
  readonly answers: readonly WorldAnswer[]
  /** Touchpoints about which nobody said anything, in the order in which they ended. */
  readonly unanswered: readonly TouchpointReport[]
}
export type WorldAnswer = { readonly answeredAt: Date; readonly input: Omit<ResponseInput, 'survey'> }

export type WorldOptions = { seed: number; now: Date; language: Language; weeks?: number; answersAWeek?: number }

const day = 86_400_000
const week = 7 * day
const articleWeek = 15
/** How ease without any cause is spread over 1–10: where the normal curve is cut. */
const cuts = [-2.0, -1.73, -1.48, -1.22, -1.09, -0.97, -0.75, -0.17, 0.47]

const topicWeights: Readonly<Record<Topic, number>> = {
  sizing: 19,
  delivery: 22,
  orders: 16,
  returns: 19,
  warranty: 10,
  repairs: 10,
  service: 4,
}
const channelWeights: Readonly<Record<Channel, number>> = { email: 40, chat: 19, form: 21, phone: 15, instagram: 5 }
const languageWeights: Readonly<Record<Language, number>> = { sl: 52, nb: 28, en: 20 }
const teamOf: Readonly<Record<Topic, Team>> = {
  sizing: 'frontDesk',
  delivery: 'frontDesk',
  orders: 'frontDesk',
  service: 'workshop',
  repairs: 'workshop',
  returns: 'returns',
  warranty: 'returns',
}
const easeOfTopic: Readonly<Record<Topic, number>> = {
  sizing: -0.28,
  delivery: -0.28,
  orders: 0.1,
  returns: -0.62,
  warranty: -0.1,
  repairs: 0.05,
  service: 0.15,
}
const easeOfChannel: Readonly<Record<Channel, number>> = {
  email: 0,
  chat: 0.12,
  form: 0.05,
  phone: -0.42,
  instagram: 0,
}
/** More on working days, fewest on Sundays; Monday first. */
const weekdayWeights = [1.25, 1.15, 1.1, 1.1, 1.05, 0.75, 0.6]

type Person = { number: number; name: string; language: Language; temper: number }
type Facts = { topic: Topic; channel: Channel; handovers: 0 | 1 | 2; week: number; person: Person }

/** Makes the world. Answers come in the order of time; about 10,000 in 26 weeks unless asked otherwise. */
export function makeWorld({ seed, now, language, weeks = 26, answersAWeek = 385 }: WorldOptions): World {
  const random = createRandom(seed)
  const from = new Date(startOfDay(now) - weeks * week + day)
  const people = Array.from({ length: Math.ceil(weeks * answersAWeek * 0.62) }, (_, number) =>
    makePerson(random, number),
  )
  // Of its own, so that the answers stay what they are.
  const ways = createRandom(seed + 5)
  const answers: WorldAnswer[] = []
  for (let number = 0, total = weeks * answersAWeek; number < total; number++) {
    const answeredAt = moment(random, from, weeks, now)
    const facts = makeFacts(random, random.pick(people), 1 + Math.floor((answeredAt.getTime() - from.getTime()) / week))
    answers.push({ answeredAt, input: withWay(ways, facts, makeAnswer(random, facts, answeredAt, number, language)) })
  }
  answers.sort((a, b) => a.answeredAt.getTime() - b.answeredAt.getTime())
  const unanswered = makeUnanswered({ seed, now, language, from, weeks, people, count: answers.length })
  return { from, articleAt: new Date(from.getTime() + (articleWeek - 1) * week), answers, unanswered }
}

type Silence = Required<Pick<WorldOptions, 'seed' | 'now' | 'language' | 'weeks'>> & {
  from: Date
  people: readonly Person[]
  count: number
}

/**
 * For whoever answered there is somebody who did not, most of them people who never do; on the phone, and about returns,
 * there are more.
 */
function makeUnanswered({ seed, now, language, from, weeks, people, count }: Silence): TouchpointReport[] {
  // Of its own, so that the answers stay what they are.
  const random = createRandom(seed + 1)
  const silent = [...people, ...people].map((_, number) => makePerson(random, people.length + number))
  const reports: TouchpointReport[] = []
  for (let number = 0; reports.length < count; number++) {
    const endedAt = moment(random, from, weeks, now)
    const facts = makeFacts(random, random.pick(random.next() < 0.1 ? people : silent), 1)
    if (facts.channel !== 'phone' && facts.topic !== 'returns' && random.next() < 0.25) continue
    const startedAt = new Date(endedAt.getTime() - (0.5 + random.next() * 20) * 3_600_000)
    reports.push({
      ...{ externalId: `T-${count + number}`, kind: 'ticket' },
      ...{ startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() },
      customer: customerOf(facts.person, random.next() < 0.02),
      attributes: attributesFor(facts, language),
    })
  }
  return reports.sort((a, b) => a.endedAt!.localeCompare(b.endedAt!))
}

/** @param hidden nobody knows how to reach them */
function customerOf({ number, name, language }: Person, hidden = false) {
  if (hidden) return { externalId: `guest-${number}`, name, language }
  return { externalId: `shop-${number}`, name, email: `${number}@customers.example`, language }
}

function attributesFor({ topic, channel, handovers }: Facts, language: Language) {
  return {
    topic: topics[topic][language],
    channel: channels[channel][language],
    team: teams[teamOf[topic]][language],
    handovers: handovers === 2 ? '2+' : String(handovers),
  }
}

function startOfDay(now: Date): number {
  return Math.floor(now.getTime() / day) * day
}

/** Some moment of the half year, by day and by hour as shops know it; never after now. */
function moment(random: Random, from: Date, weeks: number, now: Date): Date {
  for (;;) {
    const at = new Date(from.getTime() + random.next() * weeks * week)
    const weekday = (at.getUTCDay() + 6) % 7
    const hour = at.getUTCHours()
    const daytime = hour >= 6 && hour < 20 ? 1 : hour >= 20 && hour < 22 ? 0.5 : 0.08
    if (at <= now && random.next() < (weekdayWeights[weekday]! / 1.25) * daytime) return at
  }
}

function makePerson(random: Random, number: number): Person {
  const language = random.weighted(languageWeights)
  const { first, last } = names[language]
  return { number, language, name: `${random.pick(first)} ${random.pick(last)}`, temper: random.normal() * 0.3 }
}

function makeFacts(random: Random, person: Person, weekNumber: number): Facts {
  const topic = random.weighted(topicWeights)
  const passedOn = ['returns', 'warranty', 'repairs'].includes(topic) ? 0.17 : 0.08
  const luck = random.next()
  return {
    topic,
    person,
    week: weekNumber,
    channel: random.weighted(channelWeights),
    handovers: luck < passedOn ? 2 : luck < passedOn + 0.2 ? 1 : 0,
  }
}

function scoreOf(random: Random, { topic, channel, handovers, week: weekNumber, person }: Facts): number {
  const article = topic === 'sizing' && weekNumber >= articleWeek ? 0.5 : 0
  const handedOver = [0, -0.08, -0.95][handovers]!
  const ease =
    0.3 + easeOfTopic[topic] + easeOfChannel[channel] + article + handedOver + person.temper + random.normal()
  return 1 + cuts.filter((cut) => cut < ease).length
}

function makeAnswer(
  random: Random,
  facts: Facts,
  answeredAt: Date,
  number: number,
  language: Language,
): WorldAnswer['input'] {
  const { handovers, person } = facts
  const score = scoreOf(random, facts)
  const endedAt = new Date(answeredAt.getTime() - (0.2 + random.next() * 30) * 3_600_000)
  const startedAt = new Date(endedAt.getTime() - (0.5 + random.next() * 20 * (1 + handovers)) * 3_600_000)
  return {
    score,
    language: person.language,
    externalId: `demo-${number}`,
    answeredAt: answeredAt.toISOString(),
    reasons: reasonsFor(random, score, facts),
    comment:
      random.next() < (score <= 4 ? 0.62 : score >= 8 ? 0.16 : 0.2) ? commentFor(random, score, facts) : undefined,
    customer: customerOf(person),
    touchpoint: {
      externalId: `T-${number}`,
      kind: 'ticket',
      startedAt: startedAt.toISOString(),
      endedAt: endedAt.toISOString(),
      attributes: attributesFor(facts, language),
    },
  }
}

/** Of whom the form led from the help it is known whether they had read in vain before they asked, which is harder. */
function withWay(random: Random, { channel }: Facts, input: WorldAnswer['input']): WorldAnswer['input'] {
  const { touchpoint, score } = input
  if (channel !== 'form' || !touchpoint) return input
  const way = random.next() < (score < 7 ? 0.55 : 0.4) ? 'article_ticket' : 'ticket'
  return { ...input, touchpoint: { ...touchpoint, attributes: { ...touchpoint.attributes, way } } }
}

function reasonsFor(random: Random, score: number, { handovers, channel, topic }: Facts): string[] {
  if (random.next() < 0.35) return []
  if (score >= 8) return [random.pick(['solved-at-once', 'nothing-asked-twice', 'clear-answer', 'found-on-site'])]
  const causes = ['unclear-answer', 'waited-too-long', 'not-on-site', 'something-else']
  if (handovers === 2) causes.push(...Array.from({ length: 8 }, () => 'explained-twice'))
  if (channel === 'phone') causes.push(...Array.from({ length: 5 }, () => 'waited-too-long'))
  if (topic === 'returns') causes.push(...Array.from({ length: 5 }, () => 'too-many-steps'))
  return [...new Set([random.pick(causes), random.pick(causes)])]
}

function commentFor(random: Random, score: number, { topic, channel, handovers, person: { language } }: Facts): string {
  if (score >= 8) return random.pick(easyComments[random.next() < 0.5 ? 'any' : topic][language])
  if (handovers === 2 && random.next() < 0.6) return random.pick(hardComments.handedOver[language])
  if (channel === 'phone' && random.next() < 0.5) return random.pick(hardComments.phone[language])
  return random.pick(hardComments[topic][language])
}
