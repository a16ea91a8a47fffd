import { useEffect, useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { setSent, takeBack, undoMs, useSent, type Sent } from './sent.ts'

/** Counts down until a reply leaves. */
export function UndoBar() {
  const sent = useSent()
  return sent ? <Counting key={sent.messageId} sent={sent} /> : null
}

function Counting({ sent }: { sent: Sent }) {
  const [left, setLeft] = useState(() => sent.until - Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      const rest = sent.until - Date.now()
      if (rest <= 0) setSent(undefined)
      else setLeft(rest)
    }, 250)
    return () => clearInterval(timer)
  }, [sent])
  const back = () => void takeBack(sent)
  useAction({
    id: 'in.take-back',
    group: t('inbox.inbox'),
    name: t('inbox.takeBack'),
    icon: 'left',
    keys: 'z',
    run: back,
  })
  const isForward = sent.kind === 'forward'
  const seconds = Math.max(1, Math.ceil(left / 1000))
  return (
    <section className="in-undo" aria-label={t('inbox.takeBack')}>
      <span aria-hidden="true">
        {t(isForward ? 'inbox.forwardLeavesIn' : 'inbox.leavesIn', { to: sent.to, count: seconds })}
      </span>
      <span className="visually-hidden" aria-live="polite">
        {t(isForward ? 'inbox.forwardLeavesSoon' : 'inbox.leavesSoon', { to: sent.to })}
      </span>
      <button type="button" className="button" data-size="small" aria-keyshortcuts="z" onClick={back}>
        {t('inbox.takeBack')} <span className="kbd">z</span>
      </button>
      <progress className="progress" max={undoMs} value={Math.max(0, left)} aria-label={t('inbox.timeLeft')} />
    </section>
  )
}
