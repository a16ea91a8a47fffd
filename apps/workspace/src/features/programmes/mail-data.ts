import type { Language, MailTexts } from '@lahko/contract'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../platform/api.ts'

/** Which mail is looked at. */
export type Which = { language: Language; mail: 'invitation' | 'reminder' }
/** Whether variables are filled from an example, or with what stands for the unknown. */
export type Known = 'yes' | 'no'

/** What a mail says around its question, from top to bottom. */
export const mailParts = ['subject', 'greeting', 'introduction', 'closing', 'signature'] as const

/** What one mail says with these texts. */
export function previewQuery(id: string, { language, mail }: Which, texts: MailTexts, known: Known) {
  const body = { language, number: mail === 'reminder' ? 1 : 0, known, texts }
  return queryOptions({
    queryKey: ['programmes', id, 'mail', body],
    queryFn: async ({ signal }) => ({
      ...(await api.mailTexts.preview({ params: { id }, body, signal })),
      page: pageOf(id, body),
    }),
  })
}

function pageOf(id: string, { texts, ...body }: { language: string; number: number; known: Known; texts: MailTexts }) {
  const query = new URLSearchParams({ ...body, number: String(body.number), texts: JSON.stringify(texts) })
  return `/api/v1/programmes/${id}/mail-page?${query}`
}
