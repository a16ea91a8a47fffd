import { useQuery } from '@tanstack/react-query'
import { membersQuery } from '../inbox/inbox-data.ts'
import { useMay, useMe } from '../shell/me.ts'

/** Who reads the list, as far as reviews go: nobody is asked for who is not known yet. */
export type Self = { id: string | undefined; publishes: boolean }

/** The member who is signed in. */
export function useSelf(): Self {
  const email = useMe().account?.email
  const { data: members } = useQuery(membersQuery)
  return { id: members?.find((one) => one.email === email)?.id, publishes: useMay('articles.publish') }
}
