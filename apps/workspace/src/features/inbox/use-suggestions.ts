import type { Language } from '@lahko/contract'
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { language as ownLanguage, t } from '../../platform/words.ts'
import { articleLink } from '../articles/linking.ts'
import { filled } from '../macros/filling.ts'
import { useMe } from '../shell/me.ts'
import { membersQuery } from './members.ts'
import type { Suggestion } from './suggestions.tsx'
import type { Asked } from './writing-text.ts'

const most = 8
const mostArticles = 3

/** Macros and articles that fit `/…`, or members that fit `@…` in a note. */
export function useSuggestions(asked: Asked | undefined, kind: 'reply' | 'note' | 'forward', language: Language) {
  const [at, setAt] = useState(0)
  const [closed, setClosed] = useState<number>()
  const wanted = asked && asked.from !== closed && (asked.sign === '/' || kind === 'note') ? asked : undefined
  const macros = useMacros(wanted?.sign === '/' ? wanted.words : undefined, language)
  const members = useMembers(wanted?.sign === '@' ? wanted.words : undefined)
  const articles = useArticles(wanted?.sign === '/' ? wanted.words : undefined, language)
  const fitting = wanted?.sign === '/' ? [...macros.slice(0, most - articles.length), ...articles] : members
  const items = wanted ? fitting.slice(0, most) : []
  const place = Math.min(at, Math.max(0, items.length - 1))
  return {
    asked: items.length > 0 ? wanted : undefined,
    items,
    at: place,
    move: (by: number) => setAt((place + by + items.length) % Math.max(1, items.length)),
    begin: () => setAt(0),
    close: () => setClosed(wanted?.from),
    reopen: () => setClosed(undefined),
  }
}

function useMacros(words: string | undefined, language: Language): Suggestion[] {
  const { data } = useQuery({
    queryKey: ['macros', 'found', words],
    queryFn: ({ signal }) => api.macros.list({ query: { search: words || undefined, limit: most }, signal }),
    enabled: words !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  if (words === undefined) return []
  return (data?.items ?? []).map(({ id, name, texts }) => ({ id, name, hint: firstLine(texts, language) }))
}

/** Published articles, from the second letter on. */
function useArticles(words: string | undefined, language: Language): Suggestion[] {
  const { origin } = useMe()
  const asked = words !== undefined && words.length > 1
  const { data } = useQuery({
    queryKey: ['articles', 'found', words, language, mostArticles],
    queryFn: ({ signal }) => {
      const query = { q: words ?? '', language, limit: mostArticles, typing: 'true' }
      return api.articles.search({ query, signal })
    },
    enabled: asked,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })
  if (!asked) return []
  return (data?.items ?? []).map((item) => ({
    id: item.articleId,
    name: item.title,
    hint: t('articles.kind'),
    text: articleLink(item, origin),
  }))
}

/** How a macro begins in the language in which it would be put in; what is filled in then is left open. */
function firstLine(texts: Partial<Record<Language, string>>, language: Language): string {
  const text = texts[language] ?? texts[ownLanguage()] ?? texts.en ?? texts.sl ?? texts.nb ?? t('inbox.noText')
  return filled(text, {})
    .replaceAll(/\{[a-z][a-z0-9_.]*\}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 60)
}

/** Whoever may not read the ticket is not told of it. */
function useMembers(words: string | undefined): Suggestion[] {
  const found = useInfiniteQuery({ ...membersQuery(words ?? '', 'tickets.read'), enabled: words !== undefined })
  if (words === undefined) return []
  const members = found.data?.pages.flatMap(({ items }) => items) ?? []
  // Found for what was typed before: what does not begin so cannot be meant any more.
  const begins = (name: string) => ` ${name}`.toLocaleLowerCase().includes(` ${words.toLocaleLowerCase()}`)
  return found.isPlaceholderData ? members.filter(({ name }) => begins(name)) : members
}
