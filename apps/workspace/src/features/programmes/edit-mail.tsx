import type { MailTexts } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { problemAt } from '../../platform/api.ts'
import { Field } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { mailParts, previewQuery, type Which } from './mail-data.ts'

type Part = (typeof mailParts)[number]
type Props = {
  programmeId: string
  which: Which
  texts: MailTexts
  error: unknown
  onChange: (texts: MailTexts) => void
}

const longest = { subject: 150, greeting: 120, introduction: 600, closing: 600, signature: 200 } as const
const rows: Partial<Record<Part, number>> = { introduction: 3, closing: 3, signature: 2 }
const variables = [
  'customer.name',
  'customer.organisation',
  'touchpoint.topic',
  'agent',
  'company',
  'question',
] as const

/** The texts of one mail. What is left empty says what stands in the field in grey. */
export function EditMail({ programmeId, which, texts, error, onChange }: Props) {
  const { language, mail } = which
  const own = texts[mail] ?? {}
  const preset = useQuery(previewQuery(programmeId, which, {}, 'yes')).data
  const [part, setPart] = useState<Part>('introduction')
  const caret = useRef<number | undefined>(undefined)
  const put = (name: Part, text: string) => onChange({ ...texts, [mail]: { ...own, [name]: text || undefined } })
  // A reminder without words of its own says what the invitation says.
  const usual = (name: Part) => {
    const invitations = mail === 'reminder' && name !== 'subject' ? texts.invitation?.[name] : undefined
    return invitations ?? (name === 'closing' || name === 'signature' ? '' : (preset?.presets[name] ?? ''))
  }
  const insert = (variable: string) => {
    const before = own[part] ?? ''
    const at = Math.min(caret.current ?? before.length, before.length)
    const written = variable === 'company' || variable === 'question' ? `{${variable}}` : `{${variable}|…}`
    put(part, before.slice(0, at) + written + before.slice(at))
    caret.current = at + written.length
  }
  return (
    <>
      <section>
        <h2>{t('programmes.fromWhom')}</h2>
        <div>
          <Field
            label={t('programmes.sender')}
            hint={t('programmes.senderHint')}
            problem={problemAt(error, `${language}/sender`)}
          >
            {(field) => (
              <input
                className="input"
                lang={language}
                maxLength={60}
                placeholder={preset?.sender}
                value={texts.sender ?? ''}
                onChange={(event) => onChange({ ...texts, sender: event.target.value || undefined })}
                {...field}
              />
            )}
          </Field>
        </div>
      </section>
      <section>
        <h2>{t('programmes.words')}</h2>
        <div>
          {mail === 'reminder' && <p className="hint">{t('programmes.reminderSays')}</p>}
          {mailParts.map((name) => (
            <Field
              key={name}
              label={t(`programmes.part.${name}`)}
              problem={problemAt(error, `${language}/${mail}/${name}`)}
            >
              {(field) => (
                <textarea
                  className="input"
                  data-short={!rows[name] || undefined}
                  rows={rows[name] ?? 1}
                  lang={language}
                  maxLength={longest[name]}
                  placeholder={usual(name)}
                  value={own[name] ?? ''}
                  onFocus={() => setPart(name)}
                  onSelect={({ currentTarget }) => (caret.current = currentTarget.selectionStart)}
                  onChange={({ target }) =>
                    put(name, rows[name] ? target.value : target.value.replaceAll(/\s*\n\s*/g, ' '))
                  }
                  {...field}
                />
              )}
            </Field>
          ))}
        </div>
      </section>
      <section>
        <h2>{t('programmes.variables')}</h2>
        <div>
          <p className="hint">{t('programmes.variablesHint')}</p>
          <div className="chips">
            {variables.map((name) => (
              <button key={name} type="button" className="chip" data-size="small" onClick={() => insert(name)}>
                {t(`programmes.variable.${name}`)}
              </button>
            ))}
          </div>
        </div>
      </section>
    </>
  )
}
