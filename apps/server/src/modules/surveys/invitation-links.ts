import { createHmac, type KeyObject } from 'node:crypto'
import type { Language } from '@lahko/contract/values'
import { hashToken } from '#platform/secrets.ts'

/**
 * The capability of an invitation's links, 43 characters. It can be made again, so that a reminder has the same links,
 * and is looked up by its hash.
 */
export function invitationToken(formKey: KeyObject, invitationId: string): string {
  return createHmac('sha256', formKey).update(`invitation ${invitationId}`).digest('base64url')
}

/** What may be looked up; anything else is no token. */
export function hashOfToken(token: string): Buffer | undefined {
  return /^[A-Za-z0-9_-]{43}$/.test(token) ? hashToken(token) : undefined
}

/** The addresses in one mail. */
export type InvitationLinks = {
  /** The question with a value chosen, or with none. */
  answer(value?: number): string
  unsubscribe: string
  /** For the header of the one-click unsubscribe: without a language, which a program does not speak. */
  oneClick: string
  privacy: string
}

/** Where a test leads: its answers count nothing, and nobody unsubscribes by it. */
export function trialLinksOf(origin: string, trial: string, language: Language): InvitationLinks {
  const unsubscribe = `${origin}/unsubscribe/trial`
  return {
    answer: (value) => `${trial}?${value === undefined ? '' : `score=${value}&`}lang=${language}`,
    unsubscribe: `${unsubscribe}?lang=${language}`,
    oneClick: unsubscribe,
    privacy: `${origin}/privacy?lang=${language}`,
  }
}

/** @param wording of the scale that the mail shows: where another is asked meanwhile, nothing is chosen */
export function linksOf(origin: string, token: string, language: Language, wording: number): InvitationLinks {
  return {
    answer: (value) =>
      `${origin}/a/${token}?${value === undefined ? '' : `score=${value}&wording=${wording}&`}lang=${language}`,
    unsubscribe: `${origin}/unsubscribe/${token}?lang=${language}`,
    oneClick: `${origin}/unsubscribe/${token}`,
    privacy: `${origin}/privacy?lang=${language}`,
  }
}
