import type { MacroActions } from '@lahko/contract'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { useMe } from '../shell/me.ts'
import type { Change } from './changing.ts'
import type { useDraft } from './use-draft.ts'

/** A macro's text for one ticket, and what it does. */
export function filledQuery(id: string, ticketId: string) {
  return queryOptions({
    queryKey: ['macros', 'filled', id, ticketId],
    queryFn: ({ signal }) => api.macros.fill({ params: { id, ticketId }, signal }),
    staleTime: 60_000,
  })
}

/** The macro whose text was taken, and what it does when the text is sent; a draft that is opened again has it still. */
export function useMacro(ticketId: string, { written: { macroId, leftOut = [] }, write }: ReturnType<typeof useDraft>) {
  const { data, isPending } = useQuery({ ...filledQuery(macroId ?? '', ticketId), enabled: macroId !== undefined })
  const { memberId } = useMe()
  return {
    taken:
      macroId !== undefined && data ? { name: data.name, actions: withoutParts(data.actions, leftOut) } : undefined,
    /** What it does is not known yet. */
    waits: macroId !== undefined && isPending,
    ownId: memberId ?? undefined,
    take: (id: string) => write({ macroId: id, leftOut: undefined }),
    /** Its text stays; what it would do besides is not done. */
    without: (part: keyof MacroActions) => write({ leftOut: [...leftOut, part] }),
  }
}

function withoutParts(actions: MacroActions, left: readonly (keyof MacroActions)[]): MacroActions {
  return Object.fromEntries(Object.entries(actions).filter(([part]) => !left.some((one) => one === part)))
}

/** What a macro does to the ticket besides its text and the status, which is sent with the text. */
export function changeOf(actions: MacroActions, ownId: string | undefined): Change | undefined {
  const { priority, addTags, topic, assignToMe } = actions
  const part: Change = {
    ...(priority && { priority }),
    ...(addTags && addTags.length > 0 && { addTags }),
    ...(topic && { topic }),
    ...(assignToMe && ownId && { ownerId: ownId }),
  }
  return Object.keys(part).length > 0 ? part : undefined
}
