import { z } from 'zod'
import { entry } from './entry.ts'
import { priorities, settableStatuses } from './tickets.ts'
import { id, instant, language, page, pageQuery, text, translated } from './values.ts'

const actions = z.strictObject({
  status: z.enum(settableStatuses).optional(),
  priority: z.enum(priorities).optional(),
  addTags: z
    .array(text(40, 1).overwrite((given) => given.toLowerCase()))
    .max(20)
    .optional(),
  topic: text(80, 1).optional(),
  assignToMe: z.boolean().optional(),
})
export type MacroActions = z.infer<typeof actions>
export const macro = z.object({
  id,
  name: z.string(),
  shared: z.boolean(),
  texts: translated(20_000),
  actions,
  used: z.int(),
  usedAt: instant.nullable(),
})
export type Macro = z.infer<typeof macro>
const givenMacro = z.strictObject({
  name: text(60, 1),
  shared: z.boolean().default(true).describe('everybody’s, by whoever manages the desk; else one’s own'),
  texts: translated(20_000).refine((texts) => Object.values(texts).some(Boolean), { message: 'no_text' }),
  actions: actions.default({}),
})
const macroId = z.object({ id })

/** Canned answers, with what else is done when one is used. */
export const macros = {
  list: entry({
    method: 'GET',
    path: '/macros',
    summary: 'Macros by name: all, or those whose name holds some words',
    permission: 'tickets.read',
    query: z.strictObject({ ...pageQuery, search: text(60).optional() }),
    reply: page(macro),
  }),
  create: entry({
    method: 'POST',
    path: '/macros',
    summary: 'Make a macro',
    permission: 'tickets.write',
    status: 201,
    body: givenMacro,
    reply: macro,
  }),
  change: entry({
    method: 'PUT',
    path: '/macros/:id',
    summary: 'Change a macro',
    permission: 'tickets.write',
    params: macroId,
    body: givenMacro,
    reply: macro,
  }),
  remove: entry({
    method: 'DELETE',
    path: '/macros/:id',
    summary: 'Remove a macro',
    permission: 'tickets.write',
    params: macroId,
  }),
  fill: entry({
    method: 'GET',
    path: '/macros/:id/text/:ticketId',
    summary:
      'A macro’s text for one ticket, its variables filled in, in the customer’s language as far as there is one',
    permission: 'tickets.read',
    params: z.object({ id, ticketId: id }),
    reply: z.object({ name: z.string(), text: z.string(), language, actions }),
  }),
} as const
