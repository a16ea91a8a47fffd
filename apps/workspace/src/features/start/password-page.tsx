import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemAt, sayProblem } from '../../platform/api.ts'
import { TextField } from '../../platform/field.tsx'
import { Banner, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import { Frame, Languages } from './frame.tsx'
import { LinkOver } from './link-over.tsx'

const route = getRouteApi('/password/$token')

/** A link from a mail: set a new password. */
export function PasswordPage() {
  const { token } = route.useParams()
  const link = useQuery({
    queryKey: ['password-link', token],
    queryFn: () => api.accounts.passwordLink({ params: { token } }),
  })
  useTitle(t('start.newPassword'))
  if (link.isPending) return <Waiting />
  if (link.isError) return <LinkOver error={link.error} />
  const { email } = link.data
  return (
    <Frame narrow title={t('start.newPassword')} lead={t('start.newPasswordFor', { email })} foot={<Languages />}>
      <PasswordForm token={token} email={email} />
    </Frame>
  )
}

function PasswordForm({ token, email }: { token: string; email: string }) {
  const [password, setPassword] = useState('')
  const set = useMutation({
    mutationFn: () => api.accounts.setPasswordByLink({ params: { token }, body: { password } }),
    onSuccess: ({ workspaceUrl }) => location.assign(workspaceUrl),
  })
  const problem = problemAt(set.error, 'password')
  return (
    <form className="st-form" onSubmit={(event) => (event.preventDefault(), set.mutate())}>
      {set.isError && problem === undefined && (
        <Banner tone="bad" alert>
          <p>{sayProblem(set.error)}</p>
        </Banner>
      )}
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <TextField
        label={t('start.password')}
        hint={t('start.passwordHint')}
        type="password"
        autoComplete="new-password"
        required
        minLength={10}
        wrong={t('start.passwordShort')}
        value={password}
        problem={problem}
        onChange={setPassword}
      />
      <div className="buttons">
        <button className="button" data-tone="accent" disabled={set.isPending || set.isSuccess}>
          {t('start.setPassword')}
        </button>
      </div>
    </form>
  )
}
