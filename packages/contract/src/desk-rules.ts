import { z } from 'zod'
import { entry } from './entry.ts'

const deskRules = z.strictObject({
  thanksStaySolved: z.boolean().describe('whether a message that is nothing but thanks leaves a solved ticket solved'),
})
export type DeskRules = z.infer<typeof deskRules>

/** What the desk does by itself. */
export const deskRuleEntries = {
  rules: entry({
    method: 'GET',
    path: '/desk-rules',
    summary: 'What the desk does by itself',
    permission: 'tickets.read',
    reply: deskRules,
  }),
  changeRules: entry({
    method: 'PUT',
    path: '/desk-rules',
    summary: 'Change what the desk does by itself',
    permission: 'tickets.manage',
    body: deskRules,
    reply: deskRules,
  }),
} as const
