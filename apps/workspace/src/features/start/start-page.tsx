import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Failed, Waiting } from '../../platform/states.tsx'
import { t } from '../../platform/words.ts'
import { startQuery, useTitle } from '../shell/me.ts'
import { AskPage } from './ask-page.tsx'
import { DemoButton } from './demo-button.tsx'
import { Frame, Languages } from './frame.tsx'
import { SignUp } from './sign-up.tsx'

const route = getRouteApi('/start')

/** The first minute: the demo, or an own workspace up to its first answer. */
export function StartPage() {
  const { token } = route.useSearch()
  const start = useQuery(startQuery)
  const [empty, setEmpty] = useState(token !== undefined)
  useTitle(t('start.title'))
  if (start.isError)
    return (
      <Frame title={t('start.title')}>
        <Failed error={start.error} retry={() => void start.refetch()} />
      </Frame>
    )
  if (!start.data) return <Waiting />
  if (start.data.signedIn) return <AskPage phoneUrl={start.data.phoneUrl} />
  const maySignUp = start.data.signUpOpen || token !== undefined
  if (empty && maySignUp) return <SignUp token={token} onBack={() => setEmpty(false)} />
  return (
    <Frame
      title={t('start.question')}
      lead={t('start.lead')}
      foot={
        <>
          <Languages />
          <Link to="/sign-in">{t('start.signIn')}</Link>
        </>
      }
    >
      <div className="st-ways">
        <section>
          <h2>{t('start.lookAtDemo')}</h2>
          <p className="quiet">{start.data.signUpOpen ? t('start.demoIs') : t('start.demoForMembers')}</p>
          {start.data.signUpOpen && <DemoButton accent />}
        </section>
        <section>
          <h2>{t('start.startEmpty')}</h2>
          <p className="quiet">{maySignUp ? t('start.emptyIs') : t('start.closed')}</p>
          {maySignUp && (
            <button className="button" type="button" onClick={() => setEmpty(true)}>
              {t('start.startEmpty')}
            </button>
          )}
        </section>
      </div>
    </Frame>
  )
}
