import type { Ticket } from '@lahko/contract'
import type { KeyboardEvent } from 'react'
import { t } from '../../platform/words.ts'
import { FromWhere } from './from-where.tsx'
import { Recipients, type Misread } from './recipients.tsx'
import type { Written } from './use-draft.ts'

type Props = {
  ticket: Ticket
  written: Written
  write: (part: Partial<Written>) => void
  kept: 'kept' | 'keeping' | 'failed'
  /** How often others than its writer have said to whom it goes. */
  filled: number
  misread: Misread
  onTurn: (kind: Written['kind']) => void
}

const kinds = ['reply', 'note', 'forward'] as const
const keys = { reply: 'r', note: 'n', forward: 'f' } as const

/** A reply, a note or a forward: said by the word, the colour, and the button that sends it. */
export function ComposerHead({ ticket, written, write, kept, filled, misread, onTurn }: Props) {
  const { kind } = written
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: kinds.length - 1, ArrowRight: 1 }[event.key]
    if (by) onTurn(kinds[(kinds.indexOf(kind) + by) % kinds.length]!)
  }
  return (
    <div className="composer-head">
      <div
        className="segments"
        data-size="small"
        role="tablist"
        tabIndex={-1}
        aria-label={t('inbox.kind')}
        onKeyDown={onKeyDown}
      >
        {kinds.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={kind === one}
            tabIndex={kind === one ? 0 : -1}
            data-mode={one}
            onClick={() => onTurn(one)}
          >
            {t(`inbox.${one}`)} <span className="kbd">{keys[one]}</span>
          </button>
        ))}
      </div>
      {kind === 'note' && <span className="in-only-us">{t('inbox.noteOnly')}</span>}
      {kind === 'forward' && <span className="in-outside">{t('inbox.forwardOnly')}</span>}
      {kind !== 'note' && (
        <Recipients key={`${kind} ${filled}`} ticket={ticket} written={written} write={write} misread={misread} />
      )}
      {kind !== 'note' && <FromWhere ticket={ticket} from={written.from} onChange={(from) => write({ from })} />}
      <span className="in-kept" aria-live="polite" data-state={kept}>
        {kept === 'failed' && t('inbox.notKept')}
        {kept === 'kept' && written.text !== '' && t('inbox.kept')}
      </span>
    </div>
  )
}
