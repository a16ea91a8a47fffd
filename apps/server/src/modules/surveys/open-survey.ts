import type { Language } from '@lahko/contract/values'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { sendPage } from '#platform/pages.ts'
import { Problem } from '#platform/problem.ts'
import { acceptedLanguage, isLanguage } from '#platform/words.ts'
import { brandsOf, type Brand } from './brand.ts'
import { localDateOf } from '#platform/local-date.ts'
import { createPublishedSurveys, type PublishedSurvey } from './published-surveys.ts'
import { noticePage } from './sent-page.ts'

/** What a page can say instead of asking, and the status that programs see. */
const notices = {
  unknown: 404,
  answer_gone: 404,
  trial_gone: 410,
  closed: 410,
  paused: 503,
  invitation_unknown: 404,
  invitation_over: 410,
  invitation_used: 410,
  trial_unsubscribe: 200,
} as const
export type Notice = keyof typeof notices

/** Why a survey takes no answers now; undefined when it does. */
export function whyNotOpen(survey: PublishedSurvey | undefined, now: Date): Notice | undefined {
  if (!survey) return 'unknown'
  if (survey.state === 'archived') return 'closed'
  if (survey.closesOn !== null && survey.closesOn < localDateOf(now, survey.timeZone)) return 'closed'
  return survey.state === 'paused' ? 'paused' : undefined
}

/**
 * The language that the link names, else that of whoever works here, else the first of the browser's that the survey is
 * in, else the survey's first.
 */
export function pageLanguage(request: FastifyRequest, named: unknown, among: readonly Language[]): Language {
  if (isLanguage(named) && among.includes(named)) return named
  if (request.scope.actor.kind === 'member' && among.includes(request.language)) return request.language
  return acceptedLanguage(request.headers['accept-language'], among[0]!, among)
}

/** What may stand in an address as the key of a survey; anything else is looked up nowhere. */
export function isKey(text: string): boolean {
  return /^[a-z0-9-]{2,40}$/.test(text)
}

/** The survey at an address with the version that is asked now. */
export async function findAsked(house: House, workspaceId: string, key: string): Promise<PublishedSurvey | undefined> {
  return isKey(key) ? createPublishedSurveys(house).byKey(workspaceId, key) : undefined
}

/** Whose page it is. @throws Problem not_found where no workspace lives */
export async function getBrand(house: House, request: FastifyRequest): Promise<Brand> {
  const brand = await brandsOf(house).of(request.scope.workspaceId)
  if (!brand) throw new Problem('not_found', 'platform.no_such_address')
  return brand
}

/** A page without a question. */
export function sendNotice(request: FastifyRequest, reply: FastifyReply, kind: Notice, brand: Brand): FastifyReply {
  const { lang } = request.query as Record<string, unknown>
  const { text, styles } = noticePage(kind, { brand, language: isLanguage(lang) ? lang : request.language })
  if (kind === 'paused') reply.header('retry-after', '3600')
  return sendPage(request, reply.code(notices[kind]), styles, text)
}
