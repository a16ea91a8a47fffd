import { useQuery } from '@tanstack/react-query'
import { t } from '../../platform/words.ts'
import { useMe } from '../shell/me.ts'
import { change, linesOf } from './changing.ts'
import { membersQuery } from './inbox-data.ts'
import { PickDialog } from './pick-dialog.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const nobody = 'nobody'

/** Who is to answer; oneself stands first, so that `a` and Enter takes a ticket. */
export function PickOwner({ ids, onClose }: Props) {
  const { data: members = [] } = useQuery(membersQuery)
  const account = useMe().account?.email
  const own = members.find(({ email }) => email === account)?.id
  const owners = new Set(linesOf(ids).map(({ owner }) => owner?.id))
  const isOwner = (id: string | undefined) => owners.size === 1 && owners.has(id)
  const sorted = members.toSorted((a, b) => Number(b.id === own) - Number(a.id === own))
  const options = [
    ...sorted.map(({ id, name }) => ({
      id,
      name,
      hint: id === own ? t('inbox.you') : undefined,
      icon: 'person' as const,
      chosen: isOwner(id),
    })),
    { id: nobody, name: t('inbox.nobody'), icon: 'minus' as const, chosen: isOwner(undefined) },
  ]
  const take = async (id: string) => {
    onClose()
    const name = options.find((option) => option.id === id)?.name ?? ''
    const count = ids.length
    const done = id === nobody ? t('inbox.wasFreed', { count }) : t('inbox.wasAssigned', { count, name })
    await change(ids, { ownerId: id === nobody ? null : id }, done)
  }
  return (
    <PickDialog
      title={t('inbox.assign')}
      label={t('inbox.whichMember')}
      options={options}
      onPick={(id) => void take(id)}
      onClose={onClose}
    />
  )
}
