import { problemOf } from '../../platform/api.ts'
import { sayFailure } from '../../platform/toasts.tsx'

let close: (() => void) | undefined

/** Says what went wrong. Where a ticket cannot be solved before something is said, that has the keyboard. */
export function sayWhatFailed(error: unknown): void {
  if (!problemOf(error)?.code.startsWith('requests.missing_fields')) return void sayFailure(error)
  nothingMissing()
  close = sayFailure(error)
  document.querySelector<HTMLElement>('.in-side [data-missing] :is(input, select)')?.focus()
}

/** What was missing has been said: the words that asked for it go. */
export function nothingMissing(): void {
  close?.()
  close = undefined
}
