import type { Language } from '@lahko/contract'
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { readArticleSearch, readArticleShowing } from './features/articles/article-search.ts'
import { readSynonymSearch } from './features/articles/synonym-search.ts'
import { readUnfoundSearch } from './features/articles/unfound-search.ts'
import { meQuery, startQuery } from './features/shell/me.ts'
import { Shell } from './features/shell/shell.tsx'
import { readEffortSearch } from './features/insight/effort-search.ts'
import { readVotesSearch } from './features/articles/votes-search.ts'
import { readSelfServiceSearch } from './features/insight/self-service-search.ts'
import { readInboxSearch } from './features/inbox/inbox-search.ts'
import { readCustomerSearch } from './features/people/customer-search.ts'
import { readOutboxSearch } from './features/mails/outbox-search.ts'
import { readIncomingSearch } from './features/mailboxes/incoming-search.ts'
import { readReturnedSearch } from './features/mails/returned-search.ts'
import { readTouchpointSearch } from './features/touchpoints/touchpoint-search.ts'
import { readLedgerSearch } from './features/programmes/ledger-search.ts'
import { api, problemOf, queries } from './platform/api.ts'
import { Empty, Failed, Waiting } from './platform/states.tsx'
import { speak, t } from './platform/words.ts'
import { oneOf, parseSearch, strictly, writeSearch } from './search.ts'

const root = createRootRoute({ component: Outlet })

const start = createRoute({
  getParentRoute: () => root,
  path: '/start',
  validateSearch: (given): { token?: string } => ({
    token: typeof given['token'] === 'string' ? given['token'] : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/start/start-page.tsx'), 'StartPage'),
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (given): { to?: string } => ({ to: ownAddress(given['to']) }),
  component: lazyRouteComponent(() => import('./features/start/sign-in-page.tsx'), 'SignInPage'),
})
const join = createRoute({
  getParentRoute: () => root,
  path: '/join/$token',
  component: lazyRouteComponent(() => import('./features/start/join-page.tsx'), 'JoinPage'),
})
const password = createRoute({
  getParentRoute: () => root,
  path: '/password/$token',
  component: lazyRouteComponent(() => import('./features/start/password-page.tsx'), 'PasswordPage'),
})
const enter = createRoute({
  getParentRoute: () => root,
  path: '/enter/$token',
  validateSearch: (given): { to?: string } => ({ to: ownAddress(given['to']) }),
  component: lazyRouteComponent(() => import('./features/start/enter-page.tsx'), 'EnterPage'),
})

const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ location }) => {
    const me = await queries.ensureQueryData(meQuery).catch((error: unknown) => leave(error, location.href))
    if (me.account) await speak(me.account.language)
  },
  component: Shell,
})
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: async () => {
    const { items } = await queries.ensureQueryData({
      queryKey: ['surveys', 'first'],
      queryFn: () => api.surveys.list({ query: { limit: 2 } }),
    })
    const onlyOneUnanswered = items.length === 1 && items[0]?.answers === 0
    throw redirect({ to: onlyOneUnanswered ? '/start' : '/effort' })
  },
})
const effort = createRoute({
  getParentRoute: () => inside,
  path: '/effort',
  validateSearch: strictly(readEffortSearch),
  component: lazyRouteComponent(() => import('./features/insight/effort-page.tsx'), 'EffortPage'),
})
const surveys = createRoute({
  getParentRoute: () => inside,
  path: '/surveys',
  component: lazyRouteComponent(() => import('./features/surveys/surveys-page.tsx'), 'SurveysPage'),
})
const library = createRoute({
  getParentRoute: () => inside,
  path: '/surveys/new',
  component: lazyRouteComponent(() => import('./features/surveys/library-page.tsx'), 'LibraryPage'),
})
const builder = createRoute({
  getParentRoute: () => inside,
  path: '/surveys/$id',
  validateSearch: (given): { part?: 'ask' | 'about' } => ({ part: oneOf(['ask', 'about'], given['part']) }),
  component: lazyRouteComponent(() => import('./features/surveys/builder-page.tsx'), 'BuilderPage'),
})
const imports = createRoute({
  getParentRoute: () => inside,
  path: '/surveys/$id/import',
  validateSearch: (given): { file?: string } => ({
    file: typeof given['file'] === 'string' && given['file'] ? given['file'] : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/surveys/import-page.tsx'), 'ImportPage'),
})
const tickets = createRoute({
  getParentRoute: () => inside,
  path: '/tickets',
  validateSearch: strictly(readInboxSearch),
  component: lazyRouteComponent(() => import('./features/inbox/inbox-page.tsx'), 'InboxPage'),
})
const noTicket = createRoute({
  getParentRoute: () => tickets,
  path: '/',
  component: lazyRouteComponent(() => import('./features/inbox/inbox-page.tsx'), 'NothingOpen'),
})
const ticket = createRoute({
  getParentRoute: () => tickets,
  path: '/$id',
  component: lazyRouteComponent(() => import('./features/inbox/ticket-pane.tsx'), 'TicketPane'),
})
const articles = createRoute({
  getParentRoute: () => inside,
  path: '/articles',
  validateSearch: strictly(readArticleSearch),
  component: lazyRouteComponent(() => import('./features/articles/articles-page.tsx'), 'ArticlesPage'),
})
const article = createRoute({
  getParentRoute: () => inside,
  path: '/articles/$id/$language',
  params: {
    parse: ({ id, language }): { id: string; language: Language } => ({
      id,
      language: oneOf(['en', 'sl', 'nb'], language) ?? 'en',
    }),
    stringify: ({ id, language }) => ({ id, language }),
  },
  validateSearch: strictly(readArticleShowing),
  component: lazyRouteComponent(() => import('./features/articles/article-page.tsx'), 'ArticlePage'),
})
const unfound = createRoute({
  getParentRoute: () => inside,
  path: '/articles/unfound',
  validateSearch: strictly(readUnfoundSearch),
  component: lazyRouteComponent(() => import('./features/articles/unfound-page.tsx'), 'UnfoundPage'),
})
const synonyms = createRoute({
  getParentRoute: () => inside,
  path: '/articles/synonyms',
  validateSearch: strictly(readSynonymSearch),
  component: lazyRouteComponent(() => import('./features/articles/synonyms-page.tsx'), 'SynonymsPage'),
})
const solvedAlone = createRoute({
  getParentRoute: () => inside,
  path: '/articles/solved',
  validateSearch: strictly(readSelfServiceSearch),
  component: lazyRouteComponent(() => import('./features/insight/self-service-page.tsx'), 'SelfServicePage'),
})
const articleVotes = createRoute({
  getParentRoute: () => inside,
  path: '/articles/votes',
  validateSearch: strictly(readVotesSearch),
  component: lazyRouteComponent(() => import('./features/articles/ratings-page.tsx'), 'RatingsPage'),
})
const articleGaps = createRoute({
  getParentRoute: () => inside,
  path: '/articles/gaps',
  component: lazyRouteComponent(() => import('./features/articles/gaps-page.tsx'), 'GapsPage'),
})
const customers = createRoute({
  getParentRoute: () => inside,
  path: '/customers',
  validateSearch: strictly(readCustomerSearch),
  component: lazyRouteComponent(() => import('./features/people/customers-page.tsx'), 'CustomersPage'),
})
const customerImport = createRoute({
  getParentRoute: () => inside,
  path: '/customers/import',
  validateSearch: (given): { file?: string } => ({
    file: typeof given['file'] === 'string' && given['file'] ? given['file'] : undefined,
  }),
  component: lazyRouteComponent(() => import('./features/people/import-page.tsx'), 'CustomerImportPage'),
})
const customer = createRoute({
  getParentRoute: () => inside,
  path: '/customers/$id',
  component: lazyRouteComponent(() => import('./features/people/customer-page.tsx'), 'CustomerPage'),
})
const organisations = createRoute({
  getParentRoute: () => inside,
  path: '/organisations',
  validateSearch: strictly(readCustomerSearch),
  component: lazyRouteComponent(() => import('./features/people/organisations-page.tsx'), 'OrganisationsPage'),
})
const organisation = createRoute({
  getParentRoute: () => inside,
  path: '/organisations/$id',
  component: lazyRouteComponent(() => import('./features/people/organisation-page.tsx'), 'OrganisationPage'),
})
const touchpoints = createRoute({
  getParentRoute: () => inside,
  path: '/touchpoints',
  validateSearch: strictly(readTouchpointSearch),
  component: lazyRouteComponent(() => import('./features/touchpoints/touchpoints-page.tsx'), 'TouchpointsPage'),
})
const touchpoint = createRoute({
  getParentRoute: () => inside,
  path: '/touchpoints/$id',
  component: lazyRouteComponent(() => import('./features/touchpoints/touchpoint-page.tsx'), 'TouchpointPage'),
})
const programmes = createRoute({
  getParentRoute: () => inside,
  path: '/programmes',
  component: lazyRouteComponent(() => import('./features/programmes/programmes-page.tsx'), 'ProgrammesPage'),
})
const programme = createRoute({
  getParentRoute: () => inside,
  path: '/programmes/$id',
  component: lazyRouteComponent(() => import('./features/programmes/programme-page.tsx'), 'ProgrammePage'),
})
const mailTexts = createRoute({
  getParentRoute: () => inside,
  path: '/programmes/$id/mail',
  component: lazyRouteComponent(() => import('./features/programmes/mail-page.tsx'), 'MailTextsPage'),
})
const ledger = createRoute({
  getParentRoute: () => inside,
  path: '/ledger',
  validateSearch: strictly(readLedgerSearch),
  component: lazyRouteComponent(() => import('./features/programmes/ledger-page.tsx'), 'LedgerPage'),
})
const outbox = createRoute({
  getParentRoute: () => inside,
  path: '/outbox',
  validateSearch: strictly(readOutboxSearch),
  component: lazyRouteComponent(() => import('./features/mails/outbox-page.tsx'), 'OutboxPage'),
})
const returned = createRoute({
  getParentRoute: () => inside,
  path: '/returned',
  validateSearch: strictly(readReturnedSearch),
  component: lazyRouteComponent(() => import('./features/mails/returned-page.tsx'), 'ReturnedPage'),
})
const incoming = createRoute({
  getParentRoute: () => inside,
  path: '/incoming',
  validateSearch: strictly(readIncomingSearch),
  component: lazyRouteComponent(() => import('./features/mailboxes/incoming-page.tsx'), 'IncomingPage'),
})
const notices = createRoute({
  getParentRoute: () => inside,
  path: '/notices',
  component: lazyRouteComponent(() => import('./features/notices/notices-page.tsx'), 'NoticesPage'),
})
const answer = createRoute({
  getParentRoute: () => inside,
  path: '/answers/$id',
  component: lazyRouteComponent(() => import('./features/insight/answer-page.tsx'), 'AnswerPage'),
})
const allSettings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/$part', params: { part: 'company' }, replace: true })
  },
})
const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings/$part',
  component: lazyRouteComponent(() => import('./features/accounts/settings-page.tsx'), 'SettingsPage'),
})

/** Every address of the workspace. */
export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    join,
    password,
    enter,
    inside.addChildren([
      home,
      effort,
      tickets.addChildren([noTicket, ticket]),
      surveys,
      library,
      builder,
      imports,
      articles,
      article,
      unfound,
      synonyms,
      solvedAlone,
      articleVotes,
      articleGaps,
      customers,
      customerImport,
      customer,
      organisations,
      organisation,
      touchpoints,
      touchpoint,
      programmes,
      programme,
      mailTexts,
      ledger,
      outbox,
      returned,
      incoming,
      notices,
      answer,
      allSettings,
      settings,
    ]),
  ]),
  basepath: '/app',
  parseSearch,
  stringifySearch: writeSearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultPendingComponent: () => <Waiting />,
  defaultErrorComponent: ({ error, reset }) => (
    <div className="p-crash">
      <Failed error={error} retry={reset} />
    </div>
  ),
  defaultNotFoundComponent: () => (
    <main className="p-crash">
      <Empty page icon="note" title={t('shell.noSuchPage')} action={<Elsewhere />}>
        {t('shell.noSuchPageWhy')}
      </Empty>
    </main>
  ),
})

function Elsewhere() {
  return (
    <div className="buttons">
      <Link className="button" to="/tickets">
        {t('inbox.inbox')}
      </Link>
      <Link className="button" to="/effort">
        {t('shell.effort')}
      </Link>
    </div>
  )
}

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Who is not signed in goes to sign in and then back; on an empty installation, to the first screen. */
async function leave(error: unknown, from: string): Promise<never> {
  if (problemOf(error)?.status !== 401) throw error
  const { signUpOpen, hostWorkspace } = await queries.ensureQueryData(startQuery)
  if (signUpOpen && !hostWorkspace) throw redirect({ to: '/start' })
  throw redirect({ to: '/sign-in', search: { to: from } })
}

/** Only an address of this application: a link may not send somebody elsewhere after signing in. */
function ownAddress(given: unknown): string | undefined {
  return typeof given === 'string' && /^\/(?!\/|\\)/.test(given) ? given : undefined
}
