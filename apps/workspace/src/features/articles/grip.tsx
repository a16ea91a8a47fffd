import type { KeyboardEvent } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import type { Dragged } from './dragging.ts'
import { useTree } from './tree-context.ts'

type Props = Dragged & { name: string; onKey: (key: string) => boolean }

/** The handle of a row: dragged, or moved with the arrow keys while it has the focus. */
export function Grip({ kind, id, name, onKey }: Props) {
  const { begin, narrowed, mayWrite } = useTree()
  if (narrowed || !mayWrite) return <span className="ar-grip" aria-hidden="true" />
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event.key)) return
    event.preventDefault()
  }
  return (
    <button
      type="button"
      className="ar-grip"
      id={`grip-${id}`}
      aria-label={t('articles.move', { name })}
      title={t(kind === 'article' ? 'articles.moveHint' : 'articles.moveCollectionHint')}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.releasePointerCapture(event.pointerId)
        begin({ kind, id })
      }}
    >
      <Icon name="grip" />
    </button>
  )
}
