import type { Receiving } from '@lahko/contract/mails'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'

/** How what comes back to mails is received, and since when it is not. */
export function MailReceiving({ receiving }: { receiving: Receiving | null }) {
  return (
    <section>
      <h2>{t('accounts.returns')}</h2>
      {receiving === null ? (
        <p className="quiet">
          {t('accounts.noReturns')} <code className="se-code">LAHKO_RETURN_IMAP</code>,{' '}
          <code className="se-code">LAHKO_SMTP_RECEIVER</code>
        </p>
      ) : (
        <>
          <p>{t('accounts.returnsTo', { address: receiving.address })}</p>
          <ul className="rows">
            {receiving.server && (
              <State
                good
                name={t('accounts.ownMailServer')}
                says={t('accounts.onPort', { port: receiving.server.port })}
              />
            )}
            {receiving.mailbox && <Mailbox mailbox={receiving.mailbox} />}
          </ul>
        </>
      )}
    </section>
  )
}

function Mailbox({ mailbox }: { mailbox: NonNullable<Receiving['mailbox']> }) {
  const { name, checkedAt, failingSince, error } = mailbox
  if (failingSince !== null) {
    return <State name={name} says={t('accounts.mailboxFails', { when: moment(failingSince) })} found={error} />
  }
  const says =
    checkedAt === null ? t('accounts.mailboxNotRead') : t('accounts.mailboxRead', { when: moment(checkedAt) })
  return <State good={checkedAt !== null} name={name} says={says} />
}

function State({
  good = false,
  name,
  says,
  found,
}: {
  good?: boolean
  name: string
  says: string
  found?: string | null
}) {
  return (
    <li className="row se-row se-state">
      <span className="row-lead">
        <Icon name={good ? 'check' : 'warning'} />
      </span>
      <div className="stack" data-gap="2">
        <strong>{name}</strong>
        <span className="row-text">{says}</span>
        {found && <code className="se-code se-record">{found}</code>}
      </div>
    </li>
  )
}
