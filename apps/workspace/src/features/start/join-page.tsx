import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemAt } from '../../platform/api.ts'
import { Choice, TextField } from '../../platform/field.tsx'
import { Trouble, Waiting } from '../../platform/states.tsx'
import { language, t } from '../../platform/words.ts'
import { useTitle } from '../shell/me.ts'
import { Frame, Languages } from './frame.tsx'
import { LinkOver } from './link-over.tsx'

const route = getRouteApi('/join/$token')

/** A link from a colleague: become a member, with a new account or the one that one has. */
export function JoinPage() {
  const { token } = route.useParams()
  const link = useQuery({
    queryKey: ['member-link', token],
    queryFn: () => api.accounts.memberLink({ params: { token } }),
  })
  useTitle(t('start.join'))
  if (link.isPending) return <Waiting />
  if (link.isError)
    return (
      <LinkOver error={link.error} why={t('start.invitationGone')}>
        {t('start.joinedAlready')}
      </LinkOver>
    )
  const { workspaceName, role, email } = link.data
  return (
    <Frame
      narrow
      title={t('start.joinTo', { name: workspaceName })}
      lead={t('start.joinAs', { role })}
      foot={<Languages />}
    >
      <JoinForm token={token} email={email ?? ''} />
    </Frame>
  )
}

function JoinForm({ token, email }: { token: string; email: string }) {
  const [known, setKnown] = useState(false)
  const [form, setForm] = useState({ name: '', email, password: '' })
  const put = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const join = useMutation({
    mutationFn: ({ name, ...rest }: typeof form) =>
      api.accounts.acceptMemberLink({
        params: { token },
        body: known ? rest : { name, ...rest, language: language() },
      }),
    onSuccess: ({ workspaceUrl }) => location.assign(workspaceUrl),
  })
  return (
    <form className="st-form" onSubmit={(event) => (event.preventDefault(), join.mutate(form))}>
      <Trouble error={join.error} />
      <Choice checked={known} onChange={setKnown} hint={t('start.haveAccountHint')}>
        {t('start.haveAccount')}
      </Choice>
      {!known && (
        <TextField
          label={t('start.name')}
          autoComplete="name"
          required
          maxLength={80}
          value={form.name}
          problem={problemAt(join.error, 'name')}
          onChange={(name) => put({ name })}
        />
      )}
      <TextField
        label={t('start.email')}
        type="email"
        autoComplete="username"
        required
        value={form.email}
        problem={problemAt(join.error, 'email')}
        onChange={(email) => put({ email })}
      />
      <TextField
        label={t('start.password')}
        hint={known ? undefined : t('start.passwordHint')}
        type="password"
        autoComplete={known ? 'current-password' : 'new-password'}
        required
        minLength={10}
        wrong={t('start.passwordShort')}
        value={form.password}
        problem={problemAt(join.error, 'password')}
        onChange={(password) => put({ password })}
      />
      <div className="buttons">
        <button className="button" data-tone="accent" disabled={join.isPending || join.isSuccess}>
          {t('start.join')}
        </button>
      </div>
    </form>
  )
}
