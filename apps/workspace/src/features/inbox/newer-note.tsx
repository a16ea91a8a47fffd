import { Banner } from '../../platform/states.tsx'
import { list } from '../../platform/format.ts'
import { t } from '../../platform/words.ts'
import type { useNewest } from './use-newest.ts'

/** Somebody wrote while one was writing: what it is, before two answers cross. The text is kept. */
export function NewerNote(props: { newest: ReturnType<typeof useNewest>; onSendAnyway?: () => void }) {
  const { newer, stopped, read } = props.newest
  if (newer.length === 0) return null
  const names = [...new Set(newer.map(({ message }) => message.author.name || message.author.address))]
  const last = newer[0]!.message
  const show = () => {
    document.querySelector(`[data-entry="${last.id}"]`)?.scrollIntoView({ block: 'center' })
    read()
  }
  return (
    <Banner tone="warn" alert={stopped}>
      <div>
        <p>
          <strong>{t('inbox.wroteMeanwhile', { names: list(names), count: names.length })}</strong>{' '}
          {stopped && t('inbox.notSentYet')}
        </p>
        <p className="in-newer">{last.text.slice(0, 240)}</p>
      </div>
      <div className="buttons">
        <button type="button" className="button" data-size="small" onClick={show}>
          {t('inbox.haveRead')}
        </button>
        {props.onSendAnyway && stopped && (
          <button type="button" className="button" data-size="small" onClick={props.onSendAnyway}>
            {t('inbox.sendAnyway')}
          </button>
        )}
      </div>
    </Banner>
  )
}
