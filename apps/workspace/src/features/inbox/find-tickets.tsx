import { useEffect, useState } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { findField, focusFirstRow } from './list-keys.ts'

const patienceMs = 250

/** Searches all tickets a moment after the last letter; Escape gives the list back. */
export function FindTickets({ text = '', onFind }: { text?: string; onFind: (text: string | undefined) => void }) {
  const [typed, setTyped] = useState(text)
  const [told, setTold] = useState(text)
  // Somebody went elsewhere: what is searched is what the address says.
  if (text !== told) {
    setTold(text)
    setTyped(text)
  }
  useEffect(() => {
    const wanted = typed.trim()
    if (wanted === told) return undefined
    const timer = setTimeout(() => {
      setTold(wanted)
      onFind(wanted || undefined)
    }, patienceMs)
    return () => clearTimeout(timer)
  })
  return (
    <div className="search in-find">
      <Icon name="search" />
      <input
        className="input"
        id={findField}
        type="search"
        autoComplete="off"
        value={typed}
        aria-label={t('inbox.find')}
        placeholder={t('inbox.find')}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === 'ArrowDown') {
            event.preventDefault()
            focusFirstRow()
          }
          if (event.key !== 'Escape') return
          setTyped('')
          document.getElementById('main')?.focus({ preventScroll: true })
        }}
      />
      <span className="kbd">/</span>
    </div>
  )
}
