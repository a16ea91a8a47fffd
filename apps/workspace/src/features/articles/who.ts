import { t } from '../../platform/words.ts'
import { useMemberNames } from '../inbox/members.ts'

/** The names of some members by their ids; a program, a schedule or somebody who left has none. */
export function useWho(...ids: readonly (string | null | undefined)[]): (id: string | null) => string {
  const memberName = useMemberNames(ids)
  return (id) => memberName(id) ?? t('articles.nobodyKnown')
}
