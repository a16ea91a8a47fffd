import type { ProblemBody } from '@lahko/contract'
import { ApiProblem, createClient } from '@lahko/contract/client'
import { QueryClient } from '@tanstack/react-query'
import { language, t } from './words.ts'

/** The API, in the language that the screens have now. */
export const api = createClient({
  baseUrl: '',
  // A person sees at once what happened; reading is tried again by the queries below.
  retries: 0,
  fetch: (address, init) =>
    fetch(address, { ...init, headers: { ...(init?.headers as object), 'accept-language': language() } }),
})

export const queries = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: retryWhenAway, refetchOnWindowFocus: false } },
})

/** What the server refused, or `undefined` when it could not be reached or broke off. */
export function problemOf(error: unknown): ProblemBody | undefined {
  return error instanceof ApiProblem ? error.problem : undefined
}

/** One sentence about a failure that its reader can act on. */
export function sayProblem(error: unknown): string {
  const problem = problemOf(error)
  return problem === undefined || problem.code === 'unavailable' ? t('shell.serverAway') : problem.title
}

/** What is wrong with one field of the body, such as `workspace/slug`, in words; `undefined` when it is right. */
export function problemAt(error: unknown, field: string): string | undefined {
  return problemOf(error)?.errors?.find((one) => one.field === `/body/${field}`)?.message
}

function retryWhenAway(failures: number, error: unknown): boolean {
  const status = problemOf(error)?.status
  return failures < 3 && (status === undefined || (status >= 502 && status <= 504))
}
