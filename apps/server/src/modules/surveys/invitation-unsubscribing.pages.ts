import type { Language } from '@lahko/contract/values'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  customerGroup,
  findCustomers,
  findSuppression,
  liftSuppression,
  listAddressesOf,
  listSaidAt,
  suppress,
  type Suppression,
} from '#people'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { html } from '#platform/html.ts'
import { findRecipient } from '#platform/mail/mails.queries.ts'
import { documentOf, sendPage } from '#platform/pages.ts'
import type { Db, Tx } from '#platform/store.ts'
import { isLanguage, words } from '#platform/words.ts'
import { formOf } from './answer-form.ts'
import { headOf } from './answer-head.ts'
import { answerStyle } from './answer-page.ts'
import { follow, wishOf, type Wish } from './asking-preferences.ts'
import { allOrNothing, choiceOf, choicesOf, type Choice } from './asking-preferences.pages.ts'
import type { Brand } from './brand.ts'
import { hashOfToken } from './invitation-links.ts'
import { findInvitationByToken, updateUnsubscribed, type InvitationRow } from './invitation-rows.queries.ts'
import { getBrand, sendNotice } from './open-survey.ts'

/** What the page says: whether the address may be asked, and what has just been done. */
type Said = 'unsubscribe' | 'stopped' | 'again' | 'kept' | 'suppressed' | 'forgotten'

const schema = { hide: true }
const unsubscribeWith = { config: { publicForm: true }, schema }

/**
 * Where somebody says that they want no more questions. A GET shows the page and changes nothing, because mail
 * servers open links; a POST does it, without a cookie, so that a mail program can as well (RFC 8058).
 */
export function unsubscribePages(app: FastifyInstance, house: House): void {
  void app.register(async (child) => {
    // RFC 8058 lets a mail program send either kind of form; only the page's own has a field that says anything.
    child.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit: 10_000 }, (_, _body, done) =>
      done(null, {}),
    )
    child.get('/unsubscribe/:token', { schema }, (request, reply) =>
      open(house, request, reply, (row) =>
        house.store.read(request.scope, async (db) => stateOf(await suppressionsOf(db, row), 'unsubscribe')),
      ),
    )
    child.post('/unsubscribe/:token', unsubscribeWith, (request, reply) => {
      const form = formOf(request.body)
      const wish = wishOf(form['wish'])
      return open(house, request, reply, (row) =>
        house.store.write(request.scope, async (tx) => {
          if (wish) return wanted(tx, row, wish)
          return form['again'] === 'yes' ? takeBack(tx, row) : unsubscribe(tx, row)
        }),
      )
    })
  })
}

async function open(
  house: House,
  request: FastifyRequest,
  reply: FastifyReply,
  work: (row: InvitationRow) => Promise<Said>,
): Promise<FastifyReply> {
  const brand = await getBrand(house, request)
  const hash = hashOfToken((request.params as { token: string }).token)
  const row = hash && (await house.store.read(request.scope, (db) => findInvitationByToken(db, hash)))
  if (!row) return sendNotice(request, reply, isTrial(request) ? 'trial_unsubscribe' : 'invitation_unknown', brand)
  const { lang } = formOf(request.query)
  const language = isLanguage(lang) ? lang : isLanguage(row.language) ? row.language : request.language
  const said = await work(row)
  const choice = await house.store.read(request.scope, (db) => choiceOf(db, row))
  return show(request, reply, { brand, language, said, choice })
}

/** The link of a test. */
function isTrial({ params }: FastifyRequest): boolean {
  return (params as { token: string }).token === 'trial'
}

/** Where the mail went, and where the next one would go: the customer's address may have been corrected since. */
async function addressesOf(db: Db, { id, customerId }: InvitationRow): Promise<string[]> {
  const customer = customerId === null ? undefined : (await findCustomers(db, [customerId])).get(customerId)
  const all = [await findRecipient(db, 'invitation', id), customer?.email]
  return [...new Set(all.flatMap((one) => one?.toLowerCase() ?? []))]
}

type Suppressions = { addresses: string[]; found: Suppression[] }

/** Those of these addresses, and what the same person said at any other of theirs. */
async function suppressionsOf(db: Db, row: InvitationRow): Promise<Suppressions> {
  const addresses = await addressesOf(db, row)
  const own = await Promise.all(addresses.map((one) => findSuppression(db, one)))
  const person = row.customerId === null ? [] : await customerGroup(db, row.customerId)
  const others = (await listAddressesOf(db, person)).filter((one) => !addresses.includes(one))
  return { addresses, found: [...own.filter((one) => one !== undefined), ...(await listSaidAt(db, others))] }
}

function stateOf({ addresses, found }: Suppressions, free: Said): Said {
  if (addresses.length === 0) return 'forgotten'
  if (found.some(({ reason }) => reason !== 'unsubscribed')) return 'suppressed'
  return found.length > 0 ? 'stopped' : free
}

/** Twice is once. */
async function unsubscribe(tx: Tx, row: InvitationRow): Promise<Said> {
  const addresses = await addressesOf(tx, row)
  for (const address of addresses) await suppress(tx, address, 'unsubscribed')
  if (row.unsubscribedAt === null) {
    await updateUnsubscribed(tx, row.id, tx.now)
    await emit(tx, { type: 'invitation.unsubscribed', subjectId: row.id })
  }
  return addresses.length === 0 ? 'forgotten' : 'stopped'
}

/** Somebody wants less, not nothing. Of a customer who was forgotten nothing can be kept. */
async function wanted(tx: Tx, row: InvitationRow, wish: Wish): Promise<Said> {
  const state = stateOf(await suppressionsOf(tx, row), 'unsubscribe')
  if (state !== 'unsubscribe' || row.customerId === null) return state
  await follow(tx, row.customerId, row.surveyId, wish)
  return 'kept'
}

/** Takes back one's own word, and no one else's. */
async function takeBack(tx: Tx, row: InvitationRow): Promise<Said> {
  const suppressions = await suppressionsOf(tx, row)
  const state = stateOf(suppressions, 'again')
  if (state === 'suppressed' || state === 'forgotten') return state
  for (const { address } of suppressions.found) await liftSuppression(tx, address)
  if (row.unsubscribedAt !== null) {
    await updateUnsubscribed(tx, row.id, null)
    await emit(tx, { type: 'invitation.resubscribed', subjectId: row.id })
  }
  return 'again'
}

type Shown = { brand: Brand; language: Language; said: Said; choice: Choice | undefined }

function show(request: FastifyRequest, reply: FastifyReply, { brand, language, said, choice }: Shown) {
  const say = (key: string) => words(language, `invitation.${key}`, { company: brand.name })
  const title = said === 'suppressed' ? say('stopped_title') : say(`${said}_title`)
  const isFinal = said === 'suppressed' || said === 'forgotten'
  const { token } = request.params as { token: string }
  const page = { brand, language, action: `/unsubscribe/${token}?lang=${language}` }
  const body = html`
    <main class="ask" id="main">
      ${headOf({ brand, language, content: { languages: ['en', 'sl', 'nb'] }, inOther: (other) => `/unsubscribe/${token}?lang=${other}` })}
      <h1>${title}</h1>
      <p>${said === 'suppressed' ? say('suppressed_elsewhere') : say(`${said}_text`)}</p>
      ${isFinal ? '' : allOrNothing(page, said === 'stopped')}
      ${isFinal || said === 'stopped' ? '' : choicesOf(page, choice)}
      <footer class="ask-foot"><p><a href="/privacy?lang=${language}">${say('kept')}</a></p></footer>
    </main>`
  const styles = [answerStyle, brand.accent]
  return sendPage(request, reply, styles, documentOf({ language, title: `${title} · ${brand.name}`, styles, body }))
}
