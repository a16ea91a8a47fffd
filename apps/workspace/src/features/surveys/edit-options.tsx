import type { Language, SurveyContent } from '@lahko/contract'
import { flushSync } from 'react-dom'
import { Icon } from '../../platform/icon.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { changed, newOption, spoken, type Option } from './content.ts'
import { SortableList } from './sortable-list.tsx'
import { BareInput } from './text-input.tsx'

type Props = {
  options: readonly Option[]
  language: Language
  content: SurveyContent
  least: number
  addWords: string
  onChange: (options: Option[]) => void
}

/** Chips to choose from: write, add, remove, put in order. */
export function EditOptions({ options, language, content, least, addWords, onChange }: Props) {
  const nameOf = ({ label }: Option) => spoken(label, language, content) || t('surveys.nameless')
  const remove = (place: number) => {
    const option = options[place]
    onChange(options.toSpliced(place, 1))
    if (option) say(t('surveys.removed', { name: nameOf(option) }), () => onChange([...options]))
  }
  const add = () => {
    const option = newOption()
    // Whoever types on at once must find the new field, not this button.
    flushSync(() => onChange([...options, option]))
    document.getElementById(`option-${option.id}`)?.focus()
  }
  return (
    <>
      <SortableList
        items={options}
        idOf={({ id }) => id}
        nameOf={nameOf}
        least={least}
        onChange={onChange}
        onRemove={remove}
      >
        {(option, place) => (
          <BareInput
            id={`option-${option.id}`}
            label={t('surveys.option', { place: place + 1 })}
            text={option.label}
            language={language}
            fallback={spoken(option.label, language, content)}
            max={120}
            onChange={(label) => onChange(changed(options, place, { label }))}
          />
        )}
      </SortableList>
      <div className="buttons">
        <button className="button" data-size="small" type="button" disabled={options.length >= 20} onClick={add}>
          <Icon name="plus" /> {addWords}
        </button>
      </div>
    </>
  )
}
