import type { Member } from '@lahko/contract'
import { rolesGrantableBy, type Role } from '@lahko/contract/permissions'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { FindField } from '../../platform/find-field.tsx'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useMe } from '../shell/me.ts'
import { Invite, type Made } from './invite.tsx'
import { Invited } from './invited.tsx'
import { MoreButton } from '../insight/more.tsx'

/** Who works here, and links that add somebody. */
export function Members() {
  const mayManage = useMay('members.manage')
  const { role } = useMe()
  const grantable = mayManage && role ? rolesGrantableBy(role) : []
  const [find, setFind] = useState<string>()
  const members = useInfiniteQuery({
    queryKey: ['members', 'all', find],
    queryFn: ({ pageParam, signal }) => api.accounts.listMembers({ query: { search: find, after: pageParam }, signal }),
    placeholderData: keepPreviousData,
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = members.data?.pages.flatMap(({ items }) => items)
  return (
    <div className="se-form">
      <h1>{t('accounts.part.members')}</h1>
      {grantable.length > 0 && <Adding grantable={grantable} />}
      <section>
        <h2>{t('accounts.whoWorksHere')}</h2>
        {members.isError && <Failed error={members.error} retry={() => void members.refetch()} />}
        {members.isPending && <Waiting />}
        {(members.hasNextPage || find !== undefined) && (
          <FindField id="member" name={t('inbox.findMember')} text={find} onFind={setFind} />
        )}
        {find !== undefined && rows?.length === 0 && <p className="quiet">{t('shell.nothingFits', { text: find })}</p>}
        <ul className="rows" aria-busy={members.isPlaceholderData}>
          {rows?.map((member) => (
            <Row key={member.id} member={member} grantable={grantable} />
          ))}
        </ul>
        <MoreButton {...members} label={t('insight.more')} />
      </section>
    </div>
  )
}

function Adding({ grantable }: { grantable: readonly Role[] }) {
  const [made, setMade] = useState<Made | null>(null)
  return (
    <>
      <Invite grantable={grantable} made={made} onMade={setMade} />
      <Invited grantable={grantable} made={made} onMade={setMade} />
    </>
  )
}

function Row({ member, grantable }: { member: Member; grantable: readonly Role[] }) {
  const [removing, setRemoving] = useState(false)
  const { account } = useMe()
  const self = account?.email === member.email
  const mayChange = grantable.includes(member.role)
  return (
    <li className="row se-row">
      <span className="row-lead">
        <span className="avatar" data-kind="member" aria-hidden="true">
          {initials(member.name)}
        </span>
      </span>
      <span>
        <strong>{member.name}</strong> {self && <span className="quiet">{t('accounts.thatsYou')}</span>}
        <span className="row-text se-mail">{member.email}</span>
      </span>
      <span className="row-end se-end">
        {mayChange ? (
          <select
            className="input"
            aria-label={t('accounts.roleOf', { name: member.name })}
            value={member.role}
            onChange={(event) => void change(member, event.target.value as Role)}
          >
            {grantable.map((role) => (
              <option key={role} value={role}>
                {t(`accounts.role.${role}`)}
              </option>
            ))}
          </select>
        ) : (
          t(`accounts.role.${member.role}`)
        )}
        {mayChange && (
          <button
            className="button"
            data-size="small"
            data-tone="plain"
            type="button"
            onClick={() => setRemoving(true)}
          >
            {t('accounts.remove')}
          </button>
        )}
      </span>
      {removing && (
        <Dialog title={t('accounts.removeWho', { name: member.name })} onClose={() => setRemoving(false)}>
          <p className="quiet">{t('accounts.removeMeans')}</p>
          <div className="dialog-foot">
            <button className="button" type="button" onClick={() => setRemoving(false)}>
              {t('accounts.keep')}
            </button>
            <button
              className="button"
              data-tone="bad"
              type="button"
              onClick={() => (setRemoving(false), void remove(member))}
            >
              {t('accounts.remove')}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  )
}

async function change(member: Member, role: Role): Promise<void> {
  const put = (one: Role) => api.accounts.changeMember({ params: { id: member.id }, body: { role: one } })
  await done(
    () => put(role),
    t('accounts.roleChanged', { name: member.name, role: t(`accounts.role.${role}`) }),
    () => put(member.role),
  )
}

async function remove(member: Member): Promise<void> {
  await done(
    () => api.accounts.removeMember({ params: { id: member.id } }),
    t('accounts.removed', { name: member.name }),
  )
}

async function done(work: () => Promise<unknown>, words: string, undo?: () => Promise<unknown>): Promise<void> {
  const refresh = () => queries.invalidateQueries({ queryKey: ['members'] })
  try {
    await work()
    await refresh()
    say(words, undo && (() => void done(undo, t('accounts.asBefore'))))
  } catch (error) {
    sayFailure(error)
    await refresh()
  }
}

function initials(name: string): string {
  const parts = name.split(/\s+/).filter(Boolean)
  return [parts[0], parts.length > 1 ? parts.at(-1) : ''].map((part) => (part ?? '').charAt(0).toUpperCase()).join('')
}
