import type { Workspace } from '@lahko/contract'
import { TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'

/** How customers reach people, and what the company says of itself elsewhere, as the form holds it. */
export type ReachedForm = Record<(typeof reachedNames)[number], string>

const reachedNames = ['contactEmail', 'contactPhone', 'privacyUrl', 'accessibilityUrl', 'imprintUrl'] as const

const kinds = {
  contactEmail: { type: 'email', autoComplete: 'email', maxLength: 254 },
  contactPhone: { type: 'tel', autoComplete: 'tel', maxLength: 40 },
  privacyUrl: { type: 'url', maxLength: 500 },
  accessibilityUrl: { type: 'url', maxLength: 500 },
  imprintUrl: { type: 'url', maxLength: 500 },
} as const

export function reachedOf(workspace: Workspace): ReachedForm {
  return Object.fromEntries(reachedNames.map((name) => [name, workspace[name] ?? ''])) as ReachedForm
}

/** What is sent: an empty field says nothing. */
export function sentReached(form: ReachedForm): Record<keyof ReachedForm, string | null> {
  const sent = reachedNames.map((name) => [name, form[name].trim() || null])
  return Object.fromEntries(sent) as Record<keyof ReachedForm, string | null>
}

export function Reached(props: {
  form: ReachedForm
  problem: (field: string) => string | undefined
  onChange: (part: Partial<ReachedForm>) => void
}) {
  return (
    <section>
      <h2>{t('accounts.reached')}</h2>
      <p className="quiet">{t('accounts.reachedHint')}</p>
      {reachedNames.map((name) => (
        <TextField
          key={name}
          label={t(`accounts.${name}`)}
          hint={t(`accounts.${name}Hint`)}
          {...kinds[name]}
          value={props.form[name]}
          problem={props.problem(name)}
          onChange={(value) => props.onChange({ [name]: value })}
        />
      ))}
    </section>
  )
}
