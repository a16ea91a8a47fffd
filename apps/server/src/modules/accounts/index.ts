import type { Module } from '#platform/module.ts'
import { mailAccountLinkTask } from './account-links.ts'
import { accountPages } from './accounts.pages.ts'
import { mailRoutes } from './mails.routes.ts'
import { memberInvitationMails } from './member-invitations.ts'
import { returnedMailRoutes } from './returned-mails.routes.ts'
import { memberRoutes } from './members.routes.ts'
import { signInRoutes } from './sign-in.routes.ts'
import { workspaceRoutes } from './workspace.routes.ts'

/** Workspaces, hosts, members, roles, sessions and API keys: who asks, and where. */
export const accounts: Module = {
  name: 'accounts',
  tables: [
    'accounts',
    'api_keys',
    'hosts',
    'member_invitations',
    'members',
    'one_time_tokens',
    'sessions',
    'sign_in_attempts',
    'workspace_logos',
    'workspaces',
  ],
  routes: (house) => [
    ...signInRoutes(house),
    ...workspaceRoutes(house),
    ...memberRoutes(house),
    ...mailRoutes(house),
    ...returnedMailRoutes(house),
  ],
  pages: accountPages,
  tasks: (house) => [mailAccountLinkTask(house)],
  mails: { member_invitation: memberInvitationMails },
}

export { cookieNameOn } from './cookies.ts'
export { findMemberAddress } from './member-address.ts'
export { setLostPassword } from './account-changes.ts'
export { logoForMail, viewWorkspace } from './accounts.view.ts'
export { countAttempt, hasAccounts, listMemberships } from './accounts.queries.ts'
export {
  demandVisitorsAllowed,
  findDemoWorkspace,
  joinDemo,
  makeDemoWorkspace,
  removeDemoWorkspace,
} from './demo-workspaces.ts'
export { findHost as findHostWorkspace, findWorkspaceBySlug } from './directory.queries.ts'
export { enterWorkspace, findOrigin, originForMail, originOf } from './entering.ts'
export { addHost, ownHost, removeHost } from './hosts.ts'
export { listHosts } from './hosts.queries.ts'
export { createKey, revokeKey } from './keys.ts'
export { everyMember, listMembers, type MemberRow } from './members.queries.ts'
export { listKeys, type ApiKeyRow } from './keys.queries.ts'
export { originForPhones } from './phones.ts'
export { hostnameOf, originOfVisit } from './places.ts'
export { noWorkspace, resolveScope } from './resolving.ts'
export { makeSignUpLink, prepareSignUp, signUp, type SignUp, type SignUpForm } from './signing-up.ts'
export { changeWorkspace } from './workspace-changes.ts'
export { findWorkspace, getWorkspace, type WorkspaceRow } from './workspaces.queries.ts'
