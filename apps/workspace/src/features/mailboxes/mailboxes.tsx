import type { Mailbox } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, queries } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { ago, moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { useNow } from '../../platform/now.ts'
import { Banner, Empty, Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { BlockedSenders } from './blocked-senders.tsx'
import { EditMailbox } from './edit-mailbox.tsx'
import './features.css'
import { MailboxCounts } from './mailbox-counts.tsx'

/** The addresses at which customers write, and how each is doing. */
export function Mailboxes() {
  const [adding, setAdding] = useState(false)
  const mailboxes = useQuery({
    queryKey: ['mailboxes'],
    queryFn: ({ signal }) => api.mailboxes.list({ query: { limit: 200 }, signal }),
  })
  return (
    <div className="se-form">
      <h1>{t('accounts.part.mailboxes')}</h1>
      <p className="quiet">
        {t('mailboxes.are')} <Link to="/incoming">{t('mailboxes.toLedger')}</Link>
      </p>
      <div className="buttons">
        <button className="button" data-tone="accent" type="button" onClick={() => setAdding(true)}>
          <Icon name="plus" /> {t('mailboxes.add')}
        </button>
      </div>
      {mailboxes.isError && <Failed error={mailboxes.error} retry={() => void mailboxes.refetch()} />}
      {mailboxes.isPending && <Waiting />}
      {mailboxes.data?.items.length === 0 && (
        <Empty icon="inbox" title={t('mailboxes.none')}>
          {t('mailboxes.noneWhy')}
        </Empty>
      )}
      <ul className="rows">
        {mailboxes.data?.items.map((mailbox) => (
          <Row key={mailbox.id} mailbox={mailbox} />
        ))}
      </ul>
      <BlockedSenders />
      {adding && (
        <Dialog title={t('mailboxes.add')} wide onClose={() => setAdding(false)}>
          <EditMailbox onDone={() => setAdding(false)} />
        </Dialog>
      )}
    </div>
  )
}

function Row({ mailbox }: { mailbox: Mailbox }) {
  const [open, setOpen] = useState<'edit' | 'remove'>()
  const { id, name, address } = mailbox
  const trial = useMutation({ mutationFn: () => api.mailboxes.test({ params: { id } }), onError: sayFailure })
  const close = () => setOpen(undefined)
  return (
    <li className="row se-row se-state">
      <span className="row-lead">
        <Icon name="inbox" />
      </span>
      <div className="stack" data-gap="2">
        <strong>{name}</strong>
        <span className="row-text se-mail">{[address, ...mailbox.aliases].join(', ')}</span>
        <State mailbox={mailbox} />
        <SendingState mailbox={mailbox} />
        <MailboxCounts mailbox={mailbox} />
        {trial.data && <Found found={trial.data} />}
      </div>
      <span className="row-end se-end">
        <button
          className="button"
          data-size="small"
          type="button"
          disabled={trial.isPending}
          onClick={() => trial.mutate()}
        >
          {t('mailboxes.try')}
        </button>
        <button className="button" data-size="small" type="button" onClick={() => setOpen('edit')}>
          {t('mailboxes.change')}
        </button>
        <button className="button" data-size="small" data-tone="plain" type="button" onClick={() => setOpen('remove')}>
          {t('mailboxes.remove')}
        </button>
      </span>
      {open === 'edit' && (
        <Dialog title={t('mailboxes.changeWhich', { name })} wide onClose={close}>
          <EditMailbox mailbox={mailbox} onDone={close} />
        </Dialog>
      )}
      {open === 'remove' && (
        <Dialog title={t('mailboxes.removeWhich', { name })} onClose={close}>
          <p className="quiet">{t('mailboxes.removeMeans')}</p>
          <div className="dialog-foot">
            <button className="button" type="button" onClick={close}>
              {t('mailboxes.keep')}
            </button>
            <button className="button" data-tone="bad" type="button" onClick={() => (close(), void remove(mailbox))}>
              {t('mailboxes.remove')}
            </button>
          </div>
        </Dialog>
      )}
    </li>
  )
}

/** That no mail of it leaves. */
function SendingState({ mailbox: { sendingFailingSince: since, sendingError: said } }: { mailbox: Mailbox }) {
  if (!since) return null
  return (
    <Banner tone="bad">
      <p>
        {t('mailboxes.sendingFails', { since: moment(since) })} <span className="ib-said">{said}</span>
      </p>
    </Banner>
  )
}

function State({ mailbox }: { mailbox: Mailbox }) {
  const now = useNow()
  const { imap, paused, failingSince, error, checkedAt } = mailbox
  if (paused) return <span className="badge">{t('mailboxes.isPaused')}</span>
  if (failingSince) {
    return (
      <Banner tone="bad">
        <p>
          {t('mailboxes.failing', { since: moment(failingSince) })} <span className="ib-said">{error}</span>
        </p>
      </Banner>
    )
  }
  const how = imap ? t('mailboxes.readFrom', { server: imap.host }) : t('mailboxes.byReceiver')
  const when = imap && (checkedAt ? t('mailboxes.readLast', { when: ago(checkedAt, now) }) : t('mailboxes.notReadYet'))
  return <span className="row-text">{[how, when].filter(Boolean).join(' · ')}</span>
}

type Trial = Awaited<ReturnType<typeof api.mailboxes.test>>

function Found({ found: { imap, smtp } }: { found: Trial }) {
  const lines = [
    { name: t('mailboxes.in'), one: imap },
    { name: t('mailboxes.out'), one: smtp },
  ]
  return (
    <div aria-live="polite" className="stack" data-gap="2">
      {!imap && !smtp && <p className="quiet">{t('mailboxes.nothingToTry')}</p>}
      {lines.map(
        ({ name, one }) =>
          one && (
            <Banner key={name} tone={one.ok ? 'good' : 'bad'}>
              <p className="ib-said">
                {name}: {one.says}
              </p>
            </Banner>
          ),
      )}
    </div>
  )
}

async function remove({ id, name }: Mailbox): Promise<void> {
  try {
    await api.mailboxes.remove({ params: { id } })
    say(t('mailboxes.removed', { name }))
  } catch (error) {
    sayFailure(error)
  }
  await queries.invalidateQueries({ queryKey: ['mailboxes'] })
}
