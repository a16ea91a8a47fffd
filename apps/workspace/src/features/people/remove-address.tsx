import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'

/** Takes away the address beside which it stands. */
export function RemoveAddress({ address, onClick }: { address: string; onClick: () => void }) {
  const label = t('people.removeAddress', { address })
  return (
    <button
      className="button"
      data-size="small"
      data-tone="plain"
      data-icon
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name="cross" />
    </button>
  )
}
