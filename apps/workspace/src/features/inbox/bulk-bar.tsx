import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { areSolved, solveOrReopen } from './desk-keys.ts'
import { pick } from './picking.ts'
import { clearSelection, selectAll, useSelection } from './selection.ts'

/** What can be done with all that are chosen; each can be taken back at once. */
export function BulkBar({ ids }: { ids: readonly string[] }) {
  const selection = useSelection()
  const mayWrite = useMay('tickets.write')
  const those = [...selection]
  return (
    <fieldset className="in-bulk" aria-label={t('inbox.withChosen')}>
      <span className="in-bulk-count" aria-live="polite">
        {t('inbox.chosen', { count: selection.size })}
      </span>
      {mayWrite && (
        <>
          <button type="button" className="button" data-size="small" onClick={() => void solveOrReopen(those)}>
            {t(areSolved(those) ? 'inbox.reopen' : 'inbox.solve')}
          </button>
          <button type="button" className="button" data-size="small" onClick={() => pick('assign', those)}>
            {t('inbox.assignShort')}
          </button>
          <button type="button" className="button" data-size="small" onClick={() => pick('tag', those)}>
            {t('inbox.tagShort')}
          </button>
          <button type="button" className="button" data-size="small" onClick={() => pick('snooze', those)}>
            {t('inbox.snoozeButton')}
          </button>
        </>
      )}
      {selection.size < ids.length && (
        <button type="button" className="button" data-size="small" data-tone="plain" onClick={() => selectAll(ids)}>
          {t('inbox.chooseAll')}
        </button>
      )}
      <button type="button" className="button" data-size="small" data-tone="plain" onClick={clearSelection}>
        {t('inbox.chooseNone')}
      </button>
    </fieldset>
  )
}
