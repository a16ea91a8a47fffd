import type { FastifyInstance, FastifyReply } from 'fastify'
import type { House } from '#platform/house.ts'
import { html } from '#platform/html.ts'
import type { Module } from '#platform/module.ts'
import { networkLimits, type NetworkLimits } from '#platform/network-limits.ts'
import { Problem } from '#platform/problem.ts'
import { hashToken } from '#platform/secrets.ts'
import { episodeCarriedBy, episodeOf, mayBeEpisode, newEpisode } from '#touchpoints'
import { contactPage } from './contact-page.ts'
import { findContactForm, type ContactFormRow } from './contact-forms.queries.ts'
import type { FieldProblem } from './form-problems.ts'
import { contactSigning, newFormToken, readFormToken } from './form-tokens.ts'
import { readForm, writtenLine, type SentForm } from './reading-forms.ts'
import { keepUploads } from './request-files.ts'
import { sendRequestPage, type View } from './request-frame.ts'
import { visitOf, type Visit } from './request-visits.ts'
import { findSentForm } from './sent-forms.queries.ts'
import { looksLikeSpam, readRequest, sendRequest } from './sending-requests.ts'
import { sendStep, suggestFor } from './suggestions.pages.ts'
import { listFields, type TicketFieldRow } from './ticket-fields.queries.ts'

type Asked = { form: ContactFormRow; fields: TicketFieldRow[] }

const schema = { hide: true }

/** The form by which anybody asks for help, and the page that says that it was sent. */
export function contactFormPages(app: FastifyInstance, house: House, modules: readonly Module[]): void {
  // An office behind one address may ask for help all at once, and then once in ten seconds.
  const limits = networkLimits(house.clock, { burst: 40, aSecond: 0.1 })
  app.get('/requests/new', { schema }, (request, reply) => show({ house, request, reply }))
  app.post('/requests/new', { schema, config: { publicForm: true } }, (request, reply) =>
    take({ house, request, reply }, modules, limits),
  )
  app.get('/requests/r/:token', { schema }, (request, reply) => showSent({ house, request, reply }))
}

/** The form and the fields that customers are asked. @throws Problem not_found while it is closed */
async function openForm({ house, request }: Visit): Promise<Asked> {
  return house.store.read(request.scope, async (db) => {
    const form = await findContactForm(db)
    if (!form?.open) throw new Problem('not_found', 'requests.form_closed')
    return { form, fields: (await listFields(db)).filter(({ on_form: on }) => on !== 'no') }
  })
}

async function show(visit: Visit): Promise<FastifyReply> {
  const { view, customer } = await visitOf(visit)
  const asked = await openForm(visit)
  const query = visit.request.query as Record<string, unknown>
  // A search carries its question over, and whether its reader has looked through what there is.
  const given = ['topic', 'message', 'looked'].flatMap((name) =>
    typeof query[name] === 'string' ? [[name, query[name]] as const] : [],
  )
  const filled = new Map(given.map(([name, value]) => [name, value.slice(0, 2_000).toWellFormed()]))
  const token = newFormToken(contactSigning(asked.form), visit.house.clock.now())
  const nothing = { problems: [], kept: [], episode: await episodeFor(visit) }
  return sendRequestPage(
    visit,
    view,
    contactPage(view, { ...asked, ...nothing, token, filled, signedInAs: customer?.address }),
  )
}

/** The episode that led to the form, or one that begins with it. */
async function episodeFor({ house, request }: Visit): Promise<string | undefined> {
  const led = await house.store.read(request.scope, (db) => episodeOf(db, request))
  return led ?? (mayBeEpisode(request) ? newEpisode() : undefined)
}

async function take(visit: Visit, modules: readonly Module[], limits: NetworkLimits): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const sent = await readForm(request)
  const { view, customer } = await visitOf(visit, sent.fields.get('lang'))
  const asked = await openForm(visit)
  const now = house.clock.now()
  const given = sent.fields.get('token')
  const madeAt = readFormToken(given, contactSigning(asked.form), now)
  const token = madeAt ? given! : newFormToken(contactSigning(asked.form), now)
  const back = (status: number, problems: readonly FieldProblem[]) =>
    sendBack(visit, view, { ...asked, token, sent, problems, signedInAs: customer?.address }, status)
  if (!limits.mayPass(request.scope.workspaceId, request.ip)) {
    return back(429, [{ at: 'page', text: view.say('too_many') }])
  }
  const read = readRequest(view, sent, { ...asked, address: customer?.address })
  if (!read.request) return back(400, read.problems)
  if (!madeAt) return back(400, [{ at: 'page', text: view.say('page_too_old') }])
  if (sent.fields.has('change')) return back(200, [])
  const fits = await suggestFor(visit, modules, view, sent)
  if (fits.length > 0) return sendStep(visit, view, { fits, sent, token })
  const spam = looksLikeSpam(sent, now.getTime() - madeAt.getTime())
  const sending = {
    token,
    sent,
    language: view.language,
    spam,
    episode: episodeCarriedBy(request, sent.fields.get('e')),
  }
  await house.store.write(request.scope, (tx) => sendRequest(house, tx, read.request!, sending))
  return reply.header('cache-control', 'no-store').redirect(`/requests/r/${token}?lang=${view.language}`, 303)
}

type Back = Asked & { token: string; sent: SentForm; problems: readonly FieldProblem[]; signedInAs?: string }

/** The form once more, with all that was filled in and the files that came with it. */
async function sendBack(visit: Visit, view: View, back: Back, status: number): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const { sent, token } = back
  const kept =
    status === 429 ? [] : await house.store.write(request.scope, (tx) => keepUploads(tx, hashToken(token), sent))
  const filled = new Map([...sent.fields].map(([name]) => [name, filledOf(sent, name)]))
  if (status === 429) reply.header('retry-after', '60')
  return sendRequestPage(
    { request, reply: reply.code(status) },
    view,
    contactPage(view, { ...back, filled, kept, episode: episodeCarriedBy(request, sent.fields.get('e')) }),
  )
}

/** What was filled in, to its end. */
function filledOf(sent: SentForm, name: string): string {
  return name === 'message' ? (sent.fields.get(name) ?? '').toWellFormed() : writtenLine(sent, name)
}

async function showSent(visit: Visit): Promise<FastifyReply> {
  const { house, request } = visit
  const { token } = request.params as { token: string }
  const { view } = await visitOf(visit)
  const { say, language } = view
  const found = await house.store.read(request.scope, (db) => findSentForm(db, hashToken(token)))
  if (!found) throw new Problem('not_found', 'platform.not_found')
  const main = html`
    <div class="rq-lead">
      <h1>${say('sent_title', { number: found.number })}</h1>
      <p>${say('sent_mail', { address: found.address })}</p>
      <p>${say('sent_next')}</p>
    </div>
    <div class="rq-acts">
      <a class="button" href="/requests?lang=${language}">${say('to_own')}</a>
      <a class="button" data-tone="plain" href="/requests/new?lang=${language}">${say('another')}</a>
    </div>
    <p class="quiet">${say('sent_wrong')}</p>`
  const inOther = (other: string) => `/requests/r/${token}?lang=${other}`
  return sendRequestPage(visit, view, { title: say('sent_title', { number: found.number }), main, inOther })
}
