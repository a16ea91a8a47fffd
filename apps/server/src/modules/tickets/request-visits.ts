import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasPublicArticles } from '#articles'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import { isLanguage } from '#platform/words.ts'
import { brandsOf } from '#surveys'
import { isFormOpen } from './contact-forms.queries.ts'
import { signedInBy, type SignedIn } from './customer-sessions.ts'
import { viewOf, type View } from './request-frame.ts'

export type Visit = { house: House; request: FastifyRequest; reply: FastifyReply }

/**
 * Whose page it is, in which language, and who is signed in.
 * @param said the language that a form carried; else that of the query, else the browser's
 * @throws Problem not_found where no workspace lives
 */
export async function visitOf({ house, request }: Visit, said?: string): Promise<{ view: View; customer?: SignedIn }> {
  const brand = await brandsOf(house).of(request.scope.workspaceId)
  if (!brand) throw new Problem('not_found', 'platform.no_such_address')
  const { lang = said } = request.query as Record<string, unknown>
  const language = isLanguage(lang) ? lang : request.language
  const { customer, formOpen, articles } = await house.store.read(request.scope, async (db) => ({
    customer: await signedInBy(db, request),
    formOpen: await isFormOpen(db),
    articles: await hasPublicArticles(db),
  }))
  const paths = { ...(formOpen && { form: '/requests/new' }), ...(articles && { help: `/help/${language}` }) }
  return { view: viewOf(brand, language, paths), ...(customer && { customer }) }
}

/** A form that another site made a browser send acts for nobody here. @throws Problem forbidden */
export function refuseOtherSites({ headers, host }: FastifyRequest): void {
  const { origin, 'sec-fetch-site': site } = headers
  const foreign = origin !== undefined && origin !== 'null' && !(URL.canParse(origin) && new URL(origin).host === host)
  if (foreign || site === 'cross-site' || site === 'same-site') throw new Problem('forbidden', 'platform.cross_site')
}
