import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { TextField } from '../../platform/field.tsx'
import { Trouble } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { startQuery, useTitle } from '../shell/me.ts'
import { DemoButton } from './demo-button.tsx'
import { Frame, Languages } from './frame.tsx'
import { LinksByMail } from './links-by-mail.tsx'
import { whereTo } from './where-to.ts'

const route = getRouteApi('/sign-in')

/** Name and password, and back to where one wanted to go. */
export function SignInPage() {
  const { to } = route.useSearch()
  const start = useQuery(startQuery)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  useTitle(t('start.signIn'))
  const signIn = useMutation({
    mutationFn: () => api.accounts.signIn({ body: { email, password } }),
    onSuccess: ({ workspaceUrl }) => location.assign(whereTo(workspaceUrl, to)),
  })
  const host = start.data?.hostWorkspace
  return (
    <Frame
      narrow
      title={host ? t('start.signInTo', { name: host.name }) : t('start.signIn')}
      foot={
        <>
          <Languages />
          {(start.data?.signUpOpen || start.data?.demo) && <Link to="/start">{t('start.firstScreen')}</Link>}
        </>
      }
    >
      {host?.kind === 'demo' && start.data?.signUpOpen && (
        <div className="stack" data-gap="3">
          <p className="quiet">{t('start.demoIs')}</p>
          <div>
            <DemoButton />
          </div>
        </div>
      )}
      <form className="st-form" onSubmit={(event) => (event.preventDefault(), signIn.mutate())}>
        <Trouble error={signIn.error} />
        <TextField
          label={t('start.email')}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={setEmail}
        />
        <TextField
          label={t('start.password')}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={setPassword}
        />
        <div className="buttons">
          <button className="button" data-tone="accent" disabled={signIn.isPending || signIn.isSuccess}>
            {t('start.signIn')}
          </button>
        </div>
      </form>
      {start.data?.sendsLinks === true && <LinksByMail email={email} to={to} />}
      {start.data?.sendsLinks === false && <p className="quiet">{t('start.lost')}</p>}
    </Frame>
  )
}
