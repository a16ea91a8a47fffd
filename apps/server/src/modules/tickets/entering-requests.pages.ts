import { email } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { House } from '#platform/house.ts'
import { hashToken } from '#platform/secrets.ts'
import { isFormOpen } from './contact-forms.queries.ts'
import { peekLink } from './customer-links.queries.ts'
import { keepSession } from './customer-sessions.ts'
import { enterPage, linkOverPage, linkSentPage, signInPage } from './entering-requests-page.ts'
import { askForRequestLink, enterByLink } from './entering-requests.ts'
import type { FieldProblem } from './form-problems.ts'
import { readForm, writtenLine } from './reading-forms.ts'
import { canMailCustomers } from './request-mails.ts'
import { sendRequestPage, type View } from './request-frame.ts'
import { refuseOtherSites, visitOf, type Visit } from './request-visits.ts'

const schema = { hide: true }
const publicForm = { schema, config: { publicForm: true } }

/** How customers come to their requests: by a link that is mailed to them, used once. */
export function entryPages(app: FastifyInstance, house: House): void {
  app.post('/requests/link', publicForm, (request, reply) => ask({ house, request, reply }))
  app.get('/requests/link', { schema }, async (request, reply) => {
    const visit = { house, request, reply }
    const { view } = await visitOf(visit)
    return sendRequestPage(visit, view, linkSentPage(view))
  })
  app.get('/requests/enter/:token', { schema }, (request, reply) => open({ house, request, reply }))
  app.post('/requests/enter/:token', publicForm, (request, reply) => enter({ house, request, reply }))
}

type Again = { address: string; problems: readonly FieldProblem[] }

/** The form that asks for a link. @param to the number of the request that somebody wanted to see */
export async function showSignIn(
  visit: Visit,
  view: View,
  to?: number,
  again: Again = { address: '', problems: [] },
): Promise<FastifyReply> {
  const formOpen = await visit.house.store.read(visit.request.scope, isFormOpen)
  const page = { ...again, formOpen, ...(to !== undefined && { to }) }
  return sendRequestPage(visit, view, signInPage(view, page))
}

async function ask(visit: Visit): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const sent = await readForm(request)
  const { view } = await visitOf(visit, sent.fields.get('lang'))
  const { say, language } = view
  const address = writtenLine(sent, 'address').toLowerCase()
  const given = sent.fields.get('to') ?? ''
  const number = /^[1-9]\d{0,8}$/.test(given) ? Number(given) : undefined
  const back = (status: number, at: string, text: string) =>
    showSignIn({ ...visit, reply: reply.code(status) }, view, number, { address, problems: [{ at, text }] })
  if (!email.safeParse(address).success) {
    return back(400, 'address', say(address === '' ? 'missing_sign_in' : 'bad_address'))
  }
  const mayMail = await house.store.read(request.scope, (db) => canMailCustomers(house, db))
  if (!mayMail) return back(409, 'page', say('no_mail'))
  const wait = await askForRequestLink(house, request, { address, language, ...(number && { number }) })
  if (wait > 0) {
    reply.header('retry-after', String(wait))
    return back(429, 'page', say('too_many_links', { minutes: Math.ceil(wait / 60) }))
  }
  return reply.header('cache-control', 'no-store').redirect(`/requests/link?lang=${language}`, 303)
}

async function open(visit: Visit): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const { view } = await visitOf(visit)
  const token = tokenOf(visit)
  const link = await house.store.read(request.scope, (db) => peekLink(db, hashToken(token)))
  if (!link) return sendRequestPage({ request, reply: reply.code(410) }, view, linkOverPage(view))
  return sendRequestPage(visit, view, enterPage(view, { address: link.address, token }))
}

async function enter(visit: Visit): Promise<FastifyReply> {
  const { house, request, reply } = visit
  refuseOtherSites(request)
  const { view } = await visitOf(visit)
  const entered = await enterByLink(house, request, tokenOf(visit))
  if (!entered) return sendRequestPage({ request, reply: reply.code(410) }, view, linkOverPage(view))
  keepSession(request, reply, entered.secret)
  const address = entered.number === undefined ? '/requests' : `/requests/${entered.number}`
  return reply.header('cache-control', 'no-store').redirect(`${address}?lang=${view.language}`, 303)
}

function tokenOf({ request }: Visit): string {
  return (request.params as { token: string }).token
}
