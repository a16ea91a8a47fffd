import { useRef } from 'react'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { meQuery, useMe } from '../shell/me.ts'

/** The picture beside the company's name on customers' pages. */
export function Logo() {
  const { logoUrl } = useMe().workspace
  const file = useRef<HTMLInputElement>(null)
  const done = async (work: () => Promise<unknown>, words: string) => {
    try {
      await work()
      await queries.invalidateQueries({ queryKey: meQuery.queryKey })
      say(words)
    } catch (error) {
      sayFailure(error)
    }
  }
  const take = (chosen: File | undefined) =>
    chosen && void done(() => api.accounts.setLogo({ upload: chosen }), t('accounts.logoSet'))
  return (
    <div className="field">
      <span className="field-label">{t('accounts.logo')}</span>
      <p className="hint">{t('accounts.logoHint')}</p>
      <div className="buttons">
        {logoUrl && <img className="se-logo" src={logoUrl} alt={t('accounts.logoNow')} />}
        <button className="button" type="button" onClick={() => file.current?.click()}>
          {t('accounts.logoChoose')}
        </button>
        {logoUrl && (
          <button
            className="button"
            data-tone="plain"
            type="button"
            onClick={() => void done(() => api.accounts.removeLogo(), t('accounts.logoRemoved'))}
          >
            {t('accounts.logoRemove')}
          </button>
        )}
        <input
          ref={file}
          type="file"
          hidden
          accept="image/png,image/jpeg,image/webp"
          aria-label={t('accounts.logo')}
          onChange={(event) => (take(event.target.files?.[0]), (event.target.value = ''))}
        />
      </div>
    </div>
  )
}
