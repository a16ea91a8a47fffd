import { Link, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Icon } from '../../platform/icon.tsx'
import { isMac } from '../../platform/actions.ts'
import { api } from '../../platform/api.ts'
import { caps } from '../../platform/keys.ts'
import { MenuItem, Popover } from '../../platform/popover.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { Bell } from '../notices/bell.tsx'
import { InboxLinks } from '../inbox/inbox-links.tsx'
import { useMay, useMe } from './me.ts'

/** The frame's left side: where one is, where one can go, who one is. */
export function Sidebar({ onSearch }: { onSearch: () => void }) {
  const me = useMe()
  const mayRead = useMay('touchpoints.read')
  const mayWrite = useMay('surveys.write')
  const mayReadTickets = useMay('tickets.read')
  const mayReadArticles = useMay('articles.read')
  const places = useRef<HTMLElement>(null)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  // On a phone the places stand in one row that scrolls: where one is, is in sight.
  useEffect(() => {
    places.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [path])
  return (
    <aside className="sidebar" aria-label={t('shell.workspace')}>
      <div className="sidebar-head">
        <WorkspaceName />
        <Bell />
      </div>
      <button
        type="button"
        className="button sidebar-search"
        data-size="small"
        onClick={onSearch}
        aria-keyshortcuts={isMac ? 'Meta+K' : 'Control+K'}
      >
        <Icon name="search" /> {t('shell.searchOrDo')} <span className="kbd">{caps('mod+k', isMac)}</span>
      </button>
      <nav className="nav" aria-label={t('shell.main')} ref={places}>
        {mayReadTickets && <InboxLinks />}
        {mayReadArticles && (
          <Link to="/articles" activeOptions={{ includeSearch: false }}>
            <Icon name="book" /> {t('articles.articles')}
          </Link>
        )}
        <Link to="/effort" activeOptions={{ includeSearch: false }}>
          <Icon name="effort" /> {t('shell.effort')}
        </Link>
        <Link to="/surveys">
          <Icon name="surveys" /> {t('shell.surveys')}
        </Link>
        {mayRead && (
          <>
            <Link to="/customers" activeOptions={{ includeSearch: false }}>
              <Icon name="people" /> {t('people.customers')}
            </Link>
            <Link to="/organisations" activeOptions={{ includeSearch: false }}>
              <Icon name="organisation" /> {t('people.organisations')}
            </Link>
            <Link to="/touchpoints" activeOptions={{ includeSearch: false }}>
              <Icon name="touchpoints" /> {t('touchpoints.touchpoints')}
            </Link>
          </>
        )}
        <Link to="/programmes">
          <Icon name="mail" /> {t('programmes.programmes')}
        </Link>
        <Link to="/ledger" activeOptions={{ includeSearch: false }}>
          <Icon name="ledger" /> {t('programmes.ledger')}
        </Link>
        {mayWrite && (
          <Link to="/outbox" activeOptions={{ includeSearch: false }}>
            <Icon name="outbox" /> {t('mails.outbox')}
          </Link>
        )}
        <Link to="/returned" activeOptions={{ includeSearch: false }}>
          <Icon name="inbox" /> {t('mails.cameBack')}
        </Link>
        {mayReadTickets && (
          <Link to="/incoming" activeOptions={{ includeSearch: false }}>
            <Icon name="inbox" /> {t('mailboxes.incoming')}
          </Link>
        )}
      </nav>
      <nav className="nav sidebar-foot" aria-label={t('shell.account')}>
        <Link to="/settings/$part" params={{ part: 'company' }} activeOptions={{ exact: true }}>
          <Icon name="settings" /> {t('shell.settings')}
        </Link>
        {me.account && (
          <Link to="/settings/$part" params={{ part: 'you' }}>
            <Icon name="person" /> {me.account.name}
          </Link>
        )}
      </nav>
      <div className="sh-phone">
        <Bell quiet />
        <button
          type="button"
          className="button"
          data-tone="plain"
          data-icon
          aria-label={t('shell.searchOrDo')}
          onClick={onSearch}
        >
          <Icon name="search" />
        </button>
        <Link
          className="button"
          data-tone="plain"
          data-icon
          to="/settings/$part"
          params={{ part: 'company' }}
          aria-label={t('shell.settings')}
        >
          <Icon name="settings" />
        </Link>
      </div>
    </aside>
  )
}

function WorkspaceName() {
  const { workspace, workspaces } = useMe()
  const brand = (
    <>
      {workspace.logoUrl ? <img className="sh-logo" src={workspace.logoUrl} alt="" /> : <Icon name="mark" />}{' '}
      <span>{workspace.name}</span>
    </>
  )
  if (workspaces.length < 2) return <span className="brand">{brand}</span>
  return (
    <Popover className="brand sh-switch" label={brand} name={t('shell.switchWorkspace', { name: workspace.name })}>
      {(close) =>
        workspaces.map(({ id, name, kind }) => (
          <MenuItem
            key={id}
            chosen={id === workspace.id}
            onPick={() => (close(), id !== workspace.id && void goTo(id))}
          >
            {name} {kind === 'demo' && <span className="quiet">{t('shell.demo')}</span>}
          </MenuItem>
        ))
      }
    </Popover>
  )
}

async function goTo(workspaceId: string): Promise<void> {
  try {
    location.assign((await api.accounts.switchWorkspace({ body: { workspaceId } })).workspaceUrl)
  } catch (error) {
    sayFailure(error)
  }
}
