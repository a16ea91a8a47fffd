import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '../../platform/api.ts'
import { number } from '../../platform/format.ts'
import { Failed } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'

/** Makes the demo if there is none, says how far it is, and enters it. */
export function DemoButton({ accent, label = t('start.lookAtDemo') }: { accent?: boolean; label?: string }) {
  const open = useMutation({
    mutationFn: () => api.accounts.openDemo(),
    onSuccess: ({ ready, workspaceUrl }) => ready && location.assign(workspaceUrl),
  })
  const building = open.data?.ready === false
  const progress = useQuery({
    queryKey: ['demo', 'progress'],
    queryFn: () => api.accounts.demoProgress(),
    enabled: building,
    refetchInterval: ({ state }) => (state.data?.state === 'building' || !state.data ? 400 : false),
  })
  const { state, done = 0, total = 0 } = progress.data ?? {}
  const { mutate } = open
  useEffect(() => {
    if (building && state === 'ready') mutate()
  }, [building, state, mutate])
  if (open.isError || state === 'failed') return <Failed error={open.error} retry={() => mutate()} />
  if (building)
    return (
      <div className="st-progress" aria-live="polite">
        <label htmlFor="demo-progress">
          {t('start.building', { begun: total > 0 ? 'yes' : 'no', done: number(done), total: number(total) })}
        </label>
        <progress className="progress" id="demo-progress" value={total ? done : undefined} max={total || 1} />
      </div>
    )
  return (
    <button
      className="button"
      data-tone={accent ? 'accent' : undefined}
      type="button"
      disabled={open.isPending || open.isSuccess}
      onClick={() => mutate()}
    >
      {label}
    </button>
  )
}
