import { useState } from 'react'
import { moment } from '../../platform/format.ts'
import { Field } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { change, linesOf } from './changing.ts'
import { PickDialog } from './pick-dialog.tsx'
import { momentOf, snoozeTimes } from './snooze-times.ts'

type Props = { ids: readonly string[]; onClose: () => void }
const awake = 'awake'

/** Until when a ticket rests; what the customer writes wakes it before. */
export function PickSnooze({ ids, onClose }: Props) {
  const [now] = useState(() => new Date())
  const [own, setOwn] = useState('')
  const times = snoozeTimes(now)
  const rests = linesOf(ids).some(({ snoozedUntil }) => snoozedUntil !== null)
  const until = async (at: Date | null) => {
    onClose()
    const count = ids.length
    const done = at ? t('inbox.wasSnoozed', { count, when: moment(at.toISOString()) }) : t('inbox.wasWoken', { count })
    await change(ids, { snoozedUntil: at?.toISOString() ?? null }, done)
  }
  const chosen = momentOf(own, now)
  return (
    <PickDialog
      title={t('inbox.snooze')}
      label={t('inbox.untilWhen')}
      options={[
        ...times.map(({ id, at }) => ({ id, name: t(`inbox.until.${id}`), hint: moment(at.toISOString()) })),
        ...(rests ? [{ id: awake, name: t('inbox.wake') }] : []),
      ]}
      onPick={(id) => void until(times.find((time) => time.id === id)?.at ?? null)}
      onClose={onClose}
    >
      <form
        className="in-own-time"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen) void until(chosen)
        }}
      >
        <Field label={t('inbox.dateAndTime')} problem={own !== '' && !chosen ? t('inbox.liesBehind') : undefined}>
          {(field) => (
            <input
              className="input"
              type="datetime-local"
              {...field}
              value={own}
              onChange={(event) => setOwn(event.target.value)}
            />
          )}
        </Field>
        <button type="submit" className="button" disabled={!chosen}>
          {t('inbox.snoozeButton')}
        </button>
      </form>
      <p className="quiet">{t('inbox.snoozeMeans')}</p>
    </PickDialog>
  )
}
