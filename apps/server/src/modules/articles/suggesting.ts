import type { Language } from '@lahko/contract/values'
import type { FastifyRequest } from 'fastify'
import type { Module } from '#platform/module.ts'
import { beginningOf } from '#platform/plain-text.ts'
import type { Db } from '#platform/store.ts'
import { articlePath } from './article-page.ts'
import { readerOf } from './readers.ts'
import { searchArticles } from './searching.ts'

/** An article that likely answers what somebody writes. */
export type Suggested = { id: string; title: string; summary: string; path: string; language: Language }

/** What is about one thing says so early. */
const longestLook = 400
const mostSuggested = 3

/**
 * Articles that likely answer what somebody asks people, those in their language first, and only what they may see.
 * None where nothing fits well.
 */
export async function suggestArticles(
  db: Db,
  { request, modules }: { request: FastifyRequest; modules: readonly Module[] },
  { text, language, typing = false }: { text: string; language: Language; typing?: boolean },
): Promise<Suggested[]> {
  const asked = beginningOf(text, longestLook).replaceAll(/\s+/g, ' ').trim()
  if (asked === '') return []
  const reader = await readerOf(db, request, modules)
  const { suggestions } = await searchArticles(db, reader, { text: asked, language, limit: mostSuggested, typing })
  return suggestions.map((one) => ({
    ...{ id: one.id, title: one.title, summary: one.summary, language: one.language },
    path: articlePath(one, one.language),
  }))
}
