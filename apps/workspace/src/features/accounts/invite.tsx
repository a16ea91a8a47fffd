import { roles, type Role } from '@lahko/contract/permissions'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, queries } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { SelectField, TextField } from '../../platform/field.tsx'
import { moment } from '../../platform/format.ts'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { startQuery } from '../shell/me.ts'

/** The link that was made last. `email` and `id` are the invitation's when it was mailed as well. */
export type Made = { url: string; expiresAt: string; email: string | null; id: string | null }
type Props = { grantable: readonly Role[]; made: Made | null; onMade: (made: Made | null) => void }

/** Adds somebody: by mail, or by a link that is handed over otherwise. */
export function Invite({ grantable, made, onMade }: Props) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const invite = useMutation({
    mutationFn: () => api.accounts.createMemberInvitation({ body: { email, role } }),
    onSuccess: ({ invitation, url }) => {
      onMade({ url, ...invitation })
      setEmail('')
      void queries.invalidateQueries({ queryKey: ['member-invitations'] })
    },
    onError: (error) => problemAt(error, 'email') === undefined && sayFailure(error),
  })
  const link = useMutation({
    mutationFn: () => api.accounts.inviteMember({ body: { role } }),
    onSuccess: (link) => onMade({ ...link, email: null, id: null }),
    onError: sayFailure,
  })
  return (
    <section>
      <h2>{t('accounts.addMember')}</h2>
      <p className="quiet">{t('accounts.addMemberHint')}</p>
      <form className="stack" onSubmit={(event) => (event.preventDefault(), invite.mutate())}>
        <TextField
          label={t('accounts.inviteEmail')}
          type="email"
          autoComplete="off"
          required
          value={email}
          problem={problemAt(invite.error, 'email')}
          onChange={setEmail}
        />
        <SelectField
          label={t('accounts.role')}
          hint={t('start.joinAs', { role })}
          value={role}
          options={roles
            .filter((one) => grantable.includes(one))
            .map((one) => [one, t(`accounts.role.${one}`)] as const)}
          onChange={(one) => (setRole(one), onMade(null))}
        />
        <div className="buttons">
          <button className="button" data-tone="accent" disabled={invite.isPending}>
            {t('accounts.sendInvitation')}
          </button>
          <button className="button" type="button" disabled={link.isPending} onClick={() => link.mutate()}>
            {t('accounts.makeLink')}
          </button>
        </div>
      </form>
      {made?.id === null && <LinkMade {...made} />}
    </section>
  )
}

/** The link of an invitation, which can be copied whether or not a mail goes out. */
export function LinkMade({ url, expiresAt, email }: Made) {
  const start = useQuery(startQuery)
  return (
    <div className="stack" data-gap="2" aria-live="polite">
      {email !== null && start.data && (
        <p>{t(start.data.sendsLinks ? 'accounts.mailTo' : 'accounts.noMailYet', { email })}</p>
      )}
      <div className="se-copy">
        <input className="input" id="member-link" readOnly aria-label={t('accounts.memberLink')} value={url} />
        <CopyButton text={url} field="member-link" />
      </div>
      <p className="quiet">{t('accounts.linkUntil', { date: moment(expiresAt) })}</p>
    </div>
  )
}
