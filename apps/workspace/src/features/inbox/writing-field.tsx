import type { Ticket } from '@lahko/contract'
import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react'
import { queries } from '../../platform/api.ts'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { readingLanguage } from '../articles/linking.ts'
import { Suggestions, type Suggestion } from './suggestions.tsx'
import type { Written } from './use-draft.ts'
import { filledQuery } from './use-macro.ts'
import { useSuggestions } from './use-suggestions.ts'
import { askedAt, replaceAsked, wrap, type Asked, type Marked } from './writing-text.ts'

type Props = {
  ticket: Ticket
  field: RefObject<HTMLTextAreaElement | null>
  focused: boolean
  written: Written
  write: (part: Partial<Written>) => void
  onFiles: (files: Iterable<File>) => void
  onMacro: (id: string) => void
}

const names = { reply: 'inbox.yourReply', note: 'inbox.yourNote', forward: 'inbox.yourForward' } as const
const hints = { reply: 'inbox.writeReply', note: 'inbox.writeNote', forward: 'inbox.writeForward' } as const

/** The text itself: `/` brings macros and articles, `@` members, a picture that is pasted stands where the cursor is. */
export function WritingField({ ticket, field, focused, written, write, onFiles, onMacro }: Props) {
  const { text, kind } = written
  const [asked, setAsked] = useState<Asked>()
  const found = useSuggestions(asked, kind, readingLanguage(ticket.language))
  useEffect(() => {
    if (focused) field.current?.focus()
  }, [focused, field])
  const put = (marked: Marked) => {
    write({ text: marked.text })
    setAsked(undefined)
    mark(field, marked)
  }
  const take = async (item: Suggestion, wanted: Asked) => {
    if (item.text !== undefined) return put(replaceAsked(text, wanted, item.text))
    if (wanted.sign === '@') return put(replaceAsked(text, wanted, `@${item.name} `))
    try {
      const filled = await queries.fetchQuery({ ...filledQuery(item.id, ticket.id), staleTime: 0 })
      put(replaceAsked(field.current?.value ?? text, wanted, filled.text))
      onMacro(item.id)
    } catch (error) {
      sayFailure(error)
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (found.asked) onSuggestionKey(event, found, (item) => void take(item, found.asked!))
    const sign = { b: '**', i: '_' }[event.key.toLowerCase()]
    if (sign && (event.ctrlKey || event.metaKey) && !event.altKey) {
      event.preventDefault()
      put(wrap(markedIn(event.currentTarget), sign))
    }
  }
  return (
    <div className="in-field" role="tabpanel" aria-label={t(`inbox.${kind}`)}>
      {found.asked && (
        <Suggestions
          label={t(found.asked.sign === '/' ? 'articles.macrosAndArticles' : 'inbox.members')}
          items={found.items}
          at={found.at}
          onPick={(item) => void take(item, found.asked!)}
        />
      )}
      <textarea
        ref={field}
        className="composer-text"
        rows={3}
        value={text}
        aria-label={t(names[kind])}
        placeholder={t(hints[kind])}
        onChange={({ target }) => {
          write({ text: target.value })
          setAsked(askedAt(target.value, target.selectionStart))
          found.begin()
          if (/[/@]$/.test(target.value.slice(0, target.selectionStart))) found.reopen()
        }}
        onBlur={() => setAsked(undefined)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          // Cells of a spreadsheet come as text and as a picture of it.
          if (event.clipboardData.files.length === 0 || event.clipboardData.types.includes('text/plain')) return
          event.preventDefault()
          onFiles(event.clipboardData.files)
        }}
      />
    </div>
  )
}

function onSuggestionKey(
  event: KeyboardEvent,
  found: ReturnType<typeof useSuggestions>,
  take: (item: Suggestion) => void,
): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const taken = (event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey && !event.metaKey
  const item = found.items[found.at]
  if (by) found.move(by)
  else if (event.key === 'Escape') found.close()
  else if (taken && item) take(item)
  else return
  event.preventDefault()
}

/** The text of a field and what of it is marked. */
export function markedIn({ value, selectionStart, selectionEnd }: HTMLTextAreaElement): Marked {
  return { text: value, start: selectionStart, end: selectionEnd }
}

/** Marks a part once the field holds the text. */
export function mark(field: RefObject<HTMLTextAreaElement | null>, { start, end }: Marked): void {
  requestAnimationFrame(() => {
    field.current?.focus()
    field.current?.setSelectionRange(start, end)
  })
}
