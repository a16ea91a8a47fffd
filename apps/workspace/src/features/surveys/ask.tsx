import type { Language, Survey } from '@lahko/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { CopyButton } from '../../platform/copy-button.tsx'
import { Field, SelectField } from '../../platform/field.tsx'
import { Banner, Failed, Waiting } from '../../platform/states.tsx'
import { languageNames, t } from '../../platform/words.ts'
import { DeadMailLinks } from './dead-mail-links.tsx'
import { MailPreview } from './mail-preview.tsx'

const route = getRouteApi('/inside/surveys/$id')
const programs = ['plain', 'zendesk', 'freshdesk', 'zammad', 'helpscout', 'outlook'] as const
type Program = (typeof programs)[number]

/** How customers reach the question: link, code, and a piece of mail for the company's own program. */
export function Ask({ survey }: { survey: Survey }) {
  return (
    <div className="bu-plain">
      {survey.state !== 'published' && (
        <Banner tone="warn">
          <p>{t(`surveys.notAsking.${survey.state}`)}</p>
        </Banner>
      )}
      <DeadMailLinks />
      {survey.url === null ? (
        <Banner tone="warn">
          <p>{t('surveys.noAddress')}</p>
        </Banner>
      ) : (
        <Ways survey={survey} url={survey.url} />
      )}
    </div>
  )
}

function Ways({ survey, url }: { survey: Survey; url: string }) {
  return (
    <>
      <section>
        <h2>{t('surveys.link')}</h2>
        <div>
          <div className="bu-copy">
            <label className="visually-hidden" htmlFor="survey-link">
              {t('surveys.link')}
            </label>
            <input className="input" id="survey-link" readOnly value={url} />
            <CopyButton text={url} field="survey-link" />
          </div>
          <p className="quiet">{t('surveys.linkHint', { example: `${url}?channel=chat&topic=returns` })}</p>
        </div>
      </section>
      <section>
        <h2>{t('surveys.code')}</h2>
        <Code survey={survey} url={url} />
      </section>
      <section>
        <h2>
          {t('surveys.mail')} <small>{t('surveys.mailHint')}</small>
        </h2>
        <Snippet survey={survey} />
      </section>
    </>
  )
}

/** `acme.localhost` is known to this machine's browsers only; for `localhost` the code names the machine instead. */
function Code({ survey, url }: { survey: Survey; url: string }) {
  if (new URL(url).hostname.endsWith('.localhost')) return <p className="quiet">{t('surveys.codeOnlyHere')}</p>
  const drawn = `/api/v1/surveys/${survey.id}/qr.svg`
  return (
    <div className="bu-code">
      <img src={drawn} alt={t('start.qr')} width="168" height="168" />
      <p>
        <a className="button" href={drawn} download={`${survey.key}.svg`}>
          {t('surveys.downloadCode')}
        </a>
      </p>
    </div>
  )
}

function Snippet({ survey }: { survey: Survey }) {
  const languages = (survey.content ?? survey.draft)?.languages ?? ['en']
  const [program, setProgram] = useState<Program>('plain')
  const [language, setLanguage] = useState<Language>(languages[0] ?? 'en')
  const { id } = route.useParams()
  const snippet = useQuery({
    queryKey: ['survey', id, 'snippet', program, language],
    queryFn: ({ signal }) => api.surveys.snippet({ params: { id }, query: { program, language }, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <div>
      <div className="bu-two">
        <SelectField
          label={t('surveys.program')}
          value={program}
          options={programs.map((one) => [one, t(`surveys.program.${one}`)] as const)}
          onChange={setProgram}
        />
        <SelectField
          label={t('surveys.language')}
          value={language}
          options={languages.map((one) => [one, languageNames[one]] as const)}
          onChange={setLanguage}
        />
      </div>
      {snippet.isError && <Failed error={snippet.error} retry={() => void snippet.refetch()} />}
      {!snippet.data && !snippet.isError && <Waiting />}
      {snippet.data && (
        <>
          <MailPreview html={snippet.data.html} />
          <Source id="snippet-html" label={t('surveys.asHtml')} text={snippet.data.html} />
          <Source id="snippet-text" label={t('surveys.asText')} text={snippet.data.text} />
          {snippet.data.mergeFields.length > 0 && (
            <dl className="bu-fields-list">
              {snippet.data.mergeFields.map(({ field, meaning }) => (
                <div key={field}>
                  <dt>
                    <code>{field}</code>
                  </dt>
                  <dd className="quiet">{meaning}</dd>
                </div>
              ))}
            </dl>
          )}
        </>
      )}
    </div>
  )
}

function Source({ id, label, text }: { id: string; label: string; text: string }) {
  return (
    <>
      <Field label={label}>
        {(field) => <textarea className="input bu-source" rows={4} readOnly {...field} id={field.id} value={text} />}
      </Field>
      <div className="buttons" id={id}>
        <CopyButton text={text} />
      </div>
    </>
  )
}
