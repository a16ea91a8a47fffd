import { html, raw, type Html } from '#platform/html.ts'
import { longest } from './reading-forms.ts'
import type { View } from './request-frame.ts'

/** What is wrong with a form; `at` names the control, `page` all of it. */
export type FieldProblem = { at: string; text: string }

/** What is wrong with the length of a text; nothing when it may be as long as it is. */
export function tooLong({ say }: View, at: string, text: string, of: keyof typeof longest): FieldProblem[] {
  const [count, most] = [text.length, longest[of]]
  return count > most
    ? [{ at, text: say(of === 'message' ? 'message_too_long' : 'value_too_long', { count, most }) }]
    : []
}

/** What needs the reader, each with a link to its control. */
export function problemsOf({ say }: View, problems: readonly FieldProblem[]): Html | '' {
  if (problems.length === 0) return ''
  const lines = problems.map(({ at, text }) =>
    at === 'page' ? html`<li>${text}</li>` : html`<li><a href="#${at}">${text}</a></li>`,
  )
  return html`
    <div class="banner rq-problems" data-tone="bad" role="alert">
      <div><strong>${say('not_sent')}</strong><ul>${lines}</ul></div>
    </div>`
}

/** What stands above a control that is wrong, and what the control says of itself. @param hints ids of what describes it */
export function stateOf(problems: readonly FieldProblem[], name: string, hints: readonly string[] = []) {
  const own = problems.filter(({ at }) => at === name)
  const ids = [...hints, ...(own.length > 0 ? [`${name}-problem`] : [])]
  const described = ids.length > 0 ? ` aria-describedby="${ids.join(' ')}"` : ''
  return {
    text:
      own.length > 0 ? html`<p class="problem" id="${name}-problem">${own.map(({ text }) => text).join(' ')}</p>` : '',
    attributes: raw(`${described}${own.length > 0 ? ' aria-invalid="true"' : ''}`),
    described: raw(described),
  }
}
