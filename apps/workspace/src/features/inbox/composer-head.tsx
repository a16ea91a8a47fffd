import type { Ticket } from '@lahko/contract'
import type { KeyboardEvent } from 'react'
import { t } from '../../platform/words.ts'
import { Recipients } from './recipients.tsx'
import type { Written } from './use-draft.ts'

type Props = {
  ticket: Ticket
  written: Written
  write: (part: Partial<Written>) => void
  kept: 'kept' | 'keeping' | 'failed'
  onTurn: (kind: Written['kind']) => void
}

/** A reply or a note: said by the word, the colour, and the button that sends it. */
export function ComposerHead({ ticket, written, write, kept, onTurn }: Props) {
  const { kind } = written
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') write({ kind: kind === 'reply' ? 'note' : 'reply' })
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
        {(['reply', 'note'] as const).map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={kind === one}
            tabIndex={kind === one ? 0 : -1}
            data-mode={one}
            onClick={() => onTurn(one)}
          >
            {t(one === 'reply' ? 'inbox.reply' : 'inbox.note')}{' '}
            <span className="kbd">{one === 'reply' ? 'r' : 'n'}</span>
          </button>
        ))}
      </div>
      {kind === 'reply' ? (
        <Recipients ticket={ticket} written={written} write={write} />
      ) : (
        <span className="in-only-us">{t('inbox.noteOnly')}</span>
      )}
      <span className="in-kept" aria-live="polite" data-state={kept}>
        {kept === 'failed' && t('inbox.notKept')}
        {kept === 'kept' && written.text !== '' && t('inbox.kept')}
      </span>
    </div>
  )
}
