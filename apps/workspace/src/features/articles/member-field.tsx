import type { Permission } from '@lahko/contract'
import { useState, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { Field } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { useMemberNames } from '../inbox/members.ts'
import { PickMember } from '../inbox/pick-member.tsx'

type Props = {
  label: string
  hint?: ReactNode
  problem?: string
  value: string | null
  /** What it is called when nobody is chosen. */
  none: string
  may: Permission
  notMe?: boolean
  onChange: (id: string | null) => void
}
const nobody = 'nobody'

/** One member or nobody, behind a button that names who is chosen. */
export function MemberField({ label, hint, problem, value, none, may, notMe, onChange }: Props) {
  const [picks, setPicks] = useState(false)
  const memberName = useMemberNames([value])
  const name = value === null ? none : (memberName(value) ?? '…')
  const take = (id: string) => {
    setPicks(false)
    onChange(id === nobody ? null : id)
  }
  return (
    <>
      <Field label={label} hint={hint} problem={problem}>
        {(field) => (
          <button
            {...field}
            type="button"
            className="button"
            aria-haspopup="dialog"
            aria-label={`${label}: ${name}`}
            onClick={() => setPicks(true)}
          >
            {name} <Icon name="down" />
          </button>
        )}
      </Field>
      {picks &&
        // A form within a form would send the outer one.
        createPortal(
          <PickMember
            title={label}
            label={t('inbox.findMember')}
            may={may}
            notMe={notMe}
            chosen={(id) => id === value}
            others={[{ id: nobody, name: none, icon: 'minus', chosen: value === null }]}
            onPick={take}
            onClose={() => setPicks(false)}
          />,
          document.body,
        )}
    </>
  )
}
