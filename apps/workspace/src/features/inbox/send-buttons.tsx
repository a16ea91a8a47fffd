import { useState } from 'react'
import { isMac } from '../../platform/actions.ts'
import { Choice, Field } from '../../platform/field.tsx'
import { moment } from '../../platform/format.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { momentOf, snoozeTimes } from './snooze-times.ts'
import type { Sending } from './use-sending.ts'

type Props = { kind: 'reply' | 'note'; sending: Sending; disabled: boolean }

/** Sends; the arrow beside it sends otherwise. */
export function SendButtons({ kind, sending, disabled }: Props) {
  return (
    <span className="in-send push">
      <button
        type="submit"
        className="button"
        data-size="small"
        data-tone={kind === 'reply' ? 'accent' : undefined}
        data-note={kind === 'note' || undefined}
        disabled={disabled || sending.busy}
      >
        {t(kind === 'reply' ? 'inbox.send' : 'inbox.addNote')} <span className="kbd">{isMac ? '⌘↵' : 'Ctrl ↵'}</span>
      </button>
      <Popover size="small" iconOnly label={null} name={t('inbox.sendOtherwise')}>
        {(close) => <Otherwise kind={kind} sending={sending} disabled={disabled} close={close} />}
      </Popover>
    </span>
  )
}

function Otherwise({ kind, sending, disabled, close }: Props & { close: () => void }) {
  const [now] = useState(() => new Date())
  const [own, setOwn] = useState('')
  const chosen = momentOf(own, now)
  const send = (how: Parameters<Sending['send']>[0]) => () => {
    close()
    if (!disabled) sending.send(how)
  }
  return (
    <>
      <MenuItem
        icon="check"
        onPick={send({ solve: true })}
        end={<span className="kbd">{isMac ? '⇧⌘↵' : 'Ctrl ⇧ ↵'}</span>}
      >
        {t(kind === 'reply' ? 'inbox.sendAndSolve' : 'inbox.addAndSolve')}
      </MenuItem>
      <MenuItem icon="right" onPick={send({ next: true })}>
        {t(kind === 'reply' ? 'inbox.sendAndNext' : 'inbox.addAndNext')}
      </MenuItem>
      <MenuItem icon="right" onPick={send({ solve: true, next: true })}>
        {t(kind === 'reply' ? 'inbox.sendSolveNext' : 'inbox.addSolveNext')}
      </MenuItem>
      {kind === 'reply' && (
        <>
          <hr />
          <p className="label">{t('inbox.sendLater')}</p>
          {snoozeTimes(now).map(({ id, at }) => (
            <MenuItem key={id} icon="clock" onPick={send({ at })} end={<span className="quiet">{timeOf(at)}</span>}>
              {t(`inbox.until.${id}`)}
            </MenuItem>
          ))}
          <form
            className="in-own-time"
            onSubmit={(event) => {
              event.preventDefault()
              if (chosen) send({ at: chosen })()
            }}
          >
            <Field label={t('inbox.dateAndTime')} problem={own && !chosen ? t('inbox.liesBehind') : undefined}>
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
            <button type="submit" className="button" data-size="small" disabled={!chosen}>
              {t('inbox.sendThen')}
            </button>
          </form>
        </>
      )}
      <hr />
      <div className="in-after">
        <Choice checked={sending.nextAfter} onChange={sending.setNextAfter}>
          {t('inbox.alwaysNext')}
        </Choice>
      </div>
    </>
  )
}

function timeOf(at: Date): string {
  return moment(at.toISOString())
}
