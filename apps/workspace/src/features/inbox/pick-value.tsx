import type { TicketChange } from '@lahko/contract'
import { t } from '../../platform/words.ts'
import { change, linesOf } from './changing.ts'
import { priorities } from './inbox-search.ts'
import { PickDialog } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const settable = ['open', 'waiting', 'on_hold', 'solved'] as const satisfies NonNullable<TicketChange['status']>[]

/** Whose turn it is. */
export function PickStatus({ ids, onClose }: Props) {
  const now = new Set(linesOf(ids).map(({ status }) => status))
  const take = async (id: string) => {
    onClose()
    const status = settable.find((one) => one === id)
    if (!status) return
    const done = t('inbox.hasStatus', { count: ids.length, status: t(`inbox.status.${status}`) })
    await change(ids, { status }, done)
  }
  return (
    <PickDialog
      title={t('inbox.setStatus')}
      label={t('inbox.whichStatus')}
      options={settable.map((status) => ({
        id: status,
        name: t(`inbox.status.${status}`),
        chosen: now.size === 1 && now.has(status),
      }))}
      onPick={(id) => void take(id)}
      onClose={onClose}
    />
  )
}

/** How much it matters beside the others. */
export function PickPriority({ ids, onClose }: Props) {
  const now = new Set(linesOf(ids).map(({ priority }) => priority))
  const take = async (id: string) => {
    onClose()
    const priority = priorities.find((one) => one === id)
    if (!priority) return
    const done = t('inbox.hasPriority', { count: ids.length, priority: t(`inbox.priority.${priority}`) })
    await change(ids, { priority }, done)
  }
  return (
    <PickDialog
      title={t('inbox.setPriority')}
      label={t('inbox.whichPriority')}
      options={priorities.map((priority) => ({
        id: priority,
        name: t(`inbox.priority.${priority}`),
        chosen: now.size === 1 && now.has(priority),
      }))}
      onPick={(id) => void take(id)}
      onClose={onClose}
    />
  )
}
