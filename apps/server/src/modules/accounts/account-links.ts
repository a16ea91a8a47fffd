import type { FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import type { Call } from '#platform/http.ts'
import type { Entry } from '@lahko/contract/entry'
import { uuidv7 } from '#platform/identifiers.ts'
import { enqueue, type Task } from '#platform/jobs.ts'
import { queueMail } from '#platform/mail/queueing.ts'
import { Problem } from '#platform/problem.ts'
import { hashPassword, hashToken } from '#platform/secrets.ts'
import { system, type Tx } from '#platform/store.ts'
import { changeAccount } from './account-changes.ts'
import { writeAccountLink } from './account-mails.ts'
import { countAttempt, findAccount, listMemberships, type AccountRow, type MembershipRow } from './accounts.queries.ts'
import { directoryOf } from './directory.ts'
import { enterWorkspace, originForMail } from './entering.ts'
import { getMember } from './members.queries.ts'
import { networkOf } from '#platform/networks.ts'
import { refuseWeakPassword } from './passwords.ts'
import { countLinksOfAccount, insertToken, peekToken, takeToken, type AccountLinkKind } from './tokens.queries.ts'
import { getWorkspace } from './workspaces.queries.ts'

const validMs: Readonly<Record<AccountLinkKind, number>> = { password_link: 3_600_000, sign_in_link: 900_000 }
const pageOf: Readonly<Record<AccountLinkKind, string>> = { password_link: 'password', sign_in_link: 'enter' }
// Whoever has so many unused links in their mail box gets no more: nobody fills it by asking from everywhere.
const mostUnused = 5
// As for wrong passwords: what one address asks for one account, and for any.
const freeForAccount = 5
const freeForAddress = 30

/** Whether links can come by mail at all. */
export function sendsLinks({ config }: Pick<House, 'config'>): boolean {
  return config.mail.smtpUrl !== undefined
}

/**
 * Asks for a link by mail. Whether the address has an account is looked up only after the reply, so that neither the
 * reply nor its time tells.
 * @throws Problem conflict when no mail server is configured, rate_limited with the seconds to wait
 */
export async function askForLink(
  house: House,
  { request, write }: Pick<Call<Entry>, 'request' | 'write'>,
  kind: AccountLinkKind,
  { email, to }: { email: string; to?: string },
): Promise<void> {
  if (!sendsLinks(house)) throw new Problem('conflict', 'accounts.no_mail_server')
  await slowDown(house, request, email)
  const key = `${kind}:${hashToken(email).toString('base64url')}`
  await write(async (tx) => enqueue(tx, 'mail_account_link', { kind, email, to, id: uuidv7(tx.now.getTime()) }, key))
}

async function slowDown({ clock, store }: House, { ip }: FastifyRequest, email: string): Promise<void> {
  const network = networkOf(ip)
  const limits = [
    { key: hashToken(`link ${email} ${network}`), free: freeForAccount },
    { key: hashToken(`links ${network}`), free: freeForAddress },
  ]
  const retryAfterSeconds = await countAttempt(store.outside, limits, clock.now())
  if (retryAfterSeconds > 0) throw new Problem('rate_limited', 'accounts.too_many_links', { retryAfterSeconds })
}

/** `to`: the screen that opens then. */
type Wish = { kind: AccountLinkKind; email: string; to?: string; id: string }

/** Mails a link to whoever has an account. Who asked is not told when it fails: they ask again. */
export function mailAccountLinkTask(house: House): Task {
  return {
    name: 'mail_account_link',
    async run({ workspaceId }, payload) {
      const wish = payload as Wish
      const account = await findAccount(house.store.outside, wish.email)
      if (!account || account.is_demo) return
      const membership = await membershipOf(house, account.id, workspaceId)
      if (!membership) return
      const scope = { workspaceId: membership.workspace_id, actor: system }
      await house.store.write(scope, (tx) => mailLink(house, tx, account, wish))
    },
    giveUp: async () => undefined,
  }
}

async function mailLink(house: House, tx: Tx, account: AccountRow, { kind, email, to, id }: Wish): Promise<void> {
  if ((await countLinksOfAccount(tx, account.id, kind)) >= mostUnused) return
  const expiresAt = new Date(tx.now.getTime() + validMs[kind])
  const token = await insertToken(tx, kind, tx.workspaceId, { accountId: account.id, email }, expiresAt)
  const workspace = await getWorkspace(tx)
  // Never the host of the request: whoever asks could name one of their own.
  const then = to === undefined ? '' : `?to=${encodeURIComponent(to)}`
  const url = `${await originForMail(house, tx)}/app/${pageOf[kind]}/${token}${then}`
  const written = writeAccountLink({ workspace, language: account.language, url, kind, email })
  await queueMail(tx, house.config.mail, {
    ...{ kind, subjectId: id, number: 0, fromName: workspace.name, recipient: email },
    ...{ urgent: true, secret: true, expiresAt, ...written },
  })
}

/** Of a company, because nothing of the demo is ever mailed; the wanted one when they are a member there. */
async function membershipOf(house: House, accountId: string, wanted: string): Promise<MembershipRow | undefined> {
  const all = (await listMemberships(house.store.outside, accountId)).filter(({ kind }) => kind === 'company')
  return all.find((one) => one.workspace_id === wanted) ?? all[0]
}

type Opened = { accountId: string; email: string; membership: MembershipRow }

/** Whose account a link opens, without using it. @throws Problem gone when it was used, is over, or never was */
export async function readAccountLink(house: House, kind: AccountLinkKind, token: string): Promise<Opened> {
  const offer = await peekToken(house.store.outside, kind, token, house.clock.now())
  const membership = offer && (await membershipOf(house, offer.data.accountId, offer.workspaceId))
  if (!membership) throw new Problem('gone', 'accounts.link_gone')
  return { ...offer.data, membership }
}

type Visit = Pick<Call<Entry>, 'request' | 'reply'>

/** Signs in by a link, which is used up. @throws Problem gone */
export async function signInByLink(house: House, visit: Visit, token: string): Promise<{ workspaceUrl: string }> {
  const { accountId, membership } = await readAccountLink(house, 'sign_in_link', token)
  await house.store.write(systemIn(membership), (tx) => use(tx, 'sign_in_link', token))
  return enterWorkspace(house, visit, accountId, membership.workspace_id)
}

/**
 * Sets a new password by a link, which is used up; all other sessions end, and this browser is signed in.
 * @throws Problem gone, invalid for a password that others would guess
 */
export async function setPasswordByLink(
  house: House,
  visit: Visit,
  token: string,
  password: string,
): Promise<{ workspaceUrl: string }> {
  const { accountId, email, membership } = await readAccountLink(house, 'password_link', token)
  const member = await house.store.read(systemIn(membership), (db) => getMember(db, membership.member_id))
  refuseWeakPassword('/body/password', password, [email, member.name, membership.name])
  const passwordHash = await hashPassword(password)
  await house.store.write(systemIn(membership), async (tx) => {
    await use(tx, 'password_link', token)
    await changeAccount(tx, await getMember(tx, membership.member_id), { passwordHash })
  })
  directoryOf(house).forget()
  return enterWorkspace(house, visit, accountId, membership.workspace_id)
}

async function use(tx: Tx, kind: AccountLinkKind, token: string): Promise<void> {
  if (!(await takeToken(tx, kind, token))) throw new Problem('gone', 'accounts.link_gone')
}

const systemIn = ({ workspace_id: workspaceId }: MembershipRow) => ({ workspaceId, actor: system })
