import { z } from 'zod'
import { entry } from './entry.ts'
import { permissions, roles } from './permissions.ts'
import { email, id, instant, language, page, pageQuery, phone, slug, text, timeZone } from './values.ts'

const role = z.enum(roles)
const scope = z.enum(permissions)
const password = z.string().min(10).max(200)
/** A screen of the workspace, as its path with what follows: `/tickets?view=all`. */
const wantedScreen = z
  .string()
  .max(2_000)
  .regex(/^\/(?![/\\])[\x21-\x7e]*$/, { message: 'not_path' })
  .describe('which screen opens then, such as /tickets?view=all')
const pageById = z.object({ ...pageQuery, after: id.optional() })
/** As the company writes it, such as `+386 4 555 01 80`. */
const writtenPhone = text(40, 1).refine((given) => phone.safeParse(given).success, { message: 'not_phone' })
const webAddress = z.url({ protocol: /^https?$/ }).max(500)

export const workspace = z.object({
  id,
  slug: z.string(),
  name: z.string(),
  language,
  timeZone: z.string(),
  kind: z.enum(['company', 'demo']),
  accentHue: z.number(),
  accentChroma: z.number(),
  logoUrl: z.string().nullable(),
  keepMonths: z.int().nullable(),
  keepSearchesMonths: z.int(),
  ownAddresses: z.array(z.string()),
  postalAddress: z.string().nullable(),
  contactEmail: z.string().nullable(),
  contactPhone: z.string().nullable(),
  privacyUrl: z.string().nullable(),
  accessibilityUrl: z.string().nullable(),
  imprintUrl: z.string().nullable(),
})
export const member = z.object({ id, name: z.string(), email: z.string(), role, createdAt: instant })
export const memberInvitation = z.object({
  id,
  email: z.string(),
  role,
  mail: z.enum(['waiting', 'sent', 'uncertain', 'failed']).describe('what became of the latest mail'),
  mailedAt: instant,
  expiresAt: instant.describe('from then on its link opens nothing'),
})
export const session = z.object({
  id,
  current: z.boolean(),
  userAgent: z.string(),
  createdAt: instant,
  seenAt: instant,
})
export const apiKey = z.object({
  id,
  name: z.string(),
  hint: z.string().describe('the first characters, to tell keys apart'),
  scopes: z.array(scope),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
})
export const failedJob = z.object({
  id,
  task: z.string(),
  error: z.string().describe('why the last attempt failed, in words for whoever runs the server'),
  failedAt: instant,
})

const idParam = z.object({ id })
const tokenParam = z.object({ token: z.string().max(100) })
const signedIn = z.object({ workspaceUrl: z.string().describe('where to go now, on the workspace’s own host') })

export const accounts = {
  start: entry({
    method: 'GET',
    path: '/start',
    summary: 'What the first screen needs to know',
    permission: null,
    reply: z.object({
      signUpOpen: z.boolean(),
      sendsLinks: z.boolean().describe('whether a link for a lost password, or instead of one, can come by mail'),
      signedIn: z.boolean(),
      demo: z.object({ slug: z.string(), url: z.string() }).nullable(),
      phoneUrl: z.string().nullable().describe('this machine in the local network, only when the server listens there'),
      hostWorkspace: z.object({ name: z.string(), kind: z.enum(['company', 'demo']), language }).nullable(),
    }),
  }),
  signUp: entry({
    method: 'POST',
    path: '/sign-ups',
    summary: 'Create an account and a workspace with its first question',
    permission: null,
    status: 201,
    body: z.strictObject({
      name: text(80, 1),
      email,
      password,
      workspace: z.strictObject({ name: text(80, 1), slug, language, timeZone }),
      question: z.strictObject({ libraryId: text(60, 1) }).default({ libraryId: 'ces-10-solved' }),
      token: z.string().max(100).optional().describe('from a sign-up link, when sign-up is closed'),
    }),
    reply: signedIn,
  }),
  openDemo: entry({
    method: 'POST',
    path: '/demo',
    summary: 'Make the demo workspace if there is none, and enter it',
    permission: null,
    status: 202,
    reply: z.object({ workspaceUrl: z.string(), ready: z.boolean() }),
  }),
  demoProgress: entry({
    method: 'GET',
    path: '/demo',
    summary: 'How far the demo is',
    permission: null,
    reply: z.object({ state: z.enum(['none', 'building', 'ready', 'failed']), done: z.int(), total: z.int() }),
  }),
  removeDemo: entry({
    method: 'DELETE',
    path: '/demo',
    summary: 'Remove the demo workspace and all that is in it',
    permission: 'workspace.manage',
  }),

  signIn: entry({
    method: 'POST',
    path: '/sessions',
    summary: 'Sign in',
    permission: null,
    status: 201,
    body: z.strictObject({ email, password: z.string().min(1).max(200) }),
    reply: signedIn,
  }),
  askForPasswordLink: entry({
    method: 'POST',
    path: '/password-links',
    summary: 'Have a link mailed that sets a new password; the reply is the same whether the address has an account',
    permission: null,
    body: z.strictObject({ email }),
  }),
  passwordLink: entry({
    method: 'GET',
    path: '/password-links/:token',
    summary: 'Whose password a link sets',
    permission: null,
    params: tokenParam,
    reply: z.object({ email: z.string() }),
  }),
  setPasswordByLink: entry({
    method: 'PUT',
    path: '/password-links/:token/password',
    summary: 'Set a new password by a link of the last hour; every other session ends, and you are signed in',
    permission: null,
    status: 201,
    params: tokenParam,
    body: z.strictObject({ password }),
    reply: signedIn,
  }),
  askForSignInLink: entry({
    method: 'POST',
    path: '/sign-in-links',
    summary: 'Have a link mailed that signs in; the reply is the same whether the address has an account',
    permission: null,
    body: z.strictObject({ email, to: wantedScreen.optional() }),
  }),
  signInLink: entry({
    method: 'GET',
    path: '/sign-in-links/:token',
    summary: 'Whom a link signs in; it is not used up',
    permission: null,
    params: tokenParam,
    reply: z.object({ email: z.string() }),
  }),
  signInByLink: entry({
    method: 'POST',
    path: '/sign-in-links/:token/session',
    summary: 'Sign in by a link of the last quarter of an hour, once',
    permission: null,
    status: 201,
    params: tokenParam,
    reply: signedIn,
  }),
  signOut: entry({ method: 'DELETE', path: '/sessions/current', summary: 'Sign out', permission: null }),
  listSessions: entry({
    method: 'GET',
    path: '/sessions',
    summary: 'Where you are signed in',
    permission: 'workspace.read',
    query: pageById,
    reply: page(session),
  }),
  revokeSession: entry({
    method: 'DELETE',
    path: '/sessions/:id',
    summary: 'End one of your sessions',
    permission: 'workspace.read',
    params: idParam,
  }),

  me: entry({
    method: 'GET',
    path: '/me',
    summary: 'Who you are here',
    permission: 'workspace.read',
    reply: z.object({
      account: z
        .object({ id, name: z.string(), email: z.string(), language })
        .nullable()
        .describe('null for an API key'),
      memberId: id.nullable().describe('as which member; null for an API key'),
      role: role.nullable(),
      compact: z.boolean().describe('whether the desk is to be denser'),
      permissions: z.array(scope),
      workspace,
      origin: z.string().describe('the workspace’s public address: what links for customers begin with'),
      deadMailOrigin: z
        .string()
        .nullable()
        .describe('what links in mails begin with although it leads customers nowhere; null: nothing is wrong'),
      workspaces: z.array(z.object({ id, name: z.string(), kind: z.enum(['company', 'demo']) })),
    }),
  }),
  changeMe: entry({
    method: 'PATCH',
    path: '/me',
    summary: 'Change your name, language or password, or how dense the desk is',
    permission: 'workspace.read',
    body: z.strictObject({
      name: text(80, 1).optional(),
      language: language.optional(),
      compact: z.boolean().optional().describe('in this workspace'),
      password: z.strictObject({ current: z.string().max(200), next: password }).optional(),
    }),
  }),
  switchWorkspace: entry({
    method: 'POST',
    path: '/workspace-switches',
    summary: 'Hand this session over to another of your workspaces',
    permission: 'workspace.read',
    status: 201,
    body: z.strictObject({ workspaceId: id }),
    reply: signedIn,
  }),
  changeWorkspace: entry({
    method: 'PATCH',
    path: '/workspace',
    summary:
      'Change the workspace: name, language, time zone, look, how long answers are kept, addresses, how it is reached',
    permission: 'workspace.manage',
    body: z.strictObject({
      name: text(80, 1).optional(),
      language: language.optional(),
      timeZone: timeZone.optional(),
      accentHue: z.number().min(0).max(360).optional(),
      accentChroma: z.number().min(0).max(0.16).optional(),
      keepMonths: z.int().min(1).max(120).nullable().optional(),
      keepSearchesMonths: z.int().min(1).max(120).optional().describe('how long it is known what readers searched for'),
      ownAddresses: z
        .array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]))
        .max(50)
        .optional(),
      postalAddress: text(300, 1).nullable().optional().describe('stands at the end of each mail to customers'),
      contactEmail: email.nullable().optional().describe('to which customers may write; stands on the portal'),
      contactPhone: writtenPhone
        .nullable()
        .optional()
        .describe('with its country; stands on the portal as it is written'),
      privacyUrl: webAddress.nullable().optional().describe('the company’s own privacy notice'),
      accessibilityUrl: webAddress
        .nullable()
        .optional()
        .describe('the company’s own accessibility statement, in place of the page that Lahko has'),
      imprintUrl: webAddress.nullable().optional().describe('where the company says who it is'),
    }),
    reply: workspace,
  }),
  listHosts: entry({
    method: 'GET',
    path: '/workspace/hosts',
    summary: 'The addresses under which customers reach the workspace',
    permission: 'workspace.read',
    reply: z.object({
      origins: z
        .array(z.string())
        .describe(
          'such as https://help.example.com: links begin with the first; empty while none is known under which ' +
            'somebody without a session gets here',
        ),
    }),
  }),
  setLogo: entry({
    method: 'PUT',
    path: '/workspace/logo',
    summary: 'Set the logo: PNG, JPEG or WebP, at most 256 KiB, as the raw body',
    permission: 'workspace.manage',
    content: 'upload',
  }),
  removeLogo: entry({
    method: 'DELETE',
    path: '/workspace/logo',
    summary: 'Remove the logo',
    permission: 'workspace.manage',
  }),

  listMembers: entry({
    method: 'GET',
    path: '/members',
    summary: 'Who works here',
    permission: 'members.read',
    query: pageById.extend({
      search: text(100).optional().describe('how a word of the name or the address begins; without accents is enough'),
      may: scope.optional().describe('only those whose role has this permission'),
      id: z
        .union([id, z.array(id).max(100)])
        .transform((given) => [given].flat())
        .optional()
        .describe('only these, at most 100; written several times'),
    }),
    reply: page(member),
  }),
  changeMember: entry({
    method: 'PATCH',
    path: '/members/:id',
    summary: 'Give a member another role',
    permission: 'members.manage',
    params: idParam,
    body: z.strictObject({ role }),
    reply: member,
  }),
  removeMember: entry({
    method: 'DELETE',
    path: '/members/:id',
    summary: 'Remove a member; their sessions end',
    permission: 'members.manage',
    params: idParam,
  }),
  inviteMember: entry({
    method: 'POST',
    path: '/member-links',
    summary: 'Make a link that adds one member, valid for seven days',
    permission: 'members.manage',
    status: 201,
    body: z.strictObject({ role }),
    reply: z.object({ url: z.string(), expiresAt: instant }),
  }),
  memberLink: entry({
    method: 'GET',
    path: '/member-links/:token',
    summary: 'What a link offers',
    permission: null,
    params: tokenParam,
    reply: z.object({
      workspaceName: z.string(),
      role,
      email: z.string().nullable().describe('to which it was mailed'),
    }),
  }),
  acceptMemberLink: entry({
    method: 'POST',
    path: '/member-links/:token/acceptance',
    summary: 'Become a member with a new account, or with the one you have (then only e-mail and password)',
    permission: null,
    status: 201,
    params: tokenParam,
    body: z.strictObject({ name: text(80, 1).optional(), email, password, language: language.optional() }),
    reply: signedIn,
  }),

  listMemberInvitations: entry({
    method: 'GET',
    path: '/member-invitations',
    summary: 'Who was invited by mail and has not joined yet',
    permission: 'members.manage',
    query: pageById,
    reply: page(memberInvitation),
  }),
  createMemberInvitation: entry({
    method: 'POST',
    path: '/member-invitations',
    summary: 'Invite a member by mail; the same link can be handed over otherwise, and is valid for seven days',
    permission: 'members.manage',
    status: 201,
    body: z.strictObject({ email, role }),
    reply: z.object({ invitation: memberInvitation, url: z.string() }),
  }),
  resendMemberInvitation: entry({
    method: 'POST',
    path: '/member-invitations/:id/mails',
    summary: 'Write once more, with a new link; the one before opens nothing any more',
    permission: 'members.manage',
    status: 201,
    params: idParam,
    reply: z.object({ invitation: memberInvitation, url: z.string() }),
  }),
  withdrawMemberInvitation: entry({
    method: 'DELETE',
    path: '/member-invitations/:id',
    summary: 'Take an invitation back; its link opens nothing any more',
    permission: 'members.manage',
    params: idParam,
  }),

  listKeys: entry({
    method: 'GET',
    path: '/keys',
    summary: 'API keys',
    permission: 'keys.manage',
    query: pageById,
    reply: page(apiKey),
  }),
  createKey: entry({
    method: 'POST',
    path: '/keys',
    summary: 'Make an API key; it is shown once',
    permission: 'keys.manage',
    status: 201,
    body: z.strictObject({ name: text(80, 1), scopes: z.array(scope).min(1).max(permissions.length) }),
    reply: z.object({ key: z.string(), apiKey }),
  }),
  revokeKey: entry({
    method: 'DELETE',
    path: '/keys/:id',
    summary: 'Revoke an API key',
    permission: 'keys.manage',
    params: idParam,
  }),

  listFailedJobs: entry({
    method: 'GET',
    path: '/jobs/failed',
    summary: 'Work in the background that was given up, newest first',
    permission: 'workspace.manage',
    query: pageById,
    reply: page(failedJob),
  }),
  retryFailedJob: entry({
    method: 'POST',
    path: '/jobs/failed/:id/retry',
    summary: 'Try again what was given up; it leaves the list',
    permission: 'workspace.manage',
    params: idParam,
  }),
} as const

export type Workspace = z.infer<typeof workspace>
export type Member = z.infer<typeof member>
export type MemberInvitation = z.infer<typeof memberInvitation>
export type ApiKey = z.infer<typeof apiKey>
export type FailedJob = z.infer<typeof failedJob>
