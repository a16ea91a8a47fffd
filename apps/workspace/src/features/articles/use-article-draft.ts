import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { api, problemOf, queries } from '../../platform/api.ts'
import { articleQuery, translationQuery } from './article-data.ts'

/** How long the hands must rest before what was written is kept. */
const restMs = 900

export type Content = { title: string; summary: string; body: string }
export type ArticleDraft = {
  content: Content
  edit: (part: Partial<Content>) => void
  state: 'kept' | 'waiting' | 'saving' | 'failed' | 'conflict' | 'untitled'
  error: unknown
  /** Keeps what is not kept yet, now. Resolves to whether all of it is. */
  flush: () => Promise<boolean>
  /** The revision that the text stands on; null where nothing is kept yet. */
  revision: number | null
  /** What somebody else wrote meanwhile. */
  theirs: ArticleTranslation | undefined
  keepMine: () => Promise<boolean>
  takeTheirs: () => void
  /** Puts in place what the server has made of the draft. */
  replace: (translation: ArticleTranslation) => void
  /** How often somebody else than the writer has put a text in place. */
  times: number
}

type Given = { article: Article; language: Language; translation: ArticleTranslation | undefined }

const nothing: Content = { title: '', summary: '', body: '' }

/** The draft in one language as it is written, kept on the server a moment after each change. */
export function useArticleDraft({ article: { id }, language, translation }: Given): ArticleDraft {
  const [content, setContent] = useState(() => contentOf(translation))
  const [state, setState] = useState<ArticleDraft['state']>('kept')
  const [error, setError] = useState<unknown>()
  const [theirs, setTheirs] = useState<ArticleTranslation>()
  const [times, setTimes] = useState(0)
  const [revision, setRevision] = useState(translation?.revision ?? null)
  const read = useRef(translation?.revision ?? null)
  const pending = useRef<Content | null>(null)
  const turn = useRef<Promise<boolean>>(Promise.resolve(true))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  const standOn = (given: number) => {
    read.current = given
    setRevision(given)
  }
  const replace = (given: ArticleTranslation) => {
    clearTimeout(timer.current)
    pending.current = null
    standOn(given.revision)
    setContent(contentOf(given))
    setTheirs(undefined)
    setState('kept')
    setTimes((before) => before + 1)
  }
  const save = async (): Promise<boolean> => {
    const body = pending.current
    if (!body) return true
    if (body.title.trim() === '') return (setState('untitled'), isEmpty(body) && read.current === null)
    pending.current = null
    setState('saving')
    try {
      const given = { ...body, revision: read.current }
      const saved = await api.articles.saveDraft({ params: { id, language }, body: given })
      standOn(saved.revision)
      keepTranslation(id, saved)
      setError(undefined)
      setState(pending.current ? 'waiting' : 'kept')
      return pending.current === null
    } catch (failure) {
      pending.current ??= body
      setError(failure)
      const isConflict = problemOf(failure)?.status === 409
      const other = isConflict ? await readAgain(id, language) : undefined
      setTheirs(other)
      setState(other ? 'conflict' : 'failed')
      return false
    }
  }
  // One after the other: each save stands on the revision of the one before it.
  const flush = () => {
    clearTimeout(timer.current)
    turn.current = turn.current.then(save, save)
    return turn.current
  }
  const edit: ArticleDraft['edit'] = (part) => {
    setContent((before) => {
      pending.current = { ...before, ...pending.current, ...part }
      return pending.current
    })
    if (state === 'conflict') return
    setState('waiting')
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), restMs)
  }
  // What came from elsewhere is taken over, never over what is being written here.
  const takeOver = useEffectEvent((given: ArticleTranslation) => {
    if (!pending.current && state === 'kept' && given.revision > (read.current ?? 0)) replace(given)
  })
  useEffect(() => {
    if (translation) takeOver(translation)
  }, [translation])
  useEffect(() => () => clearTimeout(timer.current), [])
  return {
    ...{ content, edit, state, error, flush, revision, theirs, replace, times },
    keepMine: () => {
      standOn(theirs?.revision ?? 0)
      setTheirs(undefined)
      return flush()
    },
    takeTheirs: () => theirs && replace(theirs),
  }
}

/** Shows everywhere what was kept. */
export function keepTranslation(id: string, translation: ArticleTranslation): void {
  queries.setQueryData(translationQuery(id, translation.language).queryKey, translation)
  void queries.invalidateQueries({ queryKey: articleQuery(id).queryKey })
}

/** What stands on the server now; undefined where that cannot be read. */
function readAgain(id: string, language: Language): Promise<ArticleTranslation | undefined> {
  return api.articles.getTranslation({ params: { id, language } }).catch(() => undefined)
}

function contentOf(translation: ArticleTranslation | undefined): Content {
  if (!translation) return nothing
  const { title, summary, body } = translation
  return { title, summary, body }
}

function isEmpty({ title, summary, body }: Content): boolean {
  return [title, summary, body].every((text) => text.trim() === '')
}
