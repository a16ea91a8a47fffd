import { useParams } from '@tanstack/react-router'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { openNext } from './next-ticket.ts'

/** Gives the ticket that matters most. */
export function NextButton() {
  const { id } = useParams({ strict: false })
  if (!useMay('tickets.write')) return null
  return (
    <button
      type="button"
      className="button"
      data-size="small"
      data-tone="accent"
      aria-keyshortcuts="."
      onClick={() => void openNext(id)}
    >
      {t('inbox.next')}
    </button>
  )
}
