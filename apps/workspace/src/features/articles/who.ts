import { useQuery } from '@tanstack/react-query'
import { t } from '../../platform/words.ts'
import { membersQuery } from '../inbox/inbox-data.ts'

/** The name of a member by their id; a program, a schedule or somebody who left has none. */
export function useWho(): (id: string | null) => string {
  const { data: members } = useQuery(membersQuery)
  return (id) => members?.find((one) => one.id === id)?.name ?? t('articles.nobodyKnown')
}
