import { contract, type Ticket, type TicketMessage } from '@lahko/contract'
import { addressOf } from '@lahko/contract/client'
import { moment } from '../../platform/format.ts'
import { useNow } from '../../platform/now.ts'
import { Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'
import { Attachments } from './attachments.tsx'
import { Avatar } from './avatar.tsx'
import { DeliveryNote } from './delivery-note.tsx'
import { invitationsIn } from './invitation-times.ts'
import { MessageBanners } from './message-banners.tsx'
import { MessageHtml } from './message-html.tsx'
import { MessageMenu } from './message-menu.tsx'
import { RichText } from './rich-text.tsx'
import { longWhen } from './when.ts'

type Given = { message: TicketMessage; ticket: Ticket; byKey: boolean }

/** Somebody's words: a customer's, a reply to them, or a note for members. */
export function MessageEntry({ message, ticket, byKey }: Given) {
  const { kind, author, text, html, quoted, at } = message
  const now = useNow()
  const name = author.name || author.address || t('inbox.somebody')
  const source = ticket.sources.find(({ id }) => id === message.ticketId)
  return (
    <article
      className="entry in-message"
      data-kind={kind === 'note' ? 'note' : undefined}
      data-outside={kind === 'forward' || message.outside || undefined}
      data-entry={message.id}
    >
      <Avatar name={name} member={author.kind === 'member'} />
      <div>
        <div className="entry-head">
          <strong>{name}</strong>
          {kind === 'note' && <span className="entry-kind">{t('inbox.noteOnly')}</span>}
          {kind === 'forward' && (
            <span className="in-outside">
              {t('inbox.wasForwarded', {
                to: message.recipients.map(({ name, address }) => name || address).join(', '),
              })}
            </span>
          )}
          {message.outside && <span className="in-outside">{t('inbox.fromOutside')}</span>}
          {source && <span className="quiet">{t('inbox.ofTicket', { number: source.number })}</span>}
          {message.automatic && <span className="quiet">{t('inbox.automatic')}</span>}
          <Details message={message} />
          <MessageMenu message={message} ticket={ticket} />
          <time className="entry-time" dateTime={at} title={moment(at)}>
            {longWhen(at, now)}
          </time>
        </div>
        <MessageBanners message={message} ticket={ticket} byKey={byKey} />
        <div className="entry-text">
          {html !== null && kind === 'message' ? (
            <MessageHtml message={message} />
          ) : (
            <Words text={text} plain={kind === 'message'} />
          )}
          {quoted && html === null && <Quoted text={quoted} />}
          <Attachments files={message.attachments.filter(({ contentId }) => contentId === null || html === null)} />
        </div>
        {kind === 'forward' && <Forwarded message={message} />}
        <DeliveryNote message={message} />
      </div>
    </article>
  )
}

/** What was written; what a mail invites to stands above it, as it does above one with a layout. */
function Words({ text, plain }: { text: string; plain: boolean }) {
  const { cards, rest } = plain ? invitationsIn(text) : { cards: [], rest: text }
  return (
    <>
      {cards.map(([first, ...lines], place) => (
        <p key={place} className="in-invitation">
          <strong>{first}</strong>
          {lines.map((line, at) => (
            <span key={at}>{line}</span>
          ))}
        </p>
      ))}
      {(rest !== '' || cards.length === 0) && <RichText text={rest} plain={plain} />}
    </>
  )
}

/** What went along: shown where it stands, not twice. */
function Forwarded({ message: { forwards } }: { message: TicketMessage }) {
  const show = (id: string) => () => document.querySelector(`[data-entry="${id}"]`)?.scrollIntoView({ block: 'center' })
  return (
    <div className="in-chips">
      {forwards.map((id, place) => (
        <button key={id} type="button" className="button" data-size="small" onClick={show(id)}>
          {t('inbox.showForwarded', { number: place + 1 })}
        </button>
      ))}
    </div>
  )
}

function Quoted({ text }: { text: string }) {
  return (
    <details className="in-quoted">
      <summary>{t('inbox.quoted')}</summary>
      <RichText text={text} plain />
    </details>
  )
}

/** To whom it went, from which address it came, and whether that is certain. */
function Details({ message }: { message: TicketMessage }) {
  const { author, recipients, copies, blindCopies, subject, authentication, hasSource, id, kind } = message
  if (kind === 'note') return null
  const rows: [string, string][] = [
    [t('inbox.from'), author.address],
    [t('inbox.to'), named(recipients)],
    [t('inbox.copy'), named(copies)],
    [t('inbox.blindCopy'), named(blindCopies)],
    [t('inbox.subject'), subject],
  ]
  return (
    <span className="in-details">
      <Popover size="small" tone="plain" iconOnly label={null} name={t('inbox.details')}>
        {() => (
          <div className="p-pad">
            <dl className="in-facts-list">
              {rows.map(([term, value]) => value && <Row key={term} term={term} value={value} />)}
              {authentication && <Authentication {...authentication} />}
            </dl>
            {hasSource && (
              <a href={addressOf(contract.tickets.source, { params: { id } })} target="_blank" rel="noreferrer">
                {t('inbox.source')}
              </a>
            )}
          </div>
        )}
      </Popover>
    </span>
  )
}

function Authentication(found: NonNullable<TicketMessage['authentication']>) {
  return (['spf', 'dkim', 'dmarc'] as const).map((name) => (
    <Row key={name} term={name.toUpperCase()} value={found[name] ?? t('inbox.notChecked')} />
  ))
}

function Row({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function named(addresses: readonly { name: string; address: string }[]): string {
  return addresses.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')
}
