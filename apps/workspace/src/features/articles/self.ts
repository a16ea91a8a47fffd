import { useMay, useMe } from '../shell/me.ts'

/** Who reads the list, as far as reviews go. */
export type Self = { id: string | undefined; publishes: boolean }

/** The member who is signed in. */
export function useSelf(): Self {
  return { id: useMe().memberId ?? undefined, publishes: useMay('articles.publish') }
}
