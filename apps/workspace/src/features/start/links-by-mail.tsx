import { useMutation } from '@tanstack/react-query'
import { api, sayProblem } from '../../platform/api.ts'
import { Banner } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { screenOf } from './where-to.ts'

type Kind = 'password' | 'session'

/** For whoever has no password at hand. What is said is the same whether the address has an account. */
export function LinksByMail({ email, to }: { email: string; to: string | undefined }) {
  const ask = useMutation({
    mutationFn: async (kind: Kind) => {
      if (email.trim() === '') return { kind, email: null }
      const body = { email: email.trim() }
      if (kind === 'password') await api.accounts.askForPasswordLink({ body })
      else await api.accounts.askForSignInLink({ body: { ...body, to: screenOf(to ?? '') || undefined } })
      return { kind, email: email.trim() }
    },
  })
  const button = (kind: Kind, label: string) => (
    <button
      className="button"
      data-tone="plain"
      data-size="small"
      type="button"
      disabled={ask.isPending}
      onClick={() => ask.mutate(kind)}
    >
      {label}
    </button>
  )
  return (
    <div className="stack" data-gap="2">
      <div className="buttons st-links">
        {button('session', t('start.sendLink'))}
        {button('password', t('start.forgot'))}
      </div>
      <div aria-live="polite">
        {ask.data?.email === null && <p>{t('start.fillEmail')}</p>}
        {ask.data?.email && <p>{t('start.linkAsked', { email: ask.data.email, kind: ask.data.kind })}</p>}
        {ask.isError && (
          <Banner tone="bad">
            <p>{sayProblem(ask.error)}</p>
          </Banner>
        )}
      </div>
    </div>
  )
}
