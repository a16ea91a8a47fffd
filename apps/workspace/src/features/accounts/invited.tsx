import type { MemberInvitation } from '@lahko/contract'
import type { Role } from '@lahko/contract/permissions'
import { useInfiniteQuery } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { moment } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Failed } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { LinkMade, type Made } from './invite.tsx'
import { MoreButton } from '../insight/more.tsx'

type Props = { made: Made | null; onMade: (made: Made | null) => void }

/** Who was invited by mail and has not joined yet; nothing when there is nobody. */
export function Invited({ grantable, ...props }: Props & { grantable: readonly Role[] }) {
  const invited = useInfiniteQuery({
    queryKey: ['member-invitations'],
    queryFn: ({ pageParam, signal }) => api.accounts.listMemberInvitations({ query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const items = invited.data?.pages.flatMap((page) => page.items) ?? []
  if (invited.isError) return <Failed error={invited.error} retry={() => void invited.refetch()} />
  if (items.length === 0) return null
  return (
    <section>
      <h2>{t('accounts.invited')}</h2>
      <ul className="rows">
        {items.map((one) => (
          <Row key={one.id} invitation={one} mayChange={grantable.includes(one.role)} {...props} />
        ))}
      </ul>
      <MoreButton {...invited} label={t('insight.more')} />
    </section>
  )
}

function Row({ invitation, mayChange, made, onMade }: Props & { invitation: MemberInvitation; mayChange: boolean }) {
  const { id, email, role, mail, mailedAt, expiresAt } = invitation
  const over = Date.parse(expiresAt) <= useNow()
  const resend = async () => {
    await done(async () => {
      const again = await api.accounts.resendMemberInvitation({ params: { id } })
      onMade({ url: again.url, ...again.invitation })
    })
  }
  return (
    <li className="row">
      <span>
        <strong>{email}</strong> <span className="quiet">{t(`accounts.role.${role}`)}</span>
        <span className="row-text se-mail">
          {t(`accounts.invitedMail.${mail}`, { when: moment(mailedAt) })}.{' '}
          {over ? t('accounts.invitedOver') : t('accounts.invitedUntil', { date: moment(expiresAt) })}
        </span>
      </span>
      {mayChange && (
        <span className="row-end se-end">
          <button
            className="button"
            data-size="small"
            type="button"
            aria-label={t('accounts.sendAgainTo', { email })}
            onClick={() => void resend()}
          >
            {t('accounts.sendAgain')}
          </button>
          <button
            className="button"
            data-size="small"
            data-tone="plain"
            type="button"
            aria-label={t('accounts.withdrawOf', { email })}
            onClick={() => void withdraw(invitation)}
          >
            {t('accounts.withdraw')}
          </button>
        </span>
      )}
      {made?.id === id && (
        <div className="se-made">
          <LinkMade {...made} />
        </div>
      )}
    </li>
  )
}

async function withdraw({ id, email }: MemberInvitation): Promise<void> {
  await done(async () => {
    await api.accounts.withdrawMemberInvitation({ params: { id } })
    say(t('accounts.withdrawn', { email }))
  })
}

async function done(work: () => Promise<void>): Promise<void> {
  await work().catch(sayFailure)
  await queries.invalidateQueries({ queryKey: ['member-invitations'] })
}
