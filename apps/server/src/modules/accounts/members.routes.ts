import { accounts as contract, permissionsOfRole, roles, type Permission, type Role } from '@lahko/contract'
import type { FastifyRequest } from 'fastify'
import type { House } from '#platform/house.ts'
import { route, type Call, type Route } from '#platform/http.ts'
import { invalidField } from '#platform/problem.ts'
import { hashPassword } from '#platform/secrets.ts'
import { system } from '#platform/store.ts'
import { findAccount } from './accounts.queries.ts'
import { pageOf, viewMember, viewMemberInvitation } from './accounts.view.ts'
import { directoryOf } from './directory.ts'
import { enterWorkspace, findOrigin } from './entering.ts'
import { inviteAgain, inviteByMail, withdrawInvitation } from './member-invitations.ts'
import { listInvitations } from './member-invitations.queries.ts'
import { acceptMemberLink, inviteMember, readMemberLink, type Newcomer } from './member-links.ts'
import { changeRole, removeMember } from './members.ts'
import { listMembers } from './members.queries.ts'
import { refuseWeakPassword } from './passwords.ts'
import { originOfVisit } from './places.ts'
import { verifyAccount } from './signing-in.ts'
import type { WorkspaceRow } from './workspaces.queries.ts'

/** Members, and the links by which they come. */
export function memberRoutes(house: House): Route[] {
  const directory = directoryOf(house)
  return [
    route(contract.listMembers, async ({ query: { may, id, ...page }, read }) => {
      const roles = may && rolesWith(may)
      const rows = await read((db) => listMembers(db, { ...page, ids: id, roles, limit: page.limit + 1 }))
      return pageOf(rows, page.limit, viewMember)
    }),

    route(contract.changeMember, async ({ params, body, write }) => {
      const row = await write((tx) => changeRole(tx, params.id, body.role))
      directory.forget()
      return viewMember(row)
    }),

    route(contract.removeMember, async ({ params, write }) => {
      await write((tx) => removeMember(tx, params.id))
      directory.forget()
    }),

    route(contract.inviteMember, async ({ body, request, write }) => {
      const { token, expiresAt } = await write((tx) => inviteMember(tx, body.role))
      return { url: await joinUrl(house, request, token), expiresAt: expiresAt.toISOString() }
    }),

    ...invitationRoutes(house),

    route(contract.memberLink, async ({ params }) => {
      const { workspace, role, email } = await readMemberLink(house, params.token)
      return { workspaceName: workspace.name, role, email }
    }),

    route(contract.acceptMemberLink, async (call) => {
      const { workspace } = await readMemberLink(house, call.params.token)
      const newcomer = await newcomerOf(house, call, workspace)
      const scope = { workspaceId: workspace.workspace_id, actor: system }
      const { accountId } = await house.store.write(scope, (tx) => acceptMemberLink(tx, call.params.token, newcomer))
      return enterWorkspace(house, call, accountId, workspace.workspace_id)
    }),
  ]
}

function rolesWith(permission: Permission): Role[] {
  return roles.filter((role) => permissionsOfRole[role].includes(permission))
}

/** Those who were written to and have not joined yet. */
function invitationRoutes(house: House): Route[] {
  return [
    route(contract.listMemberInvitations, async ({ query, read }) => {
      const rows = await read((db) => listInvitations(db, { ...query, limit: query.limit + 1 }))
      return pageOf(rows, query.limit, viewMemberInvitation)
    }),

    route(contract.createMemberInvitation, async ({ body, request, language, write }) => {
      const { invitation, token } = await write((tx) => inviteByMail(house, tx, { ...body, language }))
      return { invitation: viewMemberInvitation(invitation), url: await joinUrl(house, request, token) }
    }),

    route(contract.resendMemberInvitation, async ({ params, request, write }) => {
      const { invitation, token } = await write((tx) => inviteAgain(house, tx, params.id))
      return { invitation: viewMemberInvitation(invitation), url: await joinUrl(house, request, token) }
    }),

    route(contract.withdrawMemberInvitation, async ({ params, write }) => {
      await write((tx) => withdrawInvitation(tx, params.id))
    }),
  ]
}

/** Without a name of the workspace's own, the host on which a member works takes members in as well. */
async function joinUrl(house: House, request: FastifyRequest, token: string): Promise<string> {
  return `${(await findOrigin(house, request)) ?? originOfVisit(request)}/app/join/${token}`
}

/** The account that the password opens, or a new one when the address has none. */
async function newcomerOf(
  house: House,
  { body, request, language }: Call<typeof contract.acceptMemberLink>,
  workspace: WorkspaceRow,
): Promise<Newcomer> {
  const { email, name, password } = body
  if (await findAccount(house.store.outside, email))
    return { accountId: (await verifyAccount(house, request, { email, password })).id }
  if (name === undefined) throw invalidField('/body/name', 'accounts.name_needed')
  refuseWeakPassword('/body/password', password, [email, name, workspace.name, workspace.slug])
  return { email, name, language: body.language ?? language, passwordHash: await hashPassword(password) }
}
