import { useState } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'

const usual = ['channel', 'topic', 'team', 'language', 'kind', 'member', 'agent']
const most = 8

/** Which attributes of an answer are compared: each becomes a filter and a breakdown of the effort screen. */
export function Declared(props: {
  declared: readonly string[]
  nameOf: (attribute: string) => string
  onChange: (declared: string[]) => void
}) {
  const { declared, nameOf, onChange } = props
  const [own, setOwn] = useState('')
  const toggle = (attribute: string) =>
    onChange(declared.includes(attribute) ? declared.filter((one) => one !== attribute) : [...declared, attribute])
  const name = own
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
  const add = () => {
    if (/^[a-z][a-z0-9_]{0,39}$/.test(name) && !declared.includes(name)) onChange([...declared, name])
    setOwn('')
  }
  return (
    <fieldset className="field">
      <legend className="field-label">{t('surveys.declared')}</legend>
      <p className="hint">{t('surveys.declaredHint')}</p>
      <div className="chips">
        {[...new Set([...declared, ...usual])].map((attribute) => (
          <label key={attribute} className="chip" data-size="small">
            <input
              type="checkbox"
              checked={declared.includes(attribute)}
              disabled={!declared.includes(attribute) && declared.length >= most}
              onChange={() => toggle(attribute)}
            />
            <span className="chip-check">
              <Icon name="check" />
            </span>
            {nameOf(attribute)}
          </label>
        ))}
      </div>
      <div className="bu-copy">
        <input
          className="input"
          type="text"
          aria-label={t('surveys.ownAttribute')}
          placeholder={t('surveys.ownAttribute')}
          maxLength={40}
          value={own}
          disabled={declared.length >= most}
          onChange={(event) => setOwn(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && (event.preventDefault(), add())}
        />
        <button className="button" type="button" disabled={!name || declared.length >= most} onClick={add}>
          {t('surveys.addAttribute')}
        </button>
      </div>
    </fieldset>
  )
}
