import { useNow } from '../../platform/now.ts'
import { useMe } from '../shell/me.ts'

/** The local date of the workspace, `YYYY-MM-DD`. */
export function useToday(): string {
  const { timeZone } = useMe().workspace
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(useNow())
}
