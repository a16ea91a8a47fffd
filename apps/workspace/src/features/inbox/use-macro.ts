import type { MacroActions } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMe } from '../shell/me.ts'
import type { Change } from './changing.ts'
import { membersQuery } from './inbox-data.ts'

type Taken = { id: string; name: string; actions: MacroActions }

/** The macro whose text was taken, and what it does when the text is sent. */
export function useMacro() {
  const [taken, setTaken] = useState<Taken>()
  const { data: members } = useQuery(membersQuery)
  const account = useMe().account?.email
  return {
    taken,
    ownId: members?.find(({ email }) => email === account)?.id,
    take: (macro: Taken) => setTaken(macro),
    /** Its text stays; what it would do besides is not done. */
    without: (part: keyof MacroActions) =>
      setTaken((before) => before && { ...before, actions: { ...before.actions, [part]: undefined } }),
    drop: () => setTaken(undefined),
  }
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
