import type { Member, Permission } from '@lahko/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { t } from '../../platform/words.ts'
import { MoreButton } from '../insight/more.tsx'
import { useMay, useMe } from '../shell/me.ts'
import { membersQuery } from './members.ts'
import { PickDialog, type Option } from './pick-dialog.tsx'

type Props = {
  title: string
  label: string
  /** What they have to be allowed. */
  may: Permission
  chosen?: (id: string) => boolean
  /** Whoever reads is no choice. */
  notMe?: boolean
  /** What else can be chosen, after the members. */
  others?: readonly Option[]
  onPick: (id: string, name: string) => void
  onClose: () => void
}

/** One member, found as one types; oneself stands first. */
export function PickMember({ title, label, may, chosen, notMe = false, others = [], onPick, onClose }: Props) {
  const [text, setText] = useState('')
  const search = text.trim()
  const found = useInfiniteQuery(membersQuery(search, may))
  const own = useOwn(may)
  const fitting = found.data?.pages.flatMap(({ items }) => items) ?? []
  const members = [
    ...(own && !notMe && (search === '' || fitting.some(({ id }) => id === own.id)) ? [own] : []),
    ...fitting.filter(({ id }) => id !== own?.id),
  ]
  const isOf = (id: string) => chosen?.(id) ?? false
  const options: Option[] = [
    ...members.map(({ id, name }) => ({
      id,
      name,
      hint: id === own?.id ? t('inbox.you') : undefined,
      icon: 'person' as const,
      chosen: isOf(id),
    })),
    ...others.filter(({ name }) => name.toLocaleLowerCase().includes(search.toLocaleLowerCase())),
  ]
  return (
    <PickDialog
      title={title}
      label={label}
      options={options}
      onType={setText}
      waits={found.isPlaceholderData || found.isPending}
      onPick={(id) => onPick(id, options.find((option) => option.id === id)?.name ?? '')}
      onClose={onClose}
    >
      <MoreButton {...found} label={t('inbox.moreMembers')} />
    </PickDialog>
  )
}

/** Oneself, where one is allowed what is asked for. */
function useOwn(may: Permission): Pick<Member, 'id' | 'name'> | undefined {
  const { memberId, account } = useMe()
  return useMay(may) && memberId !== null && account ? { id: memberId, name: account.name } : undefined
}
