import type { NoticeKind } from './notices.ts'

/** Everything that can be allowed, in words of the product. API keys carry these as their scopes. */
export const permissions = [
  'workspace.read',
  'workspace.manage',
  'members.read',
  'members.manage',
  'keys.manage',
  'surveys.read',
  'surveys.write',
  'responses.read',
  'responses.write',
  'responses.import',
  'responses.exclude',
  'touchpoints.read',
  'touchpoints.write',
  'insight.read',
  'tickets.read',
  'tickets.write',
  'tickets.manage',
  'articles.read',
  'articles.write',
  'articles.publish',
] as const

export type Permission = (typeof permissions)[number]

export const roles = ['owner', 'manager', 'agent', 'viewer'] as const
export type Role = (typeof roles)[number]

const viewer: readonly Permission[] = [
  'workspace.read',
  'members.read',
  'surveys.read',
  'responses.read',
  'insight.read',
  'articles.read',
]
const agent: readonly Permission[] = [
  ...viewer,
  'responses.write',
  'responses.exclude',
  'touchpoints.read',
  'tickets.read',
  'tickets.write',
  'articles.write',
]
const manager: readonly Permission[] = [
  ...agent,
  'surveys.write',
  'responses.import',
  'touchpoints.write',
  'members.manage',
  'keys.manage',
  'tickets.manage',
  'articles.publish',
]

/** The one table of who may do what. */
export const permissionsOfRole: Readonly<Record<Role, readonly Permission[]>> = {
  viewer,
  agent,
  manager,
  owner: permissions,
}

/** The roles that a member of `role` may give to others: nobody hands out more than they hold. */
export function rolesGrantableBy(role: Role): readonly Role[] {
  if (role === 'owner') return roles
  return role === 'manager' ? ['manager', 'agent', 'viewer'] : []
}

/** Who may not read the thing itself is not told of it. */
export const permissionOfNotice: Readonly<Record<NoticeKind, Permission>> = {
  hard_answer: 'responses.read',
  effort_alarm: 'insight.read',
  ticket_assigned: 'tickets.read',
  ticket_mentioned: 'tickets.read',
  ticket_message: 'tickets.read',
  ticket_new: 'tickets.read',
  ticket_unowned: 'tickets.read',
  ticket_woken: 'tickets.read',
  mailbox_failing: 'tickets.manage',
  article_review: 'articles.write',
  article_due: 'articles.read',
  article_comment: 'articles.read',
}
