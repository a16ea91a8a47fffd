import type { NoticeKind } from '@lahko/contract'
import { permissionOfNotice } from '@lahko/contract/permissions'
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { useMemberNames } from '../inbox/members.ts'
import { PickMember } from '../inbox/pick-member.tsx'

type Props = {
  label: string
  /** Only who may see what is told is offered. */
  kind: NoticeKind
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}

/** Members who are chosen one by one, found as one types; each goes again with one press. */
export function ChosenMembers({ label, kind, chosen, onChange }: Props) {
  const [picks, setPicks] = useState(false)
  const nameOf = useMemberNames(chosen)
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
  return (
    <>
      {chosen.length === 0 ? (
        <p className="quiet">{t('notices.nobody')}</p>
      ) : (
        <ul className="cluster no-chosen">
          {chosen.map((id) => (
            <li key={id}>
              <button
                type="button"
                className="button"
                data-size="small"
                aria-label={t('notices.notTo', { name: nameOf(id) ?? '…' })}
                onClick={() => toggle(id)}
              >
                {nameOf(id) ?? '…'} <Icon name="cross" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div>
        <button
          type="button"
          className="button"
          data-size="small"
          aria-haspopup="dialog"
          onClick={() => setPicks(true)}
        >
          <Icon name="plus" /> {t('notices.addMember')}
        </button>
      </div>
      {picks &&
        // A form within a form would send the outer one.
        createPortal(
          <PickMember
            title={label}
            label={t('inbox.findMember')}
            may={permissionOfNotice[kind]}
            chosen={(id) => chosen.includes(id)}
            onPick={toggle}
            onClose={() => setPicks(false)}
          />,
          document.body,
        )}
    </>
  )
}
