import { t } from '../../platform/words.ts'
import { change, linesOf } from './changing.ts'
import { PickMember } from './pick-member.tsx'

type Props = { ids: readonly string[]; onClose: () => void }
const nobody = 'nobody'

/** Who is to answer; oneself stands first, so that `a` and Enter takes a ticket. */
export function PickOwner({ ids, onClose }: Props) {
  const owners = new Set(linesOf(ids).map(({ owner }) => owner?.id))
  const isOwner = (id: string | undefined) => owners.size === 1 && owners.has(id)
  const take = async (id: string, name: string) => {
    onClose()
    const count = ids.length
    const done = id === nobody ? t('inbox.wasFreed', { count }) : t('inbox.wasAssigned', { count, name })
    await change(ids, { ownerId: id === nobody ? null : id }, done)
  }
  return (
    <PickMember
      title={t('inbox.assign')}
      label={t('inbox.whichMember')}
      may="tickets.write"
      chosen={isOwner}
      others={[{ id: nobody, name: t('inbox.nobody'), icon: 'minus', chosen: isOwner(undefined) }]}
      onPick={(id, name) => void take(id, name)}
      onClose={onClose}
    />
  )
}
