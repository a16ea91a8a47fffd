import type { Survey } from '@lahko/contract'
import { queryOptions } from '@tanstack/react-query'
import { api, queries } from '../../platform/api.ts'
import { say, sayFailure } from '../../platform/toasts.tsx'

export function surveyQuery(id: string) {
  return queryOptions({
    queryKey: ['survey', id],
    queryFn: ({ signal }) => api.surveys.get({ params: { id }, signal }),
  })
}

/** Does something to a survey, shows what it became, and says so; `undo` takes it back. */
export async function act(work: () => Promise<Survey>, done?: string, undo?: () => Promise<Survey>): Promise<boolean> {
  try {
    const survey = await work()
    queries.setQueryData(['survey', survey.id], survey)
    void queries.invalidateQueries({ queryKey: ['surveys'] })
    if (done) say(done, undo && (() => void act(undo)))
    return true
  } catch (error) {
    sayFailure(error)
    return false
  }
}
