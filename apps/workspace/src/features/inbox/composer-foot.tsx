import { useRef, type RefObject } from 'react'
import { isMac } from '../../platform/actions.ts'
import { Icon, type IconName } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { SendButtons } from './send-buttons.tsx'
import type { Written } from './use-draft.ts'
import { isSendable, type Sending } from './use-sending.ts'
import { mark, markedIn } from './writing-field.tsx'
import { linkTo, listLines, wrap, type Marked } from './writing-text.ts'

type Props = {
  field: RefObject<HTMLTextAreaElement | null>
  written: Written
  write: (part: Partial<Written>) => void
  onArticle: () => void
  onFiles: (files: Iterable<File>) => void
  sending: Sending
  waits: boolean
}

/** What helps with writing, and what sends it. */
export function ComposerFoot({ field, written, write, onArticle, onFiles, sending, waits }: Props) {
  const file = useRef<HTMLInputElement>(null)
  const put = (make: (marked: Marked) => Marked) => () => {
    if (!field.current) return
    const marked = make(markedIn(field.current))
    write({ text: marked.text })
    mark(field, marked)
  }
  const beginMacro = put(({ text, start, end }) => {
    const before = text.slice(0, start)
    const sign = before === '' || /\s$/.test(before) ? '/' : ' /'
    const at = start + sign.length
    return { text: before + sign + text.slice(end), start: at, end: at }
  })
  return (
    <div className="composer-foot">
      <button type="button" className="button" data-size="small" data-tone="plain" onClick={beginMacro}>
        <Icon name="bolt" /> {t('inbox.macro')} <span className="kbd">/</span>
      </button>
      <Tool icon="book" name={t('articles.insertTool')} onUse={onArticle} />
      <Tool
        icon="bold"
        name={t('inbox.bold', { key: isMac ? '⌘B' : 'Ctrl B' })}
        onUse={put((one) => wrap(one, '**'))}
      />
      <Tool
        icon="italic"
        name={t('inbox.italic', { key: isMac ? '⌘I' : 'Ctrl I' })}
        onUse={put((one) => wrap(one, '_'))}
      />
      <Tool icon="ledger" name={t('inbox.list')} onUse={put(listLines)} />
      <Tool icon="link" name={t('inbox.makeLink')} onUse={put(linkTo)} />
      <Tool icon="clip" name={t('inbox.attach')} onUse={() => file.current?.click()} />
      <input
        ref={file}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          onFiles(target.files ?? [])
          target.value = ''
        }}
      />
      <SendButtons kind={written.kind} sending={sending} disabled={waits || !isSendable(written)} />
    </div>
  )
}

function Tool({ icon, name, onUse }: { icon: IconName; name: string; onUse: () => void }) {
  return (
    <button
      type="button"
      className="button in-tool"
      data-size="small"
      data-tone="plain"
      data-icon
      aria-label={name}
      title={name}
      onClick={onUse}
    >
      <Icon name={icon} />
    </button>
  )
}
