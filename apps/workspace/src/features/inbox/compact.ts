import { api, queries } from '../../platform/api.ts'
import { sayFailure } from '../../platform/toasts.tsx'
import { meQuery, useMe } from '../shell/me.ts'

/** Whether the reader wants the desk denser, and how they say so: kept on the server, for every device of theirs. */
export function useCompact(): [boolean, (on: boolean) => void] {
  return [useMe().compact, (on) => void setCompact(on)]
}

async function setCompact(compact: boolean): Promise<void> {
  const put = (on: boolean) => queries.setQueryData(meQuery.queryKey, (me) => me && { ...me, compact: on })
  put(compact)
  try {
    await api.accounts.changeMe({ body: { compact } })
  } catch (error) {
    put(!compact)
    sayFailure(error)
  }
}
