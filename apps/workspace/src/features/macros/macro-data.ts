import type { Language, Macro, MacroActions } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { sayFailure, say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'

/** A macro as it is written; `id` is missing as long as it is new. */
export type Writing = {
  id?: string
  name: string
  shared: boolean
  texts: Partial<Record<Language, string>>
  actions: MacroActions
}

export const statuses = ['open', 'waiting', 'on_hold', 'solved'] as const
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export const variables = [
  'customer.name',
  'customer.organisation',
  'agent',
  'company',
  'ticket.number',
  'ticket.subject',
] as const

/** Known of every ticket, so that nothing has to stand in for them. */
const always: readonly string[] = ['agent', 'company', 'ticket.number', 'ticket.subject']

/** A variable as it stands in a text. */
export function written(variable: string): string {
  return always.includes(variable) ? `{${variable}}` : `{${variable}|…}`
}

/** Only what is written, so that an empty language is none. */
export function bodyOf({ name, shared, texts, actions }: Writing) {
  const { addTags = [], ...rest } = actions
  return {
    ...{ name, shared },
    texts: Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim() !== '')),
    actions: { ...rest, ...(addTags.length > 0 && { addTags }) },
  }
}

/** Reads all lists of macros anew. */
export function readMacros(): void {
  void queries.invalidateQueries({ queryKey: ['macros'] })
}

/** Removes a macro; for ten seconds it can be made again. */
export async function removeMacro(macro: Macro): Promise<void> {
  try {
    await api.macros.remove({ params: { id: macro.id } })
    say(t('macros.removed', { name: macro.name }), () => {
      void api.macros
        .create({ body: bodyOf(macro) })
        .catch(sayFailure)
        .finally(readMacros)
    })
  } catch (error) {
    sayFailure(error)
  }
  readMacros()
}
