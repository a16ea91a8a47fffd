import { getRouteApi, Link } from '@tanstack/react-router'
import { Empty } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { useMe, useTitle } from '../shell/me.ts'
import { ArticleRules } from '../articles/article-rules.tsx'
import { DeskRules } from '../inbox/desk-rules.tsx'
import { Macros } from '../macros/macros.tsx'
import { NotWrittenTo } from '../people/not-written-to.tsx'
import { ContactFormSettings } from '../requests/contact-form.tsx'
import { HelpDesks } from '../touchpoints/help-desks.tsx'
import { Company } from './company.tsx'
import './features.css'
import { Keys } from './keys.tsx'
import { MailSending } from './mail-sending.tsx'
import { Mailboxes } from '../mailboxes/mailboxes.tsx'
import { Members } from './members.tsx'
import { NoticeRules } from '../notices/notice-rules.tsx'
import { You } from './you.tsx'

const route = getRouteApi('/inside/settings/$part')

const permissionOf = {
  company: 'workspace.read',
  members: 'members.read',
  keys: 'keys.manage',
  'help-desks': 'keys.manage',
  macros: 'tickets.write',
  'contact-form': 'tickets.manage',
  desk: 'tickets.manage',
  articles: 'workspace.manage',
  mail: 'surveys.write',
  mailboxes: 'tickets.manage',
  'not-written-to': 'responses.read',
  notices: 'workspace.manage',
  you: 'workspace.read',
} as const
type Name = keyof typeof permissionOf

// On a phone the parts stand in one row that scrolls: the open one begins in sight.
function showCurrent(nav: HTMLElement | null): void {
  const current = nav?.querySelector('[aria-current]')
  if (nav && current) nav.scrollLeft += current.getBoundingClientRect().right - nav.getBoundingClientRect().right
}

/** What belongs to the workspace and to oneself. */
export function SettingsPage() {
  const { part } = route.useParams()
  const { permissions, account } = useMe()
  const open = (Object.keys(permissionOf) as Name[]).filter(
    (name) => permissions.includes(permissionOf[name]) && (name !== 'you' || account),
  )
  const name = open.find((one) => one === part)
  useTitle(t('shell.settings'))
  return (
    <div className="se">
      <nav className="nav" aria-label={t('shell.settings')} ref={showCurrent}>
        {open.map((one) => (
          <Link key={one} to="/settings/$part" params={{ part: one }}>
            {t(`accounts.part.${one}`)}
          </Link>
        ))}
      </nav>
      {name === 'company' && <Company />}
      {name === 'members' && <Members />}
      {name === 'keys' && <Keys />}
      {name === 'help-desks' && <HelpDesks />}
      {name === 'macros' && <Macros />}
      {name === 'contact-form' && <ContactFormSettings />}
      {name === 'desk' && <DeskRules />}
      {name === 'articles' && <ArticleRules />}
      {name === 'mail' && <MailSending />}
      {name === 'mailboxes' && <Mailboxes />}
      {name === 'not-written-to' && <NotWrittenTo />}
      {name === 'notices' && <NoticeRules />}
      {name === 'you' && <You />}
      {!name && <Empty icon="settings" title={t('shell.noSuchPage')} />}
    </div>
  )
}
