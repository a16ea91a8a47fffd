import { problemOf } from '../../platform/api.ts'
import { sayFailure } from '../../platform/toasts.tsx'

/** Says what went wrong. Where a ticket cannot be solved before something is said, that has the keyboard. */
export function sayWhatFailed(error: unknown): void {
  sayFailure(error)
  if (problemOf(error)?.code === 'requests.missing_fields')
    document.querySelector<HTMLElement>('.in-side [data-missing] :is(input, select)')?.focus()
}
