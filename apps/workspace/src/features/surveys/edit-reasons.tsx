import { Icon } from '../../platform/icon.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { changed, freeKinds, kinds, newOption, spoken, type Kind, type ReasonSet } from './content.ts'
import { EditOptions } from './edit-options.tsx'
import type { Editing } from './draft.ts'
import { TextInput } from './text-input.tsx'

/** Sets of chips that say why, each for what the score counts as. */
export function EditReasons({ draft, language }: Editing) {
  const { content, edit } = draft
  const { reasons, score } = content
  const free = freeKinds(content)
  const put = (next: ReasonSet[]) => edit((before) => ({ ...before, reasons: next }))
  const add = () => put([...reasons, { when: free, text: {}, options: [newOption()] }])
  const remove = (place: number) => {
    put(reasons.toSpliced(place, 1))
    say(t('surveys.setRemoved'), () => put(reasons))
  }
  return (
    <section>
      <h2>
        {t('surveys.reasons')} <small>{t('surveys.reasonsHint')}</small>
      </h2>
      <div>
        {reasons.map((set, place) => (
          <div className="bu-set" key={place}>
            <div className="cluster">
              <When
                set={set}
                free={free}
                family={score.scale.family}
                onChange={(when) => put(changed(reasons, place, { when }))}
              />
              <button
                className="button"
                data-tone="plain"
                data-size="small"
                type="button"
                onClick={() => remove(place)}
              >
                {t('surveys.removeSet')}
              </button>
            </div>
            <TextInput
              label={t('surveys.setAsks')}
              max={200}
              text={set.text}
              language={language}
              fallback={spoken(set.text, language, content)}
              onChange={(text) => put(changed(reasons, place, { text }))}
            />
            <EditOptions
              options={set.options}
              language={language}
              content={content}
              least={1}
              addWords={t('surveys.addReason')}
              onChange={(options) => put(changed(reasons, place, { options }))}
            />
          </div>
        ))}
        {free.length > 0 && (
          <div className="buttons">
            <button className="button" data-size="small" type="button" onClick={add}>
              <Icon name="plus" /> {t('surveys.addSet')}
            </button>
          </div>
        )}
      </div>
    </section>
  )
}

type WhenProps = {
  set: ReasonSet
  free: readonly Kind[]
  family: 'effort' | 'satisfaction' | 'recommendation'
  onChange: (when: Kind[]) => void
}

function When({ set, free, family, onChange }: WhenProps) {
  const toggle = (kind: Kind) =>
    onChange(kinds.filter((one) => (one === kind ? !set.when.includes(one) : set.when.includes(one))))
  return (
    <fieldset className="chips" aria-label={t('surveys.shownWhen')}>
      {kinds.map((kind) => {
        const on = set.when.includes(kind)
        return (
          <label key={kind} className="chip" data-size="small">
            <input
              type="checkbox"
              checked={on}
              disabled={on ? set.when.length === 1 : !free.includes(kind)}
              onChange={() => toggle(kind)}
            />
            <span className="chip-check">
              <Icon name="check" />
            </span>
            {t(`insight.kind.${kind}`, { family })}
          </label>
        )
      })}
    </fieldset>
  )
}
