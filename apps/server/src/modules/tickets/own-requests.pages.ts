import { id } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { networkLimits, type NetworkLimits } from '#platform/network-limits.ts'
import type { House } from '#platform/house.ts'
import { Problem } from '#platform/problem.ts'
import { hashToken } from '#platform/secrets.ts'
import { isMoment } from '#platform/moments.ts'
import type { Db } from '#platform/store.ts'
import { isFormOpen } from './contact-forms.queries.ts'
import { dropSession, endSession, type SignedIn } from './customer-sessions.ts'
import { tooLong, type FieldProblem } from './form-problems.ts'
import { newFormToken, readFormToken, type FormSigning } from './form-tokens.ts'
import { conversationPage, listPage } from './own-requests-page.ts'
import {
  answerRequest,
  getFile,
  getRequest,
  listConversation,
  listRequests,
  turnRequest,
  viewerOf,
  type OwnRequest,
  type Viewer,
} from './own-requests.ts'
import { readForm, written, type SentForm } from './reading-forms.ts'
import { keepUploads } from './request-files.ts'
import type { KeptUpload } from './request-files.queries.ts'
import { labelOf, sayValue } from './field-values.ts'
import { listFieldsOf } from './ticket-fields.queries.ts'
import { sendRequestPage, type View } from './request-frame.ts'
import { refuseOtherSites, visitOf, type Visit } from './request-visits.ts'
import { showSignIn } from './entering-requests.pages.ts'

const schema = { hide: true }
// Such a form proves by its token that its page was this customer's.
const ownForm = { schema, config: { publicForm: true } }
const page = { list: 30, said: 50 }

type Own = { visit: Visit; view: View; customer: SignedIn; viewer: Viewer }

/** The pages on which customers follow what they have asked, answer, and say that it is solved. */
export function ownRequestPages(app: FastifyInstance, house: House): void {
  const limits = networkLimits(house.clock, { burst: 40, aSecond: 0.1 })
  app.get('/requests', { schema }, (request, reply) => withOwn({ house, request, reply }, showList))
  app.get('/requests/:number', { schema }, (request, reply) => withOwn({ house, request, reply }, showConversation))
  app.post('/requests/:number', ownForm, async (request, reply) => {
    refuseOtherSites(request)
    const sent = await readForm(request)
    return withOwn({ house, request, reply }, (own) => answer(own, sent, limits), sent.fields.get('lang'))
  })
  for (const to of ['solved', 'reopened'] as const) {
    app.post(`/requests/:number/${to}`, ownForm, async (request, reply) => {
      refuseOtherSites(request)
      const sent = await readForm(request)
      return withOwn({ house, request, reply }, (own) => turn(own, sent, to === 'solved' ? 'solved' : 'open'))
    })
  }
  app.get('/requests/:number/files/:id', { schema }, (request, reply) => withOwn({ house, request, reply }, sendFile))
  app.post('/requests/sign-out', ownForm, async (request, reply) => {
    refuseOtherSites(request)
    const sent = await readForm(request)
    return withOwn({ house, request, reply }, (own) => signOut(own, sent))
  })
}

/** Work for whoever is signed in; anybody else asks for a link first. */
async function withOwn(visit: Visit, work: (own: Own) => Promise<FastifyReply>, said?: string): Promise<FastifyReply> {
  const { view, customer } = await visitOf(visit, said)
  const viewer = customer && (await visit.house.store.read(visit.request.scope, (db) => viewerOf(db, customer)))
  if (!customer || !viewer) return showSignIn(visit, view, numberOf(visit))
  return work({ visit, view, customer, viewer })
}

/** Which request an address means; undefined for none, and for what is no number. */
function numberOf({ request }: Visit): number | undefined {
  const { number, to = number } = { ...(request.query as object), ...(request.params as object) } as Record<
    string,
    unknown
  >
  return typeof to === 'string' && /^[1-9]\d{0,8}$/.test(to) ? Number(to) : undefined
}

function demandNumber(visit: Visit): number {
  const number = numberOf(visit)
  if (number === undefined) throw new Problem('not_found', 'platform.not_found')
  return number
}

function signingOf({ secret }: SignedIn): FormSigning {
  return { key: secret, purpose: 'own requests' }
}

function newToken({ visit, customer }: Own): string {
  return newFormToken(signingOf(customer), visit.house.clock.now())
}

function isOurs({ visit, customer }: Own, { fields }: SentForm): boolean {
  return readFormToken(fields.get('token'), signingOf(customer), visit.house.clock.now()) !== undefined
}

async function showList(own: Own): Promise<FastifyReply> {
  const { visit, view, viewer } = own
  const { house, request } = visit
  const { of, before } = request.query as Record<string, unknown>
  const whose = of === 'organisation' && viewer.colleagues.length > 0 ? 'organisation' : 'own'
  const from = readEnd(before)
  const { items, askers, next, formOpen } = await house.store.read(request.scope, async (db) => ({
    ...(await listRequests(db, viewer, whose, { limit: page.list, ...(from && { before: from }) })),
    formOpen: await isFormOpen(db),
  }))
  const more = next && `/requests?lang=${view.language}&of=${whose}&before=${endOf(next)}`
  const list = { viewer, whose, items, askers, formOpen, token: newToken(own), ...(more && { next: more }) } as const
  return sendRequestPage(visit, view, listPage(view, list))
}

/** What its customer filled in on the form, in the words of the page. */
async function listFacts(db: Db, { ticket }: OwnRequest, { language, say }: View) {
  const fields = await listFieldsOf(db, ticket.id, ticket.topic)
  return fields
    .filter(({ on_form: on, value }) => on !== 'no' && value !== null)
    .map((field) => ({ label: labelOf(field, language), value: sayValue(field, field.value!, language, say) }))
}

type Back = { token: string; text: string; problems: readonly FieldProblem[]; kept: readonly KeptUpload[] }

async function showConversation(own: Own, back?: Back): Promise<FastifyReply> {
  const { visit, view, viewer } = own
  const { house, request } = visit
  const number = demandNumber(visit)
  const before = readEnd((request.query as Record<string, unknown>)['before'])
  const shown = await house.store.read(request.scope, async (db) => {
    const found = await getRequest(db, viewer, number)
    const read = { limit: page.said, ...(before && { before }) }
    const facts = await listFacts(db, found, view)
    return { request: found, facts, ...(await listConversation(db, found, read)) }
  })
  const earlier = shown.earlier && `/requests/${number}?lang=${view.language}&before=${endOf(shown.earlier)}`
  const fresh = back ?? { token: newToken(own), text: '', problems: [], kept: [] }
  const { said, facts, request: found } = shown
  return sendRequestPage(
    visit,
    view,
    conversationPage(view, { viewer, request: found, said, facts, ...fresh, ...(earlier && { earlier }) }),
  )
}

async function answer(own: Own, sent: SentForm, limits: NetworkLimits): Promise<FastifyReply> {
  const { visit, view, viewer } = own
  const { house, request, reply } = visit
  const number = demandNumber(visit)
  const text = written(sent, 'message')
  const problems = problemsIn(own, sent, text)
  const late = !limits.mayPass(request.scope.workspaceId, request.ip)
  if (late) problems.push({ at: 'page', text: view.say('too_many') })
  if (problems.length > 0) {
    const token = isOurs(own, sent) ? sent.fields.get('token')! : newToken(own)
    const keep = { text, problems, token, kept: late ? [] : await keepFiles(visit, token, sent) }
    return showConversation({ ...own, visit: { ...visit, reply: reply.code(late ? 429 : 400) } }, keep)
  }
  const given = { text, token: sent.fields.get('token')!, sent, language: view.language }
  const shown = await house.store.write(request.scope, async (tx) =>
    answerRequest(tx, viewer, await getRequest(tx, viewer, number), given),
  )
  return goTo(own, shown)
}

async function keepFiles({ house, request }: Visit, token: string, sent: SentForm): Promise<KeptUpload[]> {
  return house.store.write(request.scope, (tx) => keepUploads(tx, hashToken(token), sent))
}

function problemsIn(own: Own, sent: SentForm, text: string): FieldProblem[] {
  const { say } = own.view
  const problems: FieldProblem[] = sent.problems.map(({ code, name }) => ({
    at: 'files',
    text: say(`file_${code}`, { name }),
  }))
  const empty =
    text === '' && sent.files.length === 0 && ![...sent.fields.keys()].some((name) => name.startsWith('keep-'))
  problems.push(...tooLong(own.view, 'message', text, 'message'))
  if (empty && problems.length === 0) problems.push({ at: 'message', text: say('missing_answer') })
  if (!isOurs(own, sent)) problems.push({ at: 'page', text: say('page_too_old') })
  return problems
}

async function turn(own: Own, sent: SentForm, to: 'solved' | 'open'): Promise<FastifyReply> {
  const { visit, viewer } = own
  const number = demandNumber(visit)
  if (!isOurs(own, sent)) return goTo(own, number)
  await visit.house.store.write(visit.request.scope, async (tx) =>
    turnRequest(tx, await getRequest(tx, viewer, number), to),
  )
  return goTo(own, number)
}

function goTo({ visit, view }: Own, number?: number): FastifyReply {
  const address = number === undefined ? '/requests' : `/requests/${number}`
  return visit.reply.header('cache-control', 'no-store').redirect(`${address}?lang=${view.language}`, 303)
}

async function signOut(own: Own, sent: SentForm): Promise<FastifyReply> {
  const { house, request, reply } = own.visit
  if (!isOurs(own, sent)) return goTo(own)
  await house.store.write(request.scope, (tx) => endSession(tx, own.customer))
  dropSession(request, reply)
  return goTo(own)
}

// What a browser shows without running anything; all else is only kept.
const shown = /^(image\/(png|jpeg|gif|webp)|text\/plain|application\/pdf)$/

async function sendFile({ visit, viewer }: Own): Promise<FastifyReply> {
  const { house, request, reply } = visit
  const number = demandNumber(visit)
  const wanted = id.safeParse((request.params as Record<string, unknown>)['id'])
  if (!wanted.success) throw new Problem('not_found', 'platform.not_found')
  const file = await house.store.read(request.scope, async (db) =>
    getFile(db, await getRequest(db, viewer, number), wanted.data),
  )
  return reply
    .headers({
      'content-type': shown.test(file.media_type) ? file.media_type : 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, no-store',
    })
    .send(file.content)
}

function endOf({ at, id: last }: { at: string; id: string }): string {
  return Buffer.from(`${at} ${last}`).toString('base64url')
}

const end =
  /^(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::\d\d)?)) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Where a page goes on; an end that this page did not give out is the beginning. */
function readEnd(given: unknown): { at: string; id: string } | undefined {
  if (typeof given !== 'string') return undefined
  const [, at, last] = end.exec(Buffer.from(given, 'base64url').toString()) ?? []
  return at === undefined || last === undefined || !isMoment(at) ? undefined : { at, id: last }
}
