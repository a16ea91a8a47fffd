import { useActions, useShortcuts } from '../../platform/actions.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { Caps } from './palette.tsx'

/** The sheet of shortcuts that work on this screen, and the switch that turns them off. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const [on, turn] = useShortcuts()
  const groups = Map.groupBy(
    useActions().filter((action) => action.keys),
    (action) => action.group,
  )
  return (
    <Dialog title={t('shell.shortcuts')} onClose={onClose}>
      <div className="stack">
        <Choice kind="switch" checked={on} onChange={turn} hint={t('shell.shortcutsHint')}>
          {t('shell.shortcutsOn')}
        </Choice>
        {[...groups].map(([group, actions]) => (
          <section key={group} className="section">
            <h3 className="label">{group}</h3>
            <dl className="sh-keys">
              {actions.map((action) => (
                <div key={action.id}>
                  <dt>{action.name}</dt>
                  <dd>
                    <Caps keys={action.keys ?? ''} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
