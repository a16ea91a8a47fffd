import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router'
import { Suspense, useEffect, useRef, useState } from 'react'
import { listenToKeys, useAction } from '../../platform/actions.ts'
import { api, queries } from '../../platform/api.ts'
import { listenLive } from '../../platform/live.ts'
import { Waiting } from '../../platform/states.tsx'
import { sayFailure, Toasts } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { DemoBanner } from './demo-banner.tsx'
import { paintAccent, useMay, useMe } from './me.ts'
import { Palette } from './palette.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { Sidebar } from './sidebar.tsx'

/** The frame around every screen of a member. */
export function Shell() {
  const { workspace } = useMe()
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null)
  const close = () => setOpen(null)
  useEffect(listenToKeys, [])
  useEffect(() => listenLive(queries), [])
  useEffect(
    () => paintAccent(workspace.accentHue, workspace.accentChroma),
    [workspace.accentHue, workspace.accentChroma],
  )
  useAction({
    id: 'palette',
    group: t('shell.everywhere'),
    name: t('shell.searchOrDo'),
    icon: 'search',
    keys: 'mod+k',
    run: () => setOpen('palette'),
  })
  useAction({
    id: 'shortcuts',
    group: t('shell.everywhere'),
    name: t('shell.shortcuts'),
    icon: 'note',
    keys: '?',
    run: () => setOpen('shortcuts'),
  })
  usePlaces()
  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <div className="workspace">
        <Sidebar onSearch={() => setOpen('palette')} />
        <Main />
      </div>
      {open === 'palette' && <Palette onClose={close} />}
      {open === 'shortcuts' && <Shortcuts onClose={close} />}
    </>
  )
}

function Main() {
  const ref = useRef<HTMLElement>(null)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const first = useRef(path)
  useEffect(() => {
    if (first.current !== path) ref.current?.focus()
    first.current = ''
  }, [path])
  return (
    <main className="workspace-main" id="main" tabIndex={-1} ref={ref}>
      <DemoBanner />
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
      <Toasts />
    </main>
  )
}

function usePlaces(): void {
  const navigate = useNavigate()
  const group = t('shell.goTo')
  const settings = (part: string) => () => void navigate({ to: '/settings/$part', params: { part } })
  useAction({
    id: 'go.effort',
    group,
    name: t('shell.effort'),
    icon: 'effort',
    keys: 'g e',
    run: () => void navigate({ to: '/effort' }),
  })
  useAction({
    id: 'go.surveys',
    group,
    name: t('shell.surveys'),
    icon: 'surveys',
    keys: 'g s',
    run: () => void navigate({ to: '/surveys' }),
  })
  const mayReadTickets = useMay('tickets.read')
  useAction(
    mayReadTickets
      ? {
          id: 'go.inbox',
          group,
          name: t('inbox.inbox'),
          icon: 'tray',
          keys: 'g i',
          run: () => void navigate({ to: '/tickets' }),
        }
      : null,
  )
  const mayReadArticles = useMay('articles.read')
  useAction(
    mayReadArticles
      ? {
          id: 'go.articles',
          group,
          name: t('articles.articles'),
          icon: 'book',
          keys: 'g k',
          run: () => void navigate({ to: '/articles' }),
        }
      : null,
  )
  const mayRead = useMay('touchpoints.read')
  const mayWrite = useMay('surveys.write')
  useAction(
    mayRead
      ? {
          id: 'go.customers',
          group,
          name: t('people.customers'),
          icon: 'people',
          keys: 'g c',
          run: () => void navigate({ to: '/customers' }),
        }
      : null,
  )
  useAction(
    mayRead
      ? {
          id: 'go.organisations',
          group,
          name: t('people.organisations'),
          icon: 'organisation',
          keys: 'g f',
          run: () => void navigate({ to: '/organisations' }),
        }
      : null,
  )
  useAction(
    mayRead
      ? {
          id: 'go.touchpoints',
          group,
          name: t('touchpoints.touchpoints'),
          icon: 'touchpoints',
          keys: 'g t',
          run: () => void navigate({ to: '/touchpoints' }),
        }
      : null,
  )
  useAction({
    id: 'go.programmes',
    group,
    name: t('programmes.programmes'),
    icon: 'mail',
    keys: 'g p',
    run: () => void navigate({ to: '/programmes' }),
  })
  useAction({
    id: 'go.ledger',
    group,
    name: t('programmes.ledger'),
    icon: 'ledger',
    keys: 'g l',
    run: () => void navigate({ to: '/ledger' }),
  })
  useAction(
    mayWrite
      ? {
          id: 'go.outbox',
          group,
          name: t('mails.outbox'),
          icon: 'outbox',
          keys: 'g o',
          run: () => void navigate({ to: '/outbox' }),
        }
      : null,
  )
  useAction({
    id: 'go.returned',
    group,
    name: t('mails.cameBack'),
    icon: 'inbox',
    run: () => void navigate({ to: '/returned' }),
  })
  useAction(
    mayReadTickets
      ? {
          id: 'go.incoming',
          group,
          name: t('mailboxes.incoming'),
          icon: 'inbox',
          run: () => void navigate({ to: '/incoming' }),
        }
      : null,
  )
  useAction({
    id: 'go.notices',
    group,
    name: t('notices.notices'),
    icon: 'bell',
    keys: 'g n',
    run: () => void navigate({ to: '/notices' }),
  })
  useAction({
    id: 'go.new-survey',
    group,
    name: t('surveys.newSurvey'),
    icon: 'plus',
    run: () => void navigate({ to: '/surveys/new' }),
  })
  useAction({
    id: 'go.settings',
    group,
    name: t('shell.settings'),
    icon: 'settings',
    keys: 'g ,',
    run: settings('company'),
  })
  useAction({ id: 'go.you', group, name: t('shell.you'), icon: 'person', run: settings('you') })
  useAction({
    id: 'sign-out',
    group: t('shell.account'),
    name: t('shell.signOut'),
    icon: 'leave',
    run: () => void signOut(),
  })
}

/** Ends this session. */
export async function signOut(): Promise<void> {
  try {
    await api.accounts.signOut()
    location.assign('/app/sign-in')
  } catch (error) {
    sayFailure(error)
  }
}
