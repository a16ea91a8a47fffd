import { z } from 'zod'
import { entry } from './entry.ts'
import { instant } from './values.ts'

/** For whom of several members an answer about a ticket counts. */
export const agentRules = ['solved', 'wrote_most', 'owned_longest'] as const
export type AgentRule = (typeof agentRules)[number]

const deskRules = z.strictObject({
  thanksStaySolved: z.boolean().describe('whether a message that is nothing but thanks leaves a solved ticket solved'),
  answersCountFor: z
    .enum(agentRules)
    .describe('for whom answers count about tickets that are over from now on; what stands is not rewritten'),
})
const deskRulesInForce = deskRules.extend({
  answersCountForSince: instant.nullable().describe('since when they count so; null: they always did'),
})
export type GivenDeskRules = z.infer<typeof deskRules>
export type DeskRules = z.infer<typeof deskRulesInForce>

/** What the desk does by itself. */
export const deskRuleEntries = {
  rules: entry({
    method: 'GET',
    path: '/desk-rules',
    summary: 'What the desk does by itself',
    permission: 'tickets.read',
    reply: deskRulesInForce,
  }),
  changeRules: entry({
    method: 'PUT',
    path: '/desk-rules',
    summary: 'Change what the desk does by itself',
    permission: 'tickets.manage',
    body: deskRules,
    reply: deskRulesInForce,
  }),
} as const
