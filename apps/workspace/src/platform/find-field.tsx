import { useEffect, useState } from 'react'
import { Icon } from './icon.tsx'

/** Searches a moment after the last letter. */
export function FindField(props: {
  id: string
  name: string
  text: string | undefined
  className?: string
  onFind: (text: string | undefined) => void
}) {
  const { id, name, text: given = '', className = '', onFind } = props
  const [text, setText] = useState(given)
  useEffect(() => {
    if (text === given) return undefined
    const timer = setTimeout(() => onFind(text || undefined), 250)
    return () => clearTimeout(timer)
  })
  return (
    <div className={`search ${className}`}>
      <Icon name="search" />
      <input
        className="input"
        id={id}
        type="search"
        value={text}
        aria-label={name}
        placeholder={name}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  )
}
