import type { BlockedSender } from '@lahko/contract'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api, problemAt, sayProblem } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { TextField } from '../../platform/field.tsx'
import { ago } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Failed, Waiting } from '../../platform/states.tsx'
import { say } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { More } from '../insight/more.tsx'
import { letIn, refreshBlocked } from './block-sender.tsx'

/** Whose mail is set aside, and how they are let in again. */
export function BlockedSenders() {
  const blocked = useInfiniteQuery({
    queryKey: ['blocked-senders'],
    queryFn: ({ pageParam, signal }) => api.mailboxes.blocked({ query: { after: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  const rows = blocked.data?.pages.flatMap(({ items }) => items)
  return (
    <section className="stack">
      <h2>{t('mailboxes.blockedTitle')}</h2>
      <p className="quiet">{t(rows?.length === 0 ? 'mailboxes.blockedNobody' : 'mailboxes.blockedWhat')}</p>
      {blocked.isError && <Failed error={blocked.error} retry={() => void blocked.refetch()} />}
      {blocked.isPending && <Waiting />}
      <ul className="rows">
        {rows?.map((one) => (
          <Row key={one.id} blocked={one} />
        ))}
      </ul>
      <More {...blocked} />
      <Add />
    </section>
  )
}

function Add() {
  const [sender, setSender] = useState('')
  const block = useMutation({
    mutationFn: () => api.mailboxes.block({ body: { sender } }),
    onSuccess: (made) => {
      setSender('')
      void refreshBlocked()
      say(t('mailboxes.blockedNow', { sender: made.sender }), () => void letIn(made.id, false))
    },
  })
  const problem = block.isError ? (problemAt(block.error, 'sender') ?? sayProblem(block.error)) : undefined
  return (
    <form className="ib-add" onSubmit={(event) => (event.preventDefault(), block.mutate())}>
      <TextField
        label={t('mailboxes.blockedAdd')}
        hint={t('mailboxes.blockedAddHint')}
        required
        maxLength={255}
        value={sender}
        problem={problem}
        onChange={setSender}
      />
      <button className="button" type="submit" disabled={block.isPending}>
        {t('mailboxes.blockDo')}
      </button>
    </form>
  )
}

function Row({ blocked }: { blocked: BlockedSender }) {
  const { id, sender, by, createdAt, setAside } = blocked
  const now = useNow()
  const [asking, setAsking] = useState(false)
  const leave = (takeIn: boolean) => {
    setAsking(false)
    void letIn(id, takeIn).then(() => say(t('mailboxes.unblocked', { sender })))
  }
  const when = ago(createdAt, now)
  return (
    <li className="row">
      <span className="row-lead">
        <Icon name="warning" />
      </span>
      <span className="ib-words">
        <strong>{sender}</strong>{' '}
        <span className="row-text">
          {[
            by ? t('mailboxes.blockedBy', { name: by.name, when }) : when,
            t('mailboxes.blockedCount', { count: setAside }),
          ].join(' · ')}
        </span>
      </span>
      <span className="row-end">
        <button
          className="button"
          data-size="small"
          type="button"
          onClick={() => (setAside > 0 ? setAsking(true) : leave(false))}
        >
          {t('mailboxes.unblock')}
        </button>
      </span>
      {asking && (
        <Dialog title={t('mailboxes.unblockWhom', { sender })} onClose={() => setAsking(false)}>
          <p>{t('mailboxes.unblockMeans', { count: setAside })}</p>
          <div className="dialog-foot">
            <button className="button" type="button" onClick={() => leave(false)}>
              {t('mailboxes.unblockOnly')}
            </button>
            <button className="button" data-tone="accent" type="button" onClick={() => leave(true)}>
              {t('mailboxes.unblockAll', { count: setAside })}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  )
}
