import type { Role } from '@lahko/contract'
import type { Language } from '@lahko/contract/values'
import type { WrittenMail } from '#platform/mail/frame.ts'
import { mailColour } from '#platform/mail/mail-colour.ts'
import { writePlainMail } from '#platform/mail/plain-mail.ts'
import { localeOf, words } from '#platform/words.ts'
import type { AccountLinkKind } from './tokens.queries.ts'
import type { WorkspaceRow } from './workspaces.queries.ts'

type About = { workspace: WorkspaceRow; language: Language; url: string }

/** The mail that asks somebody to become a member. `inviter` is null when a program did it. */
export function writeMemberInvitation(
  mail: About & { role: Role; inviter: string | null; expiresAt: Date },
): WrittenMail {
  const { workspace, language, url, role, inviter, expiresAt } = mail
  const company = workspace.name
  const until = new Intl.DateTimeFormat(localeOf[language], {
    ...{ dateStyle: 'medium', timeStyle: 'short', timeZone: workspace.time_zone },
  }).format(expiresAt)
  const say = (key: string, args: object = {}) => words(language, `accounts.invited.${key}`, { company, ...args })
  const heading = inviter === null ? say('heading') : say('heading_by', { inviter })
  return writePlainMail({
    ...{ language, company, colour: colourOf(workspace), subject: heading, heading },
    paragraphs: [say('what'), say('role', { role }), say('until', { until })],
    button: { label: say('button'), url },
    footer: [say('why')],
  })
}

/** The mail with a link that opens an account, once. */
export function writeAccountLink(mail: About & { kind: AccountLinkKind; email: string }): WrittenMail {
  const { workspace, language, url, kind, email } = mail
  const company = workspace.name
  const say = (key: string) => words(language, `accounts.${kind}.${key}`, { company, email })
  return writePlainMail({
    ...{ language, company, colour: colourOf(workspace), subject: say('subject'), heading: say('heading') },
    paragraphs: [say('what'), say('until')],
    button: { label: say('button'), url },
    footer: [say('why')],
  })
}

function colourOf({ accent_hue: hue, accent_chroma: chroma }: WorkspaceRow): string {
  return mailColour({ hue, chroma })
}
