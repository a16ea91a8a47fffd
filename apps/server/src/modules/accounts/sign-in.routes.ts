import { accounts as contract, type Permission } from '@lahko/contract'
import type { FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { route, type Route } from '#platform/http.ts'
import { Problem } from '#platform/problem.ts'
import { hashPassword } from '#platform/secrets.ts'
import type { Actor, Db } from '#platform/store.ts'
import { changeAccount } from './account-changes.ts'
import { askForLink, readAccountLink, sendsLinks, setPasswordByLink, signInByLink } from './account-links.ts'
import { listMemberships } from './accounts.queries.ts'
import { pageOf, viewSession, viewWorkspace } from './accounts.view.ts'
import { findDemo } from './directory.queries.ts'
import { directoryOf } from './directory.ts'
import { enterWorkspace, findDeadMailOrigin, findOrigin, workplaceOf } from './entering.ts'
import { getMember, isCompact, setCompact } from './members.queries.ts'
import { refuseWeakPassword } from './passwords.ts'
import { phoneUrl } from './phones.ts'
import { originOfVisit } from './places.ts'
import { verifyAccount } from './signing-in.ts'
import { isSignUpOpen } from './signing-up.ts'
import { listSessions, updateSessionLanguage } from './sessions.queries.ts'
import { revokeSession, signOut } from './sessions.ts'
import { findWorkspace, getWorkspace } from './workspaces.queries.ts'

/** Signing in and out, the sessions, and oneself. */
export function signInRoutes(house: House): Route[] {
  const { outside } = house.store
  const directory = directoryOf(house)
  return [
    route(contract.start, async ({ scope, request, read }) => {
      const [signUpOpen, demo, here] = await Promise.all([
        isSignUpOpen(house),
        demoPlace(house, request),
        read(findWorkspace),
      ])
      return {
        signUpOpen,
        sendsLinks: sendsLinks(house),
        signedIn: scope.actor.kind === 'member',
        demo,
        phoneUrl: phoneUrl(house, request),
        hostWorkspace: here ? { name: here.name, kind: here.kind, language: here.language } : null,
      }
    }),

    route(contract.signIn, async (call) => {
      const account = await verifyAccount(house, call.request, call.body)
      const memberships = await listMemberships(outside, account.id)
      const target = memberships.find((one) => one.workspace_id === call.scope.workspaceId) ?? memberships[0]
      if (!target) throw new Problem('forbidden', 'accounts.no_workspace')
      return enterWorkspace(house, call, account.id, target.workspace_id)
    }),

    ...linkRoutes(house),

    route(contract.signOut, async ({ write }) => {
      await write(signOut)
      directory.forget()
    }),

    route(contract.switchWorkspace, async (call) => {
      const { accountId } = memberOf(call.scope.actor)
      const memberships = await listMemberships(outside, accountId)
      if (!memberships.some((one) => one.workspace_id === call.body.workspaceId))
        throw new Problem('not_found', 'platform.not_found')
      return enterWorkspace(house, call, accountId, call.body.workspaceId)
    }),

    route(contract.listSessions, async ({ scope, query, read }) => {
      const { actor } = scope
      if (actor.kind !== 'member') return { items: [], next: null }
      const rows = await read(async (db) => {
        const page = { ...query, limit: query.limit + 1 }
        return listSessions(db, actor.accountId, page, await onlyOwn(db, actor))
      })
      return pageOf(rows, query.limit, (row) => viewSession(row, actor.sessionId))
    }),

    route(contract.revokeSession, async ({ scope, params, write }) => {
      const { actor } = scope
      if (actor.kind !== 'member') throw new Problem('not_found', 'platform.not_found')
      await write(async (tx) => {
        const only = await onlyOwn(tx, actor)
        if (only !== undefined && only !== params.id) throw new Problem('not_found', 'platform.not_found')
        await revokeSession(tx, actor.accountId, params.id)
      })
      directory.forget()
    }),

    route(contract.me, async ({ scope, request, language, read }) => {
      const { actor } = scope
      const workspace = viewWorkspace(await read(getWorkspace))
      const here = {
        permissions: [...actor.permissions] as Permission[],
        workspace,
        origin: (await findOrigin(house, request)) ?? originOfVisit(request),
        // Mails of the demo are never sent.
        deadMailOrigin: workspace.kind === 'demo' ? null : await findDeadMailOrigin(house, workspace.id),
      }
      if (actor.kind !== 'member')
        return { account: null, memberId: null, role: null, compact: false, ...here, workspaces: [] }
      const { name, email } = await read((db) => getMember(db, actor.memberId))
      const memberships = await listMemberships(outside, actor.accountId)
      return {
        account: { id: actor.accountId, name, email, language },
        memberId: actor.memberId,
        role: actor.role,
        compact: await read((db) => isCompact(db, actor.memberId)),
        ...here,
        workspaces: memberships.map((one) => ({ id: one.workspace_id, name: one.name, kind: one.kind })),
      }
    }),

    route(contract.changeMe, async ({ scope, body, request, read, write }) => {
      const { memberId, sessionId } = memberOf(scope.actor)
      const { name, language, password, compact } = body
      if (compact !== undefined) await write((tx) => setCompact(tx, memberId, compact))
      if (name === undefined && language === undefined && password === undefined) return
      const me = await read((db) => getMember(db, memberId))
      if (me.is_demo && language && name === undefined && password === undefined) {
        await write((tx) => updateSessionLanguage(tx, sessionId, language))
        return directory.forget()
      }
      const passwordHash = password && !me.is_demo ? await newPassword(house, request, me, password) : undefined
      await write(async (tx) => changeAccount(tx, await getMember(tx, memberId), { name, language, passwordHash }))
      directory.forget()
    }),
  ]
}

/** What comes by mail to whoever has no password at hand. A GET uses no link up: mail scanners open them all. */
function linkRoutes(house: House): Route[] {
  return [
    route(contract.askForPasswordLink, (call) => askForLink(house, call, 'password_link', call.body)),
    route(contract.passwordLink, async ({ params }) => {
      const { email } = await readAccountLink(house, 'password_link', params.token)
      return { email }
    }),
    route(contract.setPasswordByLink, (call) => setPasswordByLink(house, call, call.params.token, call.body.password)),
    route(contract.askForSignInLink, (call) => askForLink(house, call, 'sign_in_link', call.body)),
    route(contract.signInLink, async ({ params }) => {
      const { email } = await readAccountLink(house, 'sign_in_link', params.token)
      return { email }
    }),
    route(contract.signInByLink, (call) => signInByLink(house, call, call.params.token)),
  ]
}

/** Whoever has a session; a key acts for a program, not for a person. @throws Problem forbidden */
function memberOf(actor: Actor): Extract<Actor, { kind: 'member' }> {
  if (actor.kind !== 'member') throw new Problem('forbidden', 'accounts.members_only')
  return actor
}

/** Everybody shares the demo’s account: there a session sees and ends itself only. */
async function onlyOwn(db: Db, actor: Extract<Actor, { kind: 'member' }>): Promise<string | undefined> {
  return (await getMember(db, actor.memberId)).is_demo ? actor.sessionId : undefined
}

async function newPassword(
  house: House,
  request: FastifyRequest,
  me: { email: string; name: string },
  { current, next }: { current: string; next: string },
): Promise<string> {
  await verifyAccount(house, request, { email: me.email, password: current })
  refuseWeakPassword('/body/password/next', next, [me.email, me.name])
  return hashPassword(next)
}

async function demoPlace(house: House, request: FastifyRequest): Promise<{ slug: string; url: string } | null> {
  const id = await findDemo(house.store.outside)
  const home = id === undefined ? undefined : await directoryOf(house).home(id)
  const place = id !== undefined && home ? await workplaceOf(house, request, id) : undefined
  return home && place ? { slug: home.slug, url: `${place.origin}/app` } : null
}
