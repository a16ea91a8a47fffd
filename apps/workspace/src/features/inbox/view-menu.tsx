import type { TicketView } from '@lahko/contract'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { useCompact } from './compact.ts'
import { removeView } from './changing-views.ts'
import { filterOf, type InboxSearch } from './inbox-search.ts'
import { pick } from './picking.ts'
import { SaveView } from './save-view.tsx'

const route = getRouteApi('/inside/tickets')
type Props = { search: InboxSearch; views: readonly TicketView[] | undefined }

/** Keeping a list as a view, changing one, and beginning a ticket. */
export function ViewMenu({ search, views }: Props) {
  const [saving, setSaving] = useState<'new' | TicketView>()
  const navigate = route.useNavigate()
  const mayWrite = useMay('tickets.write')
  const [compact, setCompact] = useCompact()
  const mayManage = useMay('tickets.manage')
  const saved = views?.find(({ id }) => id === search.view)
  const mayChange = saved && (!saved.shared || mayManage)
  const group = t('inbox.inbox')
  const keep = () => setSaving('new')
  const isList = search.find === undefined && filterOf(search, views) !== undefined
  useAction(isList ? { id: 'in.save-view', group, name: t('inbox.saveView'), icon: 'tray', run: keep } : null)
  const rename = () => setSaving(saved)
  const remove = (view: TicketView) => {
    // Whoever has gone on to something else stays there.
    const isStillHere = () => new URLSearchParams(location.search).get('view') === view.id
    void removeView(view, (again) => isStillHere() && void navigate({ search: { view: again }, replace: true }))
  }
  useAction(
    mayChange ? { id: 'in.rename-view', group, name: t('inbox.renameView'), icon: 'settings', run: rename } : null,
  )
  return (
    <>
      <Popover size="small" tone="plain" iconOnly arrow={false} label={<Icon name="more" />} name={t('inbox.listMenu')}>
        {(close) => {
          const done = (act: () => void) => () => (close(), act())
          return (
            <>
              {mayWrite && (
                <MenuItem icon="plus" onPick={done(() => pick('new', []))} end={<span className="kbd">c</span>}>
                  {t('inbox.newTicket')}
                </MenuItem>
              )}
              {isList && (
                <MenuItem icon="tray" onPick={done(keep)}>
                  {t('inbox.saveView')}
                </MenuItem>
              )}
              <MenuItem icon="table" chosen={compact} onPick={done(() => setCompact(!compact))}>
                {t('inbox.compact')}
              </MenuItem>
              {mayChange && (
                <>
                  <MenuItem icon="settings" onPick={done(rename)}>
                    {t('inbox.renameView')}
                  </MenuItem>
                  <MenuItem icon="cross" bad onPick={done(() => remove(saved))}>
                    {t('inbox.removeView')}
                  </MenuItem>
                </>
              )}
            </>
          )
        }}
      </Popover>
      {saving && (
        <SaveView
          view={saving === 'new' ? undefined : saving}
          search={search}
          views={views}
          onClose={() => setSaving(undefined)}
        />
      )}
    </>
  )
}
