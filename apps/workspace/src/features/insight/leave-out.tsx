import type { Response } from '@lahko/contract'
import { api, queries } from '../../platform/api.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'

/** Leaves an answer out of the figures, or counts it again. */
export function LeaveOut({ row }: { row: Pick<Response, 'id' | 'excluded'> }) {
  const may = useMay('responses.exclude')
  if (!may) return null
  if (row.excluded)
    return (
      <button type="button" className="in-link" onClick={() => void include(row.id)}>
        {t('insight.countAgain', { reason: row.excluded })}
      </button>
    )
  return (
    <Popover className="in-link" label={t('insight.leaveOut')} arrow={false}>
      {(close) =>
        (['spam', 'test'] as const).map((reason) => (
          <MenuItem key={reason} onPick={() => (close(), void exclude(row.id, reason))}>
            {t(`insight.reason.${reason}`)}
          </MenuItem>
        ))
      }
    </Popover>
  )
}

async function exclude(id: string, reason: 'spam' | 'test'): Promise<void> {
  try {
    await api.surveys.exclude({ params: { id }, body: { reason } })
    say(t('insight.isLeftOut'), () => void include(id))
    await refresh()
  } catch (error) {
    sayFailure(error)
  }
}

async function include(id: string): Promise<void> {
  try {
    await api.surveys.include({ params: { id } })
    say(t('insight.isCountedAgain'))
    await refresh()
  } catch (error) {
    sayFailure(error)
  }
}

function refresh(): Promise<unknown> {
  return Promise.all([
    queries.invalidateQueries({ queryKey: ['responses'] }),
    queries.invalidateQueries({ queryKey: ['insight'] }),
  ])
}
