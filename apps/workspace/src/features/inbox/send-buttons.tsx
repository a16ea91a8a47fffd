import { useState } from 'react'
import { isMac } from '../../platform/actions.ts'
import { Choice, Field } from '../../platform/field.tsx'
import { momentSoon } from '../../platform/format.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { momentOf, snoozeTimes } from './snooze-times.ts'
import type { Sending } from './use-sending.ts'

type Kind = 'reply' | 'note' | 'forward'
type Props = { kind: Kind; sending: Sending; disabled: boolean }

const names = {
  reply: {
    send: 'inbox.send',
    solve: 'inbox.sendAndSolve',
    next: 'inbox.sendAndNext',
    solveNext: 'inbox.sendSolveNext',
  },
  note: {
    send: 'inbox.addNote',
    solve: 'inbox.addAndSolve',
    next: 'inbox.addAndNext',
    solveNext: 'inbox.addSolveNext',
  },
  forward: {
    send: 'inbox.forward',
    solve: 'inbox.forwardAndSolve',
    next: 'inbox.forwardAndNext',
    solveNext: 'inbox.forwardSolveNext',
  },
} as const satisfies Record<Kind, object>

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
        data-forward={kind === 'forward' || undefined}
        disabled={disabled || sending.busy}
      >
        {t(names[kind].send)} <span className="kbd">{isMac ? '⌘↵' : 'Ctrl ↵'}</span>
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
        {t(names[kind].solve)}
      </MenuItem>
      <MenuItem icon="right" onPick={send({ next: true })}>
        {t(names[kind].next)}
      </MenuItem>
      <MenuItem icon="right" onPick={send({ solve: true, next: true })}>
        {t(names[kind].solveNext)}
      </MenuItem>
      {kind !== 'note' && (
        <>
          <hr />
          <p className="label">{t('inbox.sendLater')}</p>
          {snoozeTimes(now).map(({ id, at }) => (
            <MenuItem key={id} icon="clock" onPick={send({ at })} end={<span className="quiet">{momentSoon(at)}</span>}>
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
