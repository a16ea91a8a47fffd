import type { Language, MailTexts, Programme, ProgrammeTexts } from '@lahko/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemOf, queries, sayProblem } from '../../platform/api.ts'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { say, sayFailure } from '../../platform/toasts.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { useMay, useTitle } from '../shell/me.ts'
import '../surveys/features.css'
import './features.css'
import { EditMail } from './edit-mail.tsx'
import { mailParts, type Which } from './mail-data.ts'
import { MailSample } from './mail-sample.tsx'
import { Tabs } from './mail-tabs.tsx'
import { programmesQuery } from './programme-data.ts'

/** What the mails of one programme say, in each language of its survey, with the mail beside it. */
export function MailTextsPage() {
  const { id } = useParams({ from: '/inside/programmes/$id/mail' })
  const programmes = useQuery(programmesQuery)
  const texts = useQuery({
    queryKey: ['programmes', id, 'texts'],
    queryFn: ({ signal }) => api.mailTexts.get({ params: { id }, signal }),
  })
  const programme = programmes.data?.items.find((one) => one.id === id)
  const survey = useQuery({
    queryKey: ['surveys', programme?.surveyId],
    queryFn: ({ signal }) => api.surveys.get({ params: { id: programme!.surveyId }, signal }),
    enabled: programme !== undefined,
  })
  useTitle(programme ? t('programmes.mailOf', { name: programme.name }) : t('programmes.mail'))
  const failed = [programmes, texts, survey].find(({ isError }) => isError)
  if (failed) return <Failed error={failed.error} retry={() => void failed.refetch()} />
  if (!programme || !texts.data || !survey.data) return <Waiting lines={6} />
  const { languages } = survey.data.content ?? survey.data.draft!
  return <Editor key={id} programme={programme} saved={texts.data} languages={languages} />
}

type EditorProps = { programme: Programme; saved: ProgrammeTexts; languages: readonly Language[] }

function Editor({ programme: { id, name }, saved, languages }: EditorProps) {
  const mayWrite = useMay('surveys.write')
  const [texts, setTexts] = useState(saved)
  const [which, setWhich] = useState<Which>({ language: languages[0]!, mail: 'invitation' })
  const { language } = which
  const here = texts[language] ?? {}
  const save = useMutation({
    mutationFn: () => api.mailTexts.change({ params: { id }, body: texts }),
    onSuccess: (kept) => {
      queries.setQueryData(['programmes', id, 'texts'], kept)
      say(t('programmes.textsSaved'))
    },
    onError: (error) => setWhich((before) => placeOf(error) ?? before),
  })
  const test = useMutation({
    mutationFn: () => {
      const number = which.mail === 'reminder' ? 1 : 0
      return api.mailTexts.test({ params: { id }, body: { language, number, texts: here } })
    },
    onSuccess: ({ recipient }) => say(t('programmes.testSent', { recipient })),
    onError: sayFailure,
  })
  return (
    <div className="pr-page pr-mail">
      <div className="p-head pr-head">
        <div>
          <p>
            <Link to="/programmes/$id" params={{ id }}>
              {name}
            </Link>
          </p>
          <h1>{t('programmes.mail')}</h1>
        </div>
        <div className="cluster" data-gap="4">
          <Tabs
            label={t('surveys.language')}
            options={languages.map((one) => [one, languageNames[one]])}
            chosen={language}
            onChoose={(next) => setWhich({ ...which, language: next })}
          />
          <Tabs
            label={t('programmes.whichMail')}
            options={[
              ['invitation', t('programmes.invitation')],
              ['reminder', t('programmes.reminder')],
            ]}
            chosen={which.mail}
            onChoose={(mail) => setWhich({ ...which, mail })}
          />
        </div>
      </div>
      <form className="bu-plain" noValidate onSubmit={(event) => (event.preventDefault(), save.mutate())}>
        {save.isError && (
          <Banner tone="bad" alert>
            <p>
              <strong>{t('surveys.notSaved')}</strong> {sayProblem(save.error)}
            </p>
          </Banner>
        )}
        <fieldset className="bu-fields" disabled={!mayWrite}>
          <EditMail
            key={`${language} ${which.mail}`}
            programmeId={id}
            which={which}
            texts={here}
            error={save.error}
            onChange={(next) => setTexts({ ...texts, [language]: trimmed(next) })}
          />
        </fieldset>
        {mayWrite && (
          <div className="bu-save">
            <button className="button" data-tone="accent" disabled={save.isPending}>
              {t('surveys.save')}
            </button>
            <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate()}>
              {t('programmes.sendTest')}
            </button>
          </div>
        )}
      </form>
      <MailSample programmeId={id} which={which} texts={here} />
    </div>
  )
}

/** Where nothing stands, Lahko's own words do. */
function trimmed(texts: MailTexts): MailTexts | undefined {
  const said = (mail: MailTexts['invitation']) => (mailParts.some((part) => mail?.[part]) ? mail : undefined)
  const next = {
    ...(texts.sender && { sender: texts.sender }),
    ...(said(texts.invitation) && { invitation: texts.invitation }),
    ...(said(texts.reminder) && { reminder: texts.reminder }),
  }
  return Object.keys(next).length > 0 ? next : undefined
}

/** The mail in which the first mistake stands. */
function placeOf(error: unknown): Which | undefined {
  const [, , language, mail] = problemOf(error)?.errors?.[0]?.field.split('/') ?? []
  if (language === undefined || !(language in languageNames)) return undefined
  return { language: language as Language, mail: mail === 'reminder' ? 'reminder' : 'invitation' }
}
