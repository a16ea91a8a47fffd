import type { LibraryItem } from '@lahko/contract'
import { Waiting } from '../../platform/states.tsx'
import { language, t } from '../../platform/words.ts'

/** The questions of the library to choose one from, each with its scale and when it fits. */
export function QuestionChoice(props: {
  items?: LibraryItem[]
  chosen: string
  company: string
  onChoose: (id: string) => void
}) {
  if (!props.items) return <Waiting lines={8} />
  const spoken = language()
  return (
    <fieldset className="st-questions">
      <legend className="visually-hidden">{t('start.stepName.question')}</legend>
      {props.items.map(({ id, content: { score }, whenToUse }) => (
        <label key={id} className="choice">
          <input
            type="radio"
            name="question"
            value={id}
            checked={id === props.chosen}
            onChange={() => props.onChoose(id)}
          />
          <span className="st-asked">
            {withCompany(score.text[spoken] ?? score.text.en ?? '', props.company)}
            <span className="hint">
              {score.scale.min}–{score.scale.max}: {score.scale.min} {score.lowLabel[spoken]}, {score.scale.max}{' '}
              {score.highLabel[spoken]}. {whenToUse[spoken]}
            </span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** The question with the company's name where it stands for it. */
export function withCompany(text: string, company: string): string {
  return text.replaceAll('{company}', company || '…')
}
