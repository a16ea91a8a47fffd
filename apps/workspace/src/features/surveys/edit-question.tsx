import { isScaleId, scales, type ScaleId } from '@lahko/effort'
import { api } from '../../platform/api.ts'
import { SelectField } from '../../platform/field.tsx'
import { Segments } from '../../platform/segments.tsx'
import { t } from '../../platform/words.ts'
import { cut, facesFit, readyRules, ruleFor, scaleOf, spoken, type Scale } from './content.ts'
import type { Editing } from './draft.ts'
import { Ramp } from './ramp.tsx'
import { act } from './survey-data.ts'
import { TextInput } from './text-input.tsx'

const presets = Object.keys(scales) as ScaleId[]

/** The one question that is scored: its words, its scale, and how it is read. */
export function EditQuestion({ survey, draft, language }: Editing) {
  const { content, edit } = draft
  const { score } = content
  const put = (part: Partial<typeof score>) => edit((before) => ({ ...before, score: { ...before.score, ...part } }))
  const text = (name: 'text' | 'lowLabel' | 'highLabel') => ({
    text: score[name],
    language,
    fallback: spoken(score[name], language, content),
    onChange: (changed: typeof score.text) => put({ [name]: changed }),
  })
  const setScale = (scale: Scale) => put({ scale, look: facesFit(scale) ? score.look : 'numbers' })
  const { min, max } = score.scale
  return (
    <section>
      <h2>{t('surveys.question')}</h2>
      <div>
        <TextInput label={t('surveys.whatYouAsk')} hint={t('surveys.companyHint')} max={300} {...text('text')} />
        <SelectField
          label={t('surveys.scale')}
          value={isScaleId(score.scale.id) ? score.scale.id : 'custom'}
          options={[
            ...presets.map((id) => [id, t(`surveys.scale.${id}`)] as const),
            ['custom', t('surveys.scale.custom')] as const,
          ]}
          onChange={(id) => setScale(id === 'custom' ? { ...score.scale, id: 'custom' } : scaleOf(id))}
        />
        {!isScaleId(score.scale.id) && <OwnScale scale={score.scale} onChange={setScale} />}
        <div className="bu-two">
          <TextInput label={t('surveys.endLabel', { value: min })} max={60} {...text('lowLabel')} />
          <TextInput label={t('surveys.endLabel', { value: max })} max={60} {...text('highLabel')} />
        </div>
        {facesFit(score.scale) && (
          <Segments
            label={t('surveys.look')}
            of={['numbers', 'faces'] as const}
            chosen={score.look}
            name={(look) => t(`surveys.look.${look}`)}
            onChoose={(look) => put({ look })}
          />
        )}
        <Reading survey={survey} scale={score.scale} />
      </div>
    </section>
  )
}

function OwnScale({ scale, onChange }: { scale: Scale; onChange: (scale: Scale) => void }) {
  const numbers = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, place) => [String(from + place), String(from + place)] as const)
  return (
    <div className="bu-two">
      <SelectField
        label={t('surveys.lowest')}
        value={String(scale.min)}
        options={numbers(0, 1)}
        onChange={(min) => onChange({ ...scale, min: Number(min) })}
      />
      <SelectField
        label={t('surveys.highest')}
        value={String(scale.max)}
        options={numbers(3, 10)}
        onChange={(max) => onChange({ ...scale, max: Number(max) })}
      />
      <SelectField
        label={t('surveys.direction')}
        value={scale.direction}
        options={(['high-is-easy', 'high-is-hard'] as const).map(
          (one) => [one, t(`surveys.direction.${one}`, { family: scale.family })] as const,
        )}
        onChange={(direction) => onChange({ ...scale, direction })}
      />
      <SelectField
        label={t('surveys.family')}
        value={scale.family}
        options={(['effort', 'satisfaction', 'recommendation'] as const).map(
          (one) => [one, t(`surveys.family.${one}`)] as const,
        )}
        onChange={(family) => onChange({ ...scale, family })}
      />
    </div>
  )
}

/** What counts as easy and as hard. It belongs to the survey, not to a version: past figures change with it. */
function Reading({ survey, scale }: { survey: Editing['survey']; scale: Scale }) {
  const rule = ruleFor(survey.rule, scale)
  const asked = survey.content?.score.scale
  const open = !asked || (asked.min === scale.min && asked.max === scale.max && asked.direction === scale.direction)
  const change = (next: typeof rule) => {
    const put = (one: typeof rule) => () =>
      api.surveys.change({
        params: { id: survey.id },
        body: { rule: { id: one.id, easy: [...one.easy], hard: [...one.hard] } },
      })
    return act(put(next), t('surveys.ruleChanged'), put(rule))
  }
  const [low, high] = scale.direction === 'high-is-easy' ? [rule.hard, rule.easy] : [rule.easy, rule.hard]
  const ready = readyRules(scale)
  return (
    <div className="stack" data-gap="3">
      <Ramp scale={scale} rule={rule} />
      <p className="bu-sentence">
        <Cut
          label={t('surveys.lowUpTo', {
            family: scale.family,
            direction: scale.direction === 'high-is-easy' ? 'up' : 'down',
          })}
          from={scale.min}
          to={(high[0] ?? scale.max) - 1}
          value={low.at(-1) ?? scale.min}
          disabled={!open}
          onChange={(value) => void change(cut(scale, value, high[0] ?? scale.max))}
        />
        <Cut
          label={t('surveys.highFrom', {
            family: scale.family,
            direction: scale.direction === 'high-is-easy' ? 'up' : 'down',
          })}
          from={(low.at(-1) ?? scale.min) + 1}
          to={scale.max}
          value={high[0] ?? scale.max}
          disabled={!open}
          onChange={(value) => void change(cut(scale, low.at(-1) ?? scale.min, value))}
        />
        {ready.length > 1 &&
          ready.map((one) => (
            <button
              key={one.id}
              type="button"
              className="chip"
              data-size="small"
              disabled={!open}
              aria-pressed={one.id === rule.id}
              onClick={() => void change(one)}
            >
              {t(`surveys.rule.${one.id as 'standard'}`)}
            </button>
          ))}
      </p>
      <p className="quiet">{open ? t('surveys.ruleHint') : t('surveys.ruleLater')}</p>
    </div>
  )
}

function Cut(props: {
  label: string
  from: number
  to: number
  value: number
  disabled: boolean
  onChange: (value: number) => void
}) {
  const values = Array.from({ length: Math.max(0, props.to - props.from + 1) }, (_, place) => props.from + place)
  return (
    <label>
      {props.label}{' '}
      <select
        className="input"
        value={props.value}
        disabled={props.disabled}
        onChange={(event) => props.onChange(Number(event.target.value))}
      >
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  )
}
