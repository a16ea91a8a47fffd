import type { Language, Survey, SurveyContent } from '@lahko/contract'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { api, queries } from '../../platform/api.ts'

/** How long the hands must rest before what was written is kept. */
const restMs = 600

export type Draft = {
  content: SurveyContent
  edit: (change: (content: SurveyContent) => SurveyContent) => void
  state: 'kept' | 'waiting' | 'saving' | 'failed'
  error: unknown
  /** Keeps what is not kept yet, now. */
  flush: () => Promise<void>
}

/** What every part of the editor is given. */
export type Editing = { survey: Survey; draft: Draft; language: Language }

/** What is being edited, kept on the server a moment after each change. */
export function useDraft(survey: Survey): Draft {
  const [content, setContent] = useState(() => editable(survey))
  const [state, setState] = useState<Draft['state']>('kept')
  const [error, setError] = useState<unknown>()
  const pending = useRef<SurveyContent | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const ownSave = useRef(survey.draftSavedAt)
  const version = useRef(survey.version)

  const flush = async () => {
    clearTimeout(timer.current)
    const body = pending.current
    if (!body) return
    pending.current = null
    setState('saving')
    try {
      const saved = await api.surveys.saveDraft({ params: { id: survey.id }, body })
      ownSave.current = saved.draftSavedAt
      queries.setQueryData(['survey', survey.id], saved)
      setError(undefined)
      setState(pending.current ? 'waiting' : 'kept')
    } catch (failure) {
      pending.current ??= body
      setError(failure)
      setState('failed')
    }
  }
  const edit: Draft['edit'] = (change) => {
    setContent((before) => {
      const next = change(before)
      pending.current = next
      return next
    })
    setState('waiting')
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), restMs)
  }
  // What came from elsewhere (another tab, a published version) is taken over, never over what is being written here.
  useEffect(() => {
    const elsewhere = survey.draftSavedAt !== ownSave.current || survey.version !== version.current
    version.current = survey.version
    ownSave.current = survey.draftSavedAt
    if (elsewhere && !pending.current) setContent(editable(survey))
  }, [survey])
  useLastFlush(flush)
  return { content, edit, state, error, flush }
}

/** Keeps what is left when the screen is left. */
function useLastFlush(flush: () => Promise<void>): void {
  const latest = useRef(flush)
  useLayoutEffect(() => {
    latest.current = flush
  })
  useEffect(() => () => void latest.current(), [])
}

function editable({ draft, content }: Survey): SurveyContent {
  const given = draft ?? content
  if (!given) throw new Error('A survey has a draft or a version.')
  return given
}
