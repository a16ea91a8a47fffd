import { useMutation } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'
import { Banner } from '../../platform/states.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useMe } from './me.ts'

/** Says on every screen that this is the demo, and takes it away with one click. */
export function DemoBanner() {
  const { workspace } = useMe()
  const mayRemove = useMay('workspace.manage')
  const remove = useMutation({
    mutationFn: () => api.accounts.removeDemo(),
    onSuccess: () => location.assign('/app/start'),
    onError: sayFailure,
  })
  if (workspace.kind !== 'demo') return null
  return (
    <div className="sh-demo">
      <Banner>
        <p>
          <strong>{t('shell.demoShop')}</strong> {t('shell.demoMadeUp')}{' '}
          {mayRemove && <span className="quiet">{t('shell.demoRemoval')}</span>}
        </p>
        <a className="button" data-size="small" href="/demo/customer" target="_blank" rel="noopener">
          {t('shell.demoCustomer')}
        </a>
        {mayRemove && (
          <button
            className="button"
            data-size="small"
            type="button"
            disabled={remove.isPending}
            onClick={() => remove.mutate()}
          >
            {remove.isPending ? t('shell.demoRemoving') : t('shell.demoRemove')}
          </button>
        )}
      </Banner>
    </div>
  )
}
