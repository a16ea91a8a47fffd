import { useState } from 'react'
import { moment } from '../../platform/format.ts'
import { Field } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { change, linesOf } from './changing.ts'
import { PickDialog } from './pick-dialog.tsx'
import { momentOf, snoozeTimes } from './snooze-times.ts'

type Props = { ids: readonly string[]; onClose: () => void }
const awake = 'awake'
const forReply = 'reply'

/** Until when a ticket rests; what the customer writes wakes it before. */
export function PickSnooze({ ids, onClose }: Props) {
  const [now] = useState(() => new Date())
  const [own, setOwn] = useState('')
  const times = snoozeTimes(now)
  const rests = linesOf(ids).some(({ snoozedUntil }) => snoozedUntil !== null)
  const until = async (at: string | null) => {
    onClose()
    await change(ids, { snoozedUntil: at }, sayDone(ids.length, at))
  }
  const chosen = momentOf(own, now)
  return (
    <PickDialog
      title={t('inbox.snooze')}
      label={t('inbox.untilWhen')}
      options={[
        ...times.map(({ id, at }) => ({ id, name: t(`inbox.until.${id}`), hint: moment(at.toISOString()) })),
        { id: forReply, name: t('inbox.until.reply') },
        ...(rests ? [{ id: awake, name: t('inbox.wake') }] : []),
      ]}
      onPick={(id) =>
        void until(id === forReply ? id : (times.find((time) => time.id === id)?.at.toISOString() ?? null))
      }
      onClose={onClose}
    >
      <form
        className="in-own-time"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen) void until(chosen.toISOString())
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

function sayDone(count: number, at: string | null): string {
  if (at === null) return t('inbox.wasWoken', { count })
  return at === forReply ? t('inbox.restsForReply', { count }) : t('inbox.wasSnoozed', { count, when: moment(at) })
}
