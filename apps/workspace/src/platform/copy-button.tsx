import { useEffect, useState } from 'react'
import { say } from './toasts.tsx'
import { t } from './words.ts'

/** Copies a text. Where the browser forbids it (a page without TLS), the field before the button is selected instead. */
export function CopyButton({ text, field, label = t('shell.copy') }: { text: string; field?: string; label?: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'selected'>('idle')
  useEffect(() => {
    if (state === 'idle') return undefined
    const timer = setTimeout(() => setState('idle'), 2500)
    return () => clearTimeout(timer)
  }, [state])
  const words = { idle: label, copied: t('shell.copied'), selected: t('shell.selected') }
  const copy = async () => setState((await written(text)) ? 'copied' : select(field))
  return (
    <button className="button" type="button" onClick={() => void copy()}>
      <span aria-live="polite">{words[state]}</span>
    </button>
  )
}

/** Copies a text and says so; where the browser forbids it, the text itself is shown to be copied by hand. */
export function copyOrShow(text: string, done: string): void {
  void written(text).then((copied) => say(copied ? done : text))
}

async function written(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function select(id: string | undefined): 'selected' | 'idle' {
  const field = id ? document.getElementById(id) : null
  if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) return 'idle'
  field.select()
  return 'selected'
}
