import type { SurveyQuestion } from '@lahko/contract'
import { Choice } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { newQuestion, spoken } from './content.ts'
import { EditOptions } from './edit-options.tsx'
import type { Editing } from './draft.ts'
import { SortableList } from './sortable-list.tsx'
import { TextInput } from './text-input.tsx'

/** The comment, and questions beside the score. None of them holds a score back. */
export function EditFurther({ draft, language }: Editing) {
  const { content, edit } = draft
  const { comment, questions } = content
  const put = (next: SurveyQuestion[]) => edit((before) => ({ ...before, questions: next }))
  const remove = (place: number) => {
    put(questions.toSpliced(place, 1))
    say(t('surveys.questionRemoved'), () => put(questions))
  }
  const replace = (place: number, question: SurveyQuestion) => put(questions.with(place, question))
  return (
    <section>
      <h2>
        {t('surveys.further')} <small>{t('surveys.furtherHint')}</small>
      </h2>
      <div>
        <Choice
          kind="switch"
          checked={comment !== null}
          onChange={(on) => edit((before) => ({ ...before, comment: on ? { text: {} } : null }))}
        >
          {t('surveys.withComment')}
        </Choice>
        {comment && (
          <TextInput
            label={t('surveys.commentAsks')}
            max={200}
            text={comment.text}
            language={language}
            fallback={spoken(comment.text, language, content)}
            onChange={(text) => edit((before) => ({ ...before, comment: { text } }))}
          />
        )}
        {questions.length > 0 && (
          <SortableList
            items={questions}
            idOf={({ id }) => id}
            nameOf={({ text }) => spoken(text, language, content) || t('surveys.nameless')}
            onChange={put}
            onRemove={remove}
          >
            {(question, place) => (
              <EditOne
                question={question}
                draft={draft}
                language={language}
                onChange={(next) => replace(place, next)}
              />
            )}
          </SortableList>
        )}
        <div className="buttons">
          {(['choice', 'text'] as const).map((kind) => (
            <button
              key={kind}
              className="button"
              data-size="small"
              type="button"
              disabled={questions.length >= 10}
              onClick={() => put([...questions, newQuestion(kind)])}
            >
              <Icon name="plus" /> {t(`surveys.add.${kind}`)}
            </button>
          ))}
        </div>
      </div>
    </section>
  )
}

type OneProps = Pick<Editing, 'draft' | 'language'> & {
  question: SurveyQuestion
  onChange: (question: SurveyQuestion) => void
}

function EditOne({ question, draft, language, onChange }: OneProps) {
  const { content } = draft
  return (
    <div className="bu-set">
      <TextInput
        label={t(`surveys.questionKind.${question.kind}`)}
        max={300}
        text={question.text}
        language={language}
        fallback={spoken(question.text, language, content)}
        onChange={(text) => onChange({ ...question, text })}
      />
      {question.kind === 'choice' && (
        <EditOptions
          options={question.options}
          language={language}
          content={content}
          least={2}
          addWords={t('surveys.addOption')}
          onChange={(options) => onChange({ ...question, options })}
        />
      )}
      <div className="cluster" data-gap="4">
        {question.kind === 'choice' ? (
          <Choice checked={question.several} onChange={(several) => onChange({ ...question, several })}>
            {t('surveys.several')}
          </Choice>
        ) : (
          <Choice checked={question.long} onChange={(long) => onChange({ ...question, long })}>
            {t('surveys.long')}
          </Choice>
        )}
        <Choice checked={question.required} onChange={(required) => onChange({ ...question, required })}>
          {t('surveys.required')}
        </Choice>
      </div>
    </div>
  )
}
