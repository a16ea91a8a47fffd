import type { AskingHours, ProgrammeSettings, Quota } from '@lahko/contract'
import { useState } from 'react'
import { Choice, Field, SelectField, TextField } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { dayName, minutesIn, nameOf, unitOf, type DelayUnit } from './in-words.ts'
import { NumberField } from './number-field.tsx'

type Props = {
  form: ProgrammeSettings
  problem: (field: string) => string | undefined
  put: (part: Partial<ProgrammeSettings>) => void
}

const usualHours: AskingHours = { from: '09:00', until: '17:00', days: [1, 2, 3, 4, 5] }
const usualQuota: Quota = { attribute: 'topic', per: 'week', most: 100 }
const week = [1, 2, 3, 4, 5, 6, 7]

/** How long after, and within which hours of the customer's day. */
export function EditWhen({ form, problem, put }: Props) {
  const [unit, setUnit] = useState<DelayUnit>(() => unitOf(form.delayMinutes))
  const { hours } = form
  const putDelay = (count: number, by: DelayUnit) => put({ delayMinutes: Math.round(count * minutesIn[by]) })
  return (
    <section>
      <h2>{t('programmes.when')}</h2>
      <div>
        <div className="pr-pair">
          <NumberField
            label={t('programmes.delay')}
            problem={problem('delayMinutes')}
            value={form.delayMinutes / minutesIn[unit]}
            least={0}
            most={Math.floor((90 * 1440) / minutesIn[unit])}
            onChange={(count) => putDelay(count, unit)}
          />
          <SelectField
            label={t('programmes.unit')}
            value={unit}
            options={(['minutes', 'hours', 'days'] as const).map((one) => [one, t(`programmes.unit.${one}`)] as const)}
            onChange={(next) => {
              putDelay(form.delayMinutes / minutesIn[unit], next)
              setUnit(next)
            }}
          />
        </div>
        <Choice
          checked={hours !== null}
          hint={t('programmes.withinHoursHint')}
          onChange={(on) => put({ hours: on ? usualHours : null })}
        >
          {t('programmes.withinHours')}
        </Choice>
        {hours && <Hours hours={hours} problem={problem} onChange={(next) => put({ hours: next })} />}
      </div>
    </section>
  )
}

function Hours(props: { hours: AskingHours; problem: Props['problem']; onChange: (hours: AskingHours) => void }) {
  const { hours, problem, onChange } = props
  const toggle = (day: number) =>
    onChange({
      ...hours,
      days: hours.days.includes(day) ? hours.days.filter((one) => one !== day) : [...hours.days, day].toSorted(),
    })
  return (
    <>
      <div className="pr-pair">
        {(['from', 'until'] as const).map((end) => (
          <Field key={end} label={t(`programmes.${end}`)} problem={problem(`hours/${end}`)}>
            {(field) => (
              <input
                className="input"
                type="time"
                required
                value={hours[end]}
                onChange={(event) => onChange({ ...hours, [end]: event.target.value })}
                {...field}
              />
            )}
          </Field>
        ))}
      </div>
      <fieldset>
        <legend className="visually-hidden">{t('programmes.days')}</legend>
        <div className="chips">
          {week.map((day) => (
            <label key={day} className="chip" data-size="small">
              <input
                type="checkbox"
                checked={hours.days.includes(day)}
                disabled={hours.days.length === 1 && hours.days.includes(day)}
                onChange={() => toggle(day)}
              />
              {dayName(day, 'long')}
            </label>
          ))}
        </div>
      </fieldset>
    </>
  )
}

/** How many of those that fit. */
export function EditNumbers({ form, problem, put }: Props) {
  const { quota } = form
  return (
    <section>
      <h2>{t('programmes.howMany')}</h2>
      <div>
        <NumberField
          label={t('programmes.share')}
          hint={t('programmes.shareHint')}
          problem={problem('share')}
          value={Math.round(form.share * 100)}
          least={1}
          most={100}
          onChange={(percent) => put({ share: percent / 100 })}
        />
        <Choice
          checked={quota !== null}
          hint={t('programmes.withQuotaHint')}
          onChange={(on) => put({ quota: on ? usualQuota : null })}
        >
          {t('programmes.withQuota')}
        </Choice>
        {quota && (
          <div className="pr-pair">
            <NumberField
              label={t('programmes.most')}
              problem={problem('quota/most')}
              value={quota.most}
              least={1}
              most={100_000}
              onChange={(most) => put({ quota: { ...quota, most } })}
            />
            <SelectField
              label={t('programmes.per')}
              value={quota.per}
              options={(['day', 'week', 'month'] as const).map((per) => [per, t(`programmes.per.${per}`)] as const)}
              onChange={(per) => put({ quota: { ...quota, per } })}
            />
            <TextField
              label={t('programmes.quotaAttribute')}
              hint={nameOf(quota.attribute)}
              required
              pattern="[a-z][a-z0-9_]{0,39}"
              problem={problem('quota/attribute')}
              value={quota.attribute}
              onChange={(attribute) => put({ quota: { ...quota, attribute } })}
            />
          </div>
        )}
      </div>
    </section>
  )
}

/** Up to two reminders, and when to give up. */
export function EditReminders({ form, problem, put }: Props) {
  const { reminderDays } = form
  return (
    <section>
      <h2>{t('programmes.reminders')}</h2>
      <div>
        <SelectField
          label={t('programmes.reminderCount')}
          hint={t('programmes.reminderHint')}
          value={String(reminderDays.length)}
          options={['0', '1', '2'].map(
            (count) => [count, t('programmes.reminderTimes', { count: Number(count) })] as const,
          )}
          problem={problem('reminderDays')}
          onChange={(count) => put({ reminderDays: [3, 4].slice(0, Number(count)) })}
        />
        {reminderDays.map((days, place) => (
          <NumberField
            // Two at most, and never in another order.
            key={['first', 'second'][place]}
            label={t(place === 0 ? 'programmes.firstReminder' : 'programmes.secondReminder')}
            problem={problem(`reminderDays/${place}`)}
            value={days}
            least={1}
            most={30}
            onChange={(next) => put({ reminderDays: reminderDays.map((one, at) => (at === place ? next : one)) })}
          />
        ))}
        <NumberField
          label={t('programmes.expires')}
          hint={t('programmes.expiresHint')}
          problem={problem('expiresDays')}
          value={form.expiresDays}
          least={1}
          most={60}
          onChange={(expiresDays) => put({ expiresDays })}
        />
      </div>
    </section>
  )
}
