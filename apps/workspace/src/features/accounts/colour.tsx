import { Field } from '../../platform/field.tsx'
import { number } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import { accentContrast } from './contrast.ts'

type Props = { hue: number; chroma: number; onHue: (hue: number) => void; onChroma: (chroma: number) => void }

/** A brand is a hue and its strength; lightness is ours, so that everything stays readable. */
export function Colour({ hue, chroma, onHue, onChroma }: Props) {
  const { light, dark } = accentContrast(hue, chroma)
  const readable = light >= 4.5 && dark >= 4.5
  return (
    <>
      <Slider
        label={t('accounts.hue')}
        exact={t('accounts.hueExact')}
        value={hue}
        max={360}
        step={1}
        onChange={onHue}
      />
      <Slider
        label={t('accounts.strength')}
        exact={t('accounts.strength')}
        value={chroma}
        max={0.16}
        step={0.005}
        onChange={onChroma}
      />
      <div className="se-ramp" aria-hidden="true">
        <span />
        <span />
        <span />
        <span />
        <span />
      </div>
      <p className="badge" data-tone={readable ? 'good' : 'bad'} aria-live="polite">
        {t('accounts.readable', { readable: readable ? 'yes' : 'no', light: number(light, 1), dark: number(dark, 1) })}
      </p>
    </>
  )
}

function Slider(props: {
  label: string
  exact: string
  value: number
  max: number
  step: number
  onChange: (value: number) => void
}) {
  const set = (text: string) => {
    const value = Number(text.replace(',', '.'))
    if (text !== '' && value >= 0 && value <= props.max) props.onChange(value)
  }
  return (
    <Field label={props.label}>
      {(field) => (
        <div className="se-slider">
          <input
            type="range"
            {...field}
            min={0}
            max={props.max}
            step={props.step}
            value={props.value}
            onChange={(event) => set(event.target.value)}
          />
          <input
            className="input"
            type="number"
            aria-label={props.exact}
            min={0}
            max={props.max}
            step={props.step}
            value={props.value}
            onChange={(event) => set(event.target.value)}
          />
        </div>
      )}
    </Field>
  )
}
