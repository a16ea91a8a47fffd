import { readCondition, writeCondition } from '@lahko/contract/ticket-conditions'
import { getRouteApi } from '@tanstack/react-router'
import { t } from '../../platform/words.ts'
import { PickMember } from './pick-member.tsx'

const route = getRouteApi('/inside/tickets')

/** Whose tickets the list is narrowed to. */
export function PickWhose({ onClose }: { onClose: () => void }) {
  const { where = [] } = route.useSearch()
  const navigate = route.useNavigate()
  const take = (id: string) => {
    onClose()
    const others = where.filter((one) => readCondition(one)?.name !== 'owner')
    const owner = writeCondition({ name: 'owner', test: 'any', values: [id] })
    void navigate({ search: (before) => ({ ...before, where: [...others, owner] }) })
  }
  return (
    <PickMember
      title={t('inbox.onlyOwner')}
      label={t('inbox.findMember')}
      may="tickets.read"
      onPick={take}
      onClose={onClose}
    />
  )
}
