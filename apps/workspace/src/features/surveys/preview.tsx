import type { Language, SurveyContent } from '@lahko/contract'
import type { Rule } from '@lahko/effort'
import { useState } from 'react'
import { Icon, type IconName } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { kindOf, valuesOfScale } from '../insight/figures.ts'
import { spoken, type Kind } from './content.ts'

type Props = { content: SurveyContent; language: Language; rule: Rule; company: string; logoUrl: string | null }

/** The page as a customer sees it, on a phone or a desk, with the same components. Nothing is sent from here. */
export function Preview(props: Props) {
  const [width, setWidth] = useState<'phone' | 'desk'>('phone')
  const [score, setScore] = useState<number | null>(null)
  const [sent, setSent] = useState(false)
  const { content, rule } = props
  const { scale } = content.score
  const valid = score !== null && score >= scale.min && score <= scale.max ? score : null
  const kind = valid === null ? null : kindOf(valid, { id: rule.id, easy: [...rule.easy], hard: [...rule.hard] })
  return (
    <aside className="bu-preview" aria-label={t('surveys.preview')} data-width={width}>
      <div>
        <fieldset className="tabs" aria-label={t('surveys.previewOn')}>
          {(['phone', 'desk'] as const).map((one) => (
            <button key={one} type="button" aria-current={one === width || undefined} onClick={() => setWidth(one)}>
              {t(`surveys.previewOn.${one}`)}
            </button>
          ))}
        </fieldset>
        <div className="bu-device" lang={props.language}>
          {sent && kind ? (
            <Thanks {...props} kind={kind} onBack={() => setSent(false)} />
          ) : (
            <Form {...props} score={valid} kind={kind} onScore={setScore} onSend={() => kind && setSent(true)} />
          )}
        </div>
        <p className="label">{t('surveys.previewHint')}</p>
      </div>
    </aside>
  )
}

function Brand({ company, logoUrl }: Props) {
  return <span className="brand">{logoUrl ? <img className="bu-logo" src={logoUrl} alt={company} /> : company}</span>
}

function Thanks({ kind, onBack, ...props }: Props & { kind: Kind; onBack: () => void }) {
  return (
    <div className="stack">
      <Brand {...props} />
      <h3>{filled(props, props.content.thanks[kind])}</h3>
      <p>
        <button type="button" className="button" onClick={onBack}>
          {t('start.back')}
        </button>
      </p>
    </div>
  )
}

type FormProps = Props & {
  score: number | null
  kind: Kind | null
  onScore: (score: number) => void
  onSend: () => void
}

function Form({ score, kind, onScore, onSend, ...props }: FormProps) {
  const { content, language } = props
  const set = kind && content.reasons.find(({ when }) => when.includes(kind))
  return (
    <div className="stack">
      <Brand {...props} />
      <h3>{filled(props, content.score.text)}</h3>
      <Scale {...props} score={score} onScore={onScore} />
      {set && (
        <fieldset>
          <legend>{filled(props, set.text)}</legend>
          <div className="chips">
            {set.options.map(({ id, label }) => (
              <label className="chip" key={id}>
                <input type="checkbox" />
                {spoken(label, language, content)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      {content.comment && (
        <label className="bu-label">
          {filled(props, content.comment.text)}
          <textarea className="input" rows={2} />
        </label>
      )}
      {content.questions.map((question) =>
        question.kind === 'text' ? (
          <label className="bu-label" key={question.id}>
            {filled(props, question.text)}
            {question.long ? <textarea className="input" rows={2} /> : <input type="text" className="input" />}
          </label>
        ) : (
          <fieldset key={question.id}>
            <legend>{filled(props, question.text)}</legend>
            <div className="chips">
              {question.options.map(({ id, label }) => (
                <label className="chip" key={id}>
                  <input type={question.several ? 'checkbox' : 'radio'} name={`preview-${question.id}`} />
                  {spoken(label, language, content)}
                </label>
              ))}
            </div>
          </fieldset>
        ),
      )}
      <button type="button" className="button" data-tone="accent" data-size="large" data-wide onClick={onSend}>
        {t('surveys.send')}
      </button>
    </div>
  )
}

function Scale({ content, score, onScore, ...props }: Omit<FormProps, 'kind' | 'onSend'>) {
  const { scale, look, lowLabel, highLabel } = content.score
  const values = valuesOfScale(scale)
  const ends = [spoken(lowLabel, props.language, content), spoken(highLabel, props.language, content)]
  return (
    <div className="scale" data-kind={look} data-count={values.length}>
      <div className="scale-values">
        {values.map((value, place) => (
          <label key={value}>
            <input
              type="radio"
              name="preview-score"
              checked={value === score}
              aria-label={String(value)}
              onChange={() => onScore(value)}
            />
            {look === 'faces' ? <Icon name={faceOf(place, values.length, scale.direction)} /> : value}
            {look === 'faces' && (place === 0 ? ends[0] : place === values.length - 1 ? ends[1] : '')}
          </label>
        ))}
      </div>
      {look === 'numbers' && (
        <p className="scale-ends">
          <span>{t('surveys.end', { value: scale.min, label: ends[0] ?? '' })}</span>
          <span>{t('surveys.end', { value: scale.max, label: ends[1] ?? '' })}</span>
        </p>
      )}
    </div>
  )
}

function faceOf(place: number, count: number, direction: SurveyContent['score']['scale']['direction']): IconName {
  const fromHard = direction === 'high-is-easy' ? place : count - 1 - place
  const middle = (count - 1) / 2
  if (fromHard === middle) return 'faceNeither'
  return fromHard < middle ? 'faceHard' : 'faceEasy'
}

function filled({ content, language, company }: Props, text: SurveyContent['score']['text']): string {
  return spoken(text, language, content).replaceAll('{company}', company)
}
