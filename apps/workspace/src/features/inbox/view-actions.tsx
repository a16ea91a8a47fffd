import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { ownViews, type OwnView } from './inbox-search.ts'
import { viewsQuery } from './views.ts'

const keys: Partial<Record<OwnView, string>> = { mine: 'g m', nobody: 'g u', all: 'g a' }

/** Each list by its name in the palette, those that were saved too; the busiest have keys. */
export function ViewActions() {
  const { data: views } = useQuery(viewsQuery)
  return (
    <>
      {ownViews.map((view) => (
        <ViewAction key={view} view={view} name={t(`inbox.view.${view}`)} shortcut={keys[view]} />
      ))}
      {views?.map(({ id, name }) => (
        <ViewAction key={id} view={id} name={name} />
      ))}
    </>
  )
}

function ViewAction({ view, name, shortcut }: { view: string; name: string; shortcut?: string }) {
  const navigate = useNavigate()
  const run = () => void navigate({ to: '/tickets', search: { view } })
  useAction({ id: `in.go-${view}`, group: t('inbox.inbox'), name, icon: 'tray', keys: shortcut, run })
  return null
}
