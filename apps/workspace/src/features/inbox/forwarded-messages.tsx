import type { TicketMessage } from '@lahko/contract'
import { moment } from '../../platform/format.ts'
import { Icon } from '../../platform/icon.tsx'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { t } from '../../platform/words.ts'

type Props = { ids: readonly string[]; messages: readonly TicketMessage[]; onChange: (ids: string[]) => void }

/** What is forwarded below the text, with all that is attached to it. */
export function ForwardedMessages({ ids, messages, onChange }: Props) {
  const others = messages.filter(({ id }) => !ids.includes(id))
  return (
    <fieldset className="in-chips" aria-label={t('inbox.whatIsForwarded')}>
      <span>{t('inbox.whatIsForwarded')}</span>
      {ids.map((id) => (
        <Chip
          key={id}
          message={messages.find((one) => one.id === id)}
          onRemove={() => onChange(ids.filter((one) => one !== id))}
        />
      ))}
      {others.length > 0 && (
        <Popover size="small" tone="plain" label={t('inbox.forwardMore')}>
          {(close) =>
            others.map((one) => (
              <MenuItem
                key={one.id}
                icon="mail"
                onPick={() => (close(), onChange([...ids, one.id]))}
                end={<span className="quiet">{moment(one.at)}</span>}
              >
                {writerOf(one)}
              </MenuItem>
            ))
          }
        </Popover>
      )}
    </fieldset>
  )
}

function Chip({ message, onRemove }: { message: TicketMessage | undefined; onRemove: () => void }) {
  const name = message ? writerOf(message) : t('inbox.somebody')
  const files = message?.attachments.length ?? 0
  return (
    <button type="button" className="chip" data-size="small" onClick={onRemove}>
      {name} {message && <span className="quiet">{moment(message.at)}</span>}
      {files > 0 && (
        <span className="in-clip">
          <Icon name="clip" /> {files}
        </span>
      )}
      <Icon name="cross" />
      <span className="visually-hidden">{t('inbox.leaveOut', { name })}</span>
    </button>
  )
}

function writerOf({ author }: TicketMessage): string {
  return author.name || author.address || t('inbox.somebody')
}
