import type { Permission } from '@lahko/contract'
import { useState, type ReactNode } from 'react'
import { Field } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
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
  const take = (id: string) => {
    setPicks(false)
    onChange(id === nobody ? null : id)
  }
  return (
    <>
      <Field label={label} hint={hint} problem={problem}>
        {(field) => (
          <button {...field} type="button" className="button" aria-haspopup="dialog" onClick={() => setPicks(true)}>
            {value === null ? none : (memberName(value) ?? '…')} <Icon name="down" />
          </button>
        )}
      </Field>
      {picks && (
        <PickMember
          title={label}
          label={label}
          may={may}
          notMe={notMe}
          chosen={(id) => id === value}
          others={[{ id: nobody, name: none, icon: 'minus', chosen: value === null }]}
          onPick={take}
          onClose={() => setPicks(false)}
        />
      )}
    </>
  )
}
