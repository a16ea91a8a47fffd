import type { Mailbox } from '@lahko/contract'
import { mostCountedMails } from '@lahko/contract/mailboxes'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'

/** How many messages were seen, what became of them, and whether the server has one that was not. */
export function MailboxCounts({ mailbox: { counts } }: { mailbox: Mailbox }) {
  const { server, missing, kept, repeats, bounces, setAside, waiting } = counts
  const seen = kept + repeats + bounces + setAside + waiting
  const isMore = [kept, repeats, bounces, setAside, waiting].includes(mostCountedMails)
  const parts = [
    t(isMore ? 'mailboxes.seenAtLeast' : 'mailboxes.seen', { count: seen }),
    setAside > 0 && t('mailboxes.countAside', { count: setAside }),
    bounces > 0 && t('mailboxes.countBounces', { count: bounces }),
    repeats > 0 && t('mailboxes.countRepeats', { count: repeats }),
    waiting > 0 && t('mailboxes.countWaiting', { count: waiting }),
  ]
  return (
    <>
      <span className="row-text">{parts.filter(Boolean).join(' · ')}</span>
      {server !== null && (
        <span className="row-text ib-agree" data-tone={missing > 0 ? 'bad' : undefined}>
          <Icon name={missing > 0 ? 'warning' : 'check'} />{' '}
          {missing > 0 ? t('mailboxes.disagrees', { server, missing }) : t('mailboxes.agrees', { server })}
        </span>
      )}
    </>
  )
}
