import type { Language, ProblemBody } from '@lahko/contract'

export const steps = ['you', 'company', 'question'] as const
export type Step = (typeof steps)[number]

export type SignUpForm = {
  name: string
  email: string
  password: string
  workspace: { name: string; slug: string; language: Language; timeZone: string }
  libraryId: string
}

/** A short name for addresses out of a company's own: `Triglav Oprema d. o. o.` → `triglav-oprema-d-o-o`. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('đ', 'd')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replaceAll(/^-|-$/g, '')
}

/** The step where what the server refused was filled in. */
export function stepOfProblem(problem: ProblemBody | undefined): Step | undefined {
  if (problem?.code.startsWith('accounts.slug')) return 'company'
  if (problem?.code === 'accounts.email_taken') return 'you'
  const field = problem?.errors?.[0]?.field
  if (field?.startsWith('/body/workspace')) return 'company'
  if (field?.startsWith('/body/question')) return 'question'
  return field ? 'you' : undefined
}
