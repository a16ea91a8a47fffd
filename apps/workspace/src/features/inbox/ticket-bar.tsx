import type { Ticket } from '@lahko/contract'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useAction } from '../../platform/actions.ts'
import { api } from '../../platform/api.ts'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay } from '../shell/me.ts'
import { BlockWriter } from './block-writer.tsx'
import { markSpam, solveOrReopen, solveUnanswered } from './desk-keys.ts'
import { refreshTickets } from './inbox-data.ts'
import { unmerge } from './merging.ts'
import { pick } from './picking.ts'
import { useViewName } from './views.ts'

const route = getRouteApi('/inside/tickets')

/** The number, and what can be done with the ticket as a whole. */
export function TicketBar({ ticket }: { ticket: Ticket }) {
  const { id, number, owner, status } = ticket
  const name = useViewName(route.useSearch())
  const mayWrite = useMay('tickets.write')
  const [blocking, setBlocking] = useState(false)
  const solved = status === 'solved' || status === 'closed'
  return (
    <div className="in-bar">
      <Link className="button in-back" data-size="small" data-tone="plain" to="/tickets" search={true}>
        <Icon name="left" /> <span className="in-cut">{name}</span>
      </Link>
      <span className="quiet number in-number">{number}</span>
      {mayWrite && (
        <>
          <button
            type="button"
            className="button in-owner-button"
            data-size="small"
            aria-keyshortcuts="a"
            onClick={() => pick('assign', [id])}
          >
            <Icon name="person" />
            <span className="visually-hidden">{t('inbox.owner')}</span>{' '}
            <span className="in-cut">{owner?.name ?? t('inbox.nobody')}</span>
            <Icon name="down" />
          </button>
          <button
            type="button"
            className="button in-wide"
            data-size="small"
            data-tone="plain"
            aria-keyshortcuts="s"
            onClick={() => pick('snooze', [id])}
          >
            {t('inbox.snoozeButton')} <span className="kbd">s</span>
          </button>
        </>
      )}
      <TicketMenu ticket={ticket} onBlock={() => setBlocking(true)} />
      {blocking && <BlockWriter ticket={ticket} onClose={() => setBlocking(false)} />}
      {mayWrite && (
        <button
          type="button"
          className="button push"
          data-size="small"
          aria-keyshortcuts="e"
          onClick={() => void solveOrReopen([id])}
        >
          {t(solved ? 'inbox.reopen' : 'inbox.solve')} <span className="kbd">e</span>
        </button>
      )}
    </div>
  )
}

function TicketMenu({ ticket, onBlock }: { ticket: Ticket; onBlock: () => void }) {
  const { id, spam, following, mergedInto, status } = ticket
  const solved = status === 'solved' || status === 'closed'
  const mayWrite = useMay('tickets.write')
  const mayWriteArticles = useMay('articles.write') && mayWrite
  const key = (cap: string) => <span className="kbd">{cap}</span>
  const followed = t(following ? 'inbox.unfollow' : 'inbox.follow')
  useAction({ id: 'in.follow', group: t('inbox.inbox'), name: followed, icon: 'bell', run: () => void follow(ticket) })
  return (
    <Popover size="small" tone="plain" iconOnly arrow={false} label={<Icon name="more" />} name={t('inbox.moreToDo')}>
      {(close) => {
        const done = (act: () => void) => () => (close(), act())
        return (
          <>
            {mayWrite && (
              <>
                <MenuItem icon="clock" onPick={done(() => pick('snooze', [id]))} end={key('s')}>
                  {t('inbox.snooze')}
                </MenuItem>
                <MenuItem icon="tag" onPick={done(() => pick('tag', [id]))} end={key('#')}>
                  {t('inbox.tag')}
                </MenuItem>
                <MenuItem icon="up" onPick={done(() => pick('priority', [id]))} end={key('p')}>
                  {t('inbox.setPriority')}
                </MenuItem>
                <MenuItem icon="check" onPick={done(() => pick('status', [id]))} end={key('u')}>
                  {t('inbox.setStatus')}
                </MenuItem>
                <MenuItem icon="note" onPick={done(() => pick('subject', [id]))} end={key('h')}>
                  {t('inbox.setSubject')}
                </MenuItem>
                <MenuItem icon="ledger" onPick={done(() => pick('topic', [id]))} end={key('t')}>
                  {t('inbox.setTopic')}
                </MenuItem>
                <MenuItem icon="note" onPick={done(() => pick('language', [id]))}>
                  {t('inbox.setLanguage')}
                </MenuItem>
                <MenuItem icon="people" onPick={done(() => pick('customer', [id]))} end={key('w')}>
                  {t('inbox.setCustomer')}
                </MenuItem>
                {!solved && (
                  <MenuItem icon="check" onPick={done(() => void solveUnanswered([id]))} end={key('q')}>
                    {t('inbox.noAnswer')}
                  </MenuItem>
                )}
                {mergedInto ? (
                  <MenuItem icon="merge" onPick={done(() => void unmerge(ticket))}>
                    {t('inbox.unmerge')}
                  </MenuItem>
                ) : (
                  <MenuItem icon="merge" onPick={done(() => pick('merge', [id]))} end={key('m')}>
                    {t('inbox.mergeInto')}
                  </MenuItem>
                )}
                <MenuItem icon="link" onPick={done(() => pick('link', [id]))}>
                  {t('inbox.linkWith')}
                </MenuItem>
              </>
            )}
            {mayWriteArticles && (
              <MenuItem icon="book" onPick={done(() => pick('article', [id]))}>
                {t('articles.fromTicket')}
              </MenuItem>
            )}
            {mayWrite && (
              <MenuItem icon="warning" onPick={done(() => pick('gap', [id]))}>
                {t('upkeep.report')}
              </MenuItem>
            )}
            <MenuItem icon="clock" onPick={done(() => pick('history', [id]))} end={key('y')}>
              {t('inbox.history')}
            </MenuItem>
            <MenuItem icon="bell" onPick={done(() => void follow(ticket))}>
              {followed}
            </MenuItem>
            {mayWrite && (
              <>
                <hr />
                <MenuItem icon="warning" bad={!spam} onPick={done(() => void markSpam([id]))} end={key('!')}>
                  {t(spam ? 'inbox.noSpam' : 'inbox.isSpam')}
                </MenuItem>
                {ticket.customer?.email && (
                  <MenuItem icon="warning" bad onPick={done(onBlock)}>
                    {t('mailboxes.block')}
                  </MenuItem>
                )}
              </>
            )}
          </>
        )
      }}
    </Popover>
  )
}

async function follow({ id, following }: Ticket): Promise<void> {
  try {
    if (following) await api.tickets.unfollow({ params: { id } })
    else await api.tickets.follow({ params: { id } })
    await refreshTickets()
    say(t(following ? 'inbox.notFollowed' : 'inbox.nowFollowed'))
  } catch (error) {
    sayFailure(error)
  }
}
