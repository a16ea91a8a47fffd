import type { RecordCheck, Sending } from '@lahko/contract/mails'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { Icon } from '../../platform/icon.tsx'
import { MailHindered } from '../mails/mail-hindered.tsx'
import { MailReceiving } from './mail-receiving.tsx'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'

const records = ['spf', 'dkim', 'dmarc'] as const

/** Where mails come from, and whether other mail servers will believe it. */
export function MailSending() {
  const sending = useQuery({ queryKey: ['mail-sending'], queryFn: ({ signal }) => api.mails.sending({ signal }) })
  return (
    <div className="se-form">
      <h1>{t('accounts.part.mail')}</h1>
      <p className="quiet">{t('accounts.mailIs')}</p>
      {sending.isError && <Failed error={sending.error} retry={() => void sending.refetch()} />}
      {sending.isPending && <Waiting />}
      {sending.data && !sending.data.server && (
        <Banner tone="warn">
          <p>
            {t('accounts.noMailServer')} <code className="se-code">LAHKO_SMTP_URL</code>,{' '}
            <code className="se-code">LAHKO_MAIL_FROM</code>
          </p>
        </Banner>
      )}
      <MailHindered hindered={sending.data?.hindered} />
      {sending.data?.from && <p>{t('accounts.mailFrom', { address: sending.data.from })}</p>}
      {sending.data?.checks && (
        <ul className="rows">
          {records.map((name) => (
            <Row key={name} name={name} check={sending.data.checks![name]}>
              {name === 'spf' && <ReturnAddress from={sending.data.from!} checks={sending.data.checks!} />}
            </Row>
          ))}
        </ul>
      )}
      {sending.data?.checks && (
        <div className="buttons">
          <button className="button" type="button" disabled={sending.isFetching} onClick={() => void sending.refetch()}>
            {t('accounts.lookAgain')}
          </button>
        </div>
      )}
      {sending.data && <MailReceiving receiving={sending.data.receiving} />}
    </div>
  )
}

type RowParts = { name: (typeof records)[number]; check: RecordCheck; children?: ReactNode }

function Row({ name, check: { state, problem, found, add }, children }: RowParts) {
  return (
    <li className="row se-row se-state">
      <span className="row-lead">
        <Icon name={state === 'ok' ? 'check' : state === 'missing' || state === 'wrong' ? 'warning' : 'note'} />
      </span>
      <div className="stack" data-gap="2">
        <strong>
          {name.toUpperCase()}: {t(`accounts.record.${state}`)}
        </strong>
        <span className="row-text">
          {problem ? t(`accounts.recordProblem.${problem}`) : t(`accounts.recordIs.${name}`)}
        </span>
        {children}
        {found && <code className="se-code se-record">{found}</code>}
        {add && <Wanted name={name} add={add} />}
      </div>
    </li>
  )
}

type ReturnAddressParts = { from: string; checks: NonNullable<Sending['checks']> }

/** Where mail comes back to another domain: what SPF of that one is worth. */
function ReturnAddress({ from, checks: { returnDomain, aligned } }: ReturnAddressParts) {
  const domain = from.split('@').at(-1)!.toLowerCase()
  if (domain === returnDomain) return null
  const says = aligned === false ? 'accounts.notAligned' : 'accounts.isAligned'
  return (
    <>
      <span className="quiet">{t('accounts.spfOfReturn', { returnDomain })}</span>
      {aligned !== null && <span className="quiet">{t(says, { domain, returnDomain })}</span>}
    </>
  )
}

function Wanted({ name, add }: { name: string; add: NonNullable<RecordCheck['add']> }) {
  return (
    <>
      <span className="quiet">{t('accounts.addRecord', { name: add.name })}</span>
      <div className="se-copy">
        <input
          className="input se-code"
          id={`record-${name}`}
          readOnly
          aria-label={t('accounts.recordFor', { name: add.name })}
          value={add.value}
        />
        <CopyButton text={add.value} field={`record-${name}`} />
      </div>
    </>
  )
}
