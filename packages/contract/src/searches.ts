import { z } from 'zod'
import { entry } from './entry.ts'
import { id, instant, language, localDate, page, pageQuery, text } from './values.ts'

const settlementOutcomes = ['article', 'keywords', 'synonym', 'dismissed'] as const
export type SettlementOutcome = (typeof settlementOutcomes)[number]

/** Longer ones are cut. */
const mostLetters = 300

const unfound = z.object({
  question: z.string().describe('what makes it the same question: its stems by the alphabet'),
  words: z.string().describe('as it is asked most; addresses and long numbers are masked'),
  otherWords: z.array(z.string()),
  asked: z.int().describe('how often it was asked in vain'),
  foundNothing: z.int(),
  fittedPoorly: z.int().describe('something was found, and nothing that is likely an answer'),
  openedNothing: z.int().describe('something was suggested, and nothing of what was found was opened'),
  lastOn: localDate,
})
export type UnfoundQuestion = z.infer<typeof unfound>

const settlement = z.object({
  id,
  language,
  words: z.string(),
  outcome: z.enum(settlementOutcomes),
  at: instant,
  by: id.nullable().describe('a member; null for a program, or somebody who left'),
})
export type SearchSettlement = z.infer<typeof settlement>

const settlementId = z.object({ id })

/** What readers searched for, and did not find. Nothing says who they are. */
export const searches = {
  listUnfound: entry({
    method: 'GET',
    path: '/unfound-questions',
    summary: 'What was asked three times or more and not found, the most often and the hardest first',
    permission: 'articles.read',
    query: z.strictObject({
      ...pageQuery,
      language,
      from: localDate.optional(),
      to: localDate.optional(),
    }),
    reply: page(unfound),
  }),
  settle: entry({
    method: 'POST',
    path: '/search-settlements',
    summary: 'Say what was done about a question: it is counted anew from now on. Dismissed: it is not listed again',
    permission: 'articles.write',
    status: 201,
    body: z.strictObject({ language, question: text(mostLetters, 1), outcome: z.enum(settlementOutcomes) }),
    reply: settlement,
  }),
  listSettled: entry({
    method: 'GET',
    path: '/search-settlements',
    summary: 'Questions about which something was done, or which were dismissed, the newest first',
    permission: 'articles.read',
    query: z.strictObject(pageQuery),
    reply: page(settlement),
  }),
  unsettle: entry({
    method: 'DELETE',
    path: '/search-settlements/:id',
    summary: 'Take it back: the question is listed as before',
    permission: 'articles.write',
    params: settlementId,
  }),
} as const
