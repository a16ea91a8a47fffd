import type { Programme } from '@lahko/contract'
import { queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'

export const programmesQuery = queryOptions({
  queryKey: ['programmes'],
  queryFn: ({ signal }) => api.programmes.list({ signal }),
})

export const rulesQuery = queryOptions({
  queryKey: ['asking-rules'],
  queryFn: ({ signal }) => api.programmes.rules({ signal }),
})

/** Does something to programmes, shows what became of them, and says so; `back` takes it back. */
async function act(
  work: () => Promise<unknown>,
  done: string,
  back?: { work: () => Promise<unknown>; done: string },
): Promise<boolean> {
  try {
    await work()
    say(done, back && (() => void act(back.work, back.done)))
    return true
  } catch (error) {
    sayFailure(error)
    return false
  } finally {
    void queries.invalidateQueries({ queryKey: ['programmes'] })
    void queries.invalidateQueries({ queryKey: ['invitations'] })
  }
}

/** Turns a programme on or off at once; what is called off by that waits again when it is taken back. */
export function turn(programme: Programme, state: 'on' | 'off'): Promise<boolean> {
  const { id, name } = programme
  queries.setQueryData<{ items: Programme[] }>(
    ['programmes'],
    (before) => before && { items: before.items.map((one) => (one.id === id ? { ...one, state } : one)) },
  )
  return act(
    () => api.programmes.setState({ params: { id }, body: { state } }),
    t(`programmes.turned.${state}`, { name }),
    state === 'off'
      ? {
          work: () => api.programmes.setState({ params: { id }, body: { state: 'on', callBack: true } }),
          done: t('programmes.back', { name }),
        }
      : undefined,
  )
}

/** Removes a programme; for ten seconds it can be brought back, with what its removal called off. */
export function remove({ id, name }: Programme): Promise<boolean> {
  return act(() => api.programmes.remove({ params: { id } }), t('programmes.removed', { name }), {
    work: () => api.programmes.restore({ params: { id } }),
    done: t('programmes.back', { name }),
  })
}

/** Puts programmes into an order at once; what the server makes of it follows. */
export async function reorder(items: readonly Programme[]): Promise<void> {
  queries.setQueryData(['programmes'], { items: [...items] })
  try {
    const saved = await api.programmes.order({ body: { ids: items.map(({ id }) => id) } })
    queries.setQueryData(['programmes'], saved)
  } catch (error) {
    sayFailure(error)
    void queries.invalidateQueries({ queryKey: ['programmes'] })
  }
}
