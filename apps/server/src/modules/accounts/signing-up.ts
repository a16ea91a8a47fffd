import type { FastifyRequest } from 'fastify'
import type { Language } from '@lahko/contract/values'
import type { Config } from '../../config.ts'
import { emit } from '#platform/events.ts'
import type { House } from '#platform/house.ts'
import { uuidv7 } from '#platform/identifiers.ts'
import { invalidField, Problem } from '#platform/problem.ts'
import { hashPassword, hashToken } from '#platform/secrets.ts'
import type { Tx } from '#platform/store.ts'
import { countAttempt, hasAccounts, hasAccountsWaiting, insertAccount } from './accounts.queries.ts'
import { insertMember } from './members.queries.ts'
import { networkOf } from '#platform/networks.ts'
import { refuseWeakPassword } from './passwords.ts'
import { insertToken, peekToken, takeToken } from './tokens.queries.ts'
import { insertWorkspace } from './workspaces.queries.ts'

/** What a person fills in to begin. */
export type SignUpForm = {
  name: string
  email: string
  password: string
  workspace: { name: string; slug: string; language: Language; timeZone: string }
  question: { libraryId: string }
  token?: string
}

/** A form that was checked, with the password hashed. */
export type SignUp = Omit<SignUpForm, 'password'> & { passwordHash: string }

const linkDays = 7
// Of an address, in an hour.
const freeTries = 20
// Names that hosts in front of a domain usually have, and the demo's own.
const reserved = new Set(['admin', 'api', 'app', 'demo', 'help', 'localhost', 'mail', 'static', 'status', 'www'])

/** Whether anybody may make a workspace without a link. */
export async function isSignUpOpen({ config, store }: House): Promise<boolean> {
  return config.signup === 'open' || !(await hasAccounts(store.outside))
}

/**
 * What can be refused before the transaction: hashing a password takes too long to hold a lock meanwhile.
 * @throws Problem forbidden when sign-up is closed, rate_limited with the seconds to wait, invalid for the fields
 */
export async function prepareSignUp(house: House, request: FastifyRequest, form: SignUpForm): Promise<SignUp> {
  const { token, ...rest } = form
  const invited = token !== undefined && (await peekToken(house.store.outside, 'sign_up', token, house.clock.now()))
  if (!invited && !(await isSignUpOpen(house))) throw new Problem('forbidden', 'accounts.sign_up_closed')
  await slowDown(house, request)
  if (reserved.has(form.workspace.slug)) throw invalidField('/body/workspace/slug', 'accounts.slug_reserved')
  const { password, ...kept } = rest
  refuseWeakPassword('/body/password', password, [form.email, form.name, form.workspace.name, form.workspace.slug])
  return { ...kept, token, passwordHash: await hashPassword(password) }
}

/** Each try costs a hash and may leave a workspace behind: beyond the free ones an address waits, as at sign-in. */
async function slowDown({ clock, store }: House, request: FastifyRequest): Promise<void> {
  const limit = { key: hashToken(`sign-up ${networkOf(request.ip)}`), free: freeTries }
  const retryAfterSeconds = await countAttempt(store.outside, [limit], clock.now())
  if (retryAfterSeconds > 0) throw new Problem('rate_limited', 'accounts.too_many_sign_ups', { retryAfterSeconds })
}

/**
 * Makes an account, the workspace that the transaction works in, and its owner. Of two at once on an empty house only
 * one is first.
 * @throws Problem forbidden when sign-up is closed, conflict when the address of either is taken
 */
export async function signUp(tx: Tx, form: SignUp, policy: Config['signup']): Promise<{ accountId: string }> {
  await demandOpenSignUp(tx, policy, form.token)
  const accountId = uuidv7(tx.now.getTime())
  const { name, email, passwordHash, workspace } = form
  const account = { id: accountId, email, name, language: workspace.language, passwordHash, isDemo: false }
  if (!(await insertAccount(tx, account))) throw new Problem('conflict', 'accounts.email_taken')
  if (!(await insertWorkspace(tx, { ...workspace, kind: 'company' })))
    throw new Problem('conflict', 'accounts.slug_taken')
  await insertMember(tx, { id: uuidv7(tx.now.getTime()), accountId, role: 'owner' })
  await emit(tx, { type: 'workspace.created', subjectId: tx.workspaceId, data: { libraryId: form.question.libraryId } })
  return { accountId }
}

async function demandOpenSignUp(tx: Tx, policy: Config['signup'], token: string | undefined): Promise<void> {
  const taken = await hasAccountsWaiting(tx)
  if (policy === 'open' || !taken) return
  if (token !== undefined && (await takeToken(tx, 'sign_up', token))) return
  throw new Problem('forbidden', 'accounts.sign_up_closed')
}

/** A link with which one more workspace can be made while sign-up is closed, good for seven days. */
export async function makeSignUpLink(tx: Tx): Promise<{ token: string; expiresAt: Date }> {
  const expiresAt = new Date(tx.now.getTime() + linkDays * 86_400_000)
  return { token: await insertToken(tx, 'sign_up', null, {}, expiresAt), expiresAt }
}
