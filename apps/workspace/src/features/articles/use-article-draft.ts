import type { Article, ArticleTranslation, Language } from '@lahko/contract'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { api, problemOf, queries } from '../../platform/api.ts'
import { articleQuery, translationQuery } from './article-data.ts'

/** How long the hands must rest before what was written is kept. */
const restMs = 900

export type Content = { title: string; summary: string; keywords: string; body: string }
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
type Place = { id: string; language: Language }

const nothing: Content = { title: '', summary: '', keywords: '', body: '' }

/** The draft in one language as it is written, kept on the server a moment after each change. */
export function useArticleDraft({ article: { id }, language, translation }: Given): ArticleDraft {
  const text = useText(translation)
  const { state, error, theirs, flush, keepMine, wait, settle } = useKeeping(text, { id, language })
  const replace = (given: ArticleTranslation) => {
    text.put(given)
    settle()
  }
  const edit: ArticleDraft['edit'] = (part) => {
    text.change(part)
    if (state !== 'conflict') wait()
  }
  // What came from elsewhere is taken over, never over what is being written here.
  const takeOver = useEffectEvent((given: ArticleTranslation) => {
    if (!text.pending.current && state === 'kept' && given.revision > (text.read.current ?? 0)) replace(given)
  })
  useEffect(() => {
    if (translation) takeOver(translation)
  }, [translation])
  const { content, revision, times } = text
  const takeTheirs = () => theirs && replace(theirs)
  return {
    ...{ content, edit, state, error, flush, revision, theirs, replace, times },
    ...{ keepMine, takeTheirs },
  }
}

type Text = ReturnType<typeof useText>

/** The text as it stands here, what of it is not kept yet, and the revision that it stands on. */
function useText(translation: ArticleTranslation | undefined) {
  const [content, setContent] = useState(() => contentOf(translation))
  const [times, setTimes] = useState(0)
  const [revision, setRevision] = useState(translation?.revision ?? null)
  const read = useRef(translation?.revision ?? null)
  const pending = useRef<Content | null>(null)
  const standOn = (given: number) => {
    read.current = given
    setRevision(given)
  }
  const change = (part: Partial<Content>) =>
    setContent((before) => {
      pending.current = { ...before, ...pending.current, ...part }
      return pending.current
    })
  const put = (given: ArticleTranslation) => {
    pending.current = null
    standOn(given.revision)
    setContent(contentOf(given))
    setTimes((before) => before + 1)
  }
  return { content, revision, times, read, pending, standOn, change, put }
}

/** Keeps a text on the server, one save after the other: each stands on the revision of the one before it. */
function useKeeping(text: Text, place: Place) {
  const [state, setState] = useState<ArticleDraft['state']>('kept')
  const [error, setError] = useState<unknown>()
  const [theirs, setTheirs] = useState<ArticleTranslation>()
  const turn = useRef<Promise<boolean>>(Promise.resolve(true))
  const rest = useRest()
  const save = async (): Promise<boolean> => {
    if (!text.pending.current) return true
    if (text.pending.current.title.trim() === '') {
      setState('untitled')
      return isUnbegun(text)
    }
    setState('saving')
    const after = await saveOnce(text, place)
    setError(after.error)
    setTheirs(after.theirs)
    setState(after.state)
    return after.state === 'kept'
  }
  const flush = () => {
    rest.end()
    turn.current = turn.current.then(save, save)
    return turn.current
  }
  const wait = () => {
    setState('waiting')
    rest.begin(() => void flush())
  }
  const settle = () => {
    rest.end()
    setTheirs(undefined)
    setState('kept')
  }
  const keepMine = () => {
    text.standOn(theirs?.revision ?? 0)
    setTheirs(undefined)
    return flush()
  }
  return { state, error, theirs, flush, keepMine, wait, settle }
}

/** Where nothing was written and nothing is kept, nothing is lost for want of a title. */
function isUnbegun({ pending: { current: body }, read }: Text): boolean {
  return body !== null && isEmpty(body) && read.current === null
}

type Outcome = Pick<ArticleDraft, 'state' | 'error' | 'theirs'>

async function saveOnce({ pending, read, standOn }: Text, place: Place): Promise<Outcome> {
  const body = pending.current!
  pending.current = null
  try {
    const saved = await api.articles.saveDraft({ params: place, body: { ...body, revision: read.current } })
    standOn(saved.revision)
    keepTranslation(place.id, saved)
    return { state: pending.current ? 'waiting' : 'kept', error: undefined, theirs: undefined }
  } catch (error) {
    pending.current ??= body
    const theirs = problemOf(error)?.status === 409 ? await readAgain(place) : undefined
    return { state: theirs ? 'conflict' : 'failed', error, theirs }
  }
}

/** Waits until the hands have rested; what was begun before is forgotten. */
function useRest() {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const end = () => clearTimeout(timer.current)
  const begin = (work: () => void) => {
    end()
    timer.current = setTimeout(work, restMs)
  }
  return { begin, end }
}

/** Shows everywhere what was kept. */
export function keepTranslation(id: string, translation: ArticleTranslation): void {
  queries.setQueryData(translationQuery(id, translation.language).queryKey, translation)
  void queries.invalidateQueries({ queryKey: articleQuery(id).queryKey })
}

/** What stands on the server now; undefined where that cannot be read. */
function readAgain(place: Place): Promise<ArticleTranslation | undefined> {
  return api.articles.getTranslation({ params: place }).catch(() => undefined)
}

function contentOf(translation: ArticleTranslation | undefined): Content {
  if (!translation) return nothing
  const { title, summary, keywords, body } = translation
  return { title, summary, keywords, body }
}

function isEmpty({ title, summary, keywords, body }: Content): boolean {
  return [title, summary, keywords, body].every((text) => text.trim() === '')
}
