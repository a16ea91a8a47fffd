import type { Survey } from '@lahko/contract'
import { useState } from 'react'
import { api } from '../../platform/api.ts'
import { Dialog } from '../../platform/dialog.tsx'
import { Choice } from '../../platform/field.tsx'
import { languageName } from '../../platform/format.ts'
import { Banner } from '../../platform/states.tsx'
import { useAction } from '../../platform/actions.ts'
import { t } from '../../platform/words.ts'
import { missingIn } from './content.ts'
import type { Draft } from './draft.ts'
import { act } from './survey-data.ts'

/** Makes the draft the version that is asked, and says what that means. */
export function PublishButton({ survey, draft }: { survey: Survey; draft: Draft }) {
  const [open, setOpen] = useState(false)
  const version = (survey.version ?? 0) + 1
  const nothing = survey.draft === null && draft.state === 'kept'
  const label = survey.version === null ? t('surveys.publish') : t('surveys.useVersion', { version })
  const show = () => void draft.flush().then(() => setOpen(true))
  useAction(
    nothing ? null : { id: 'survey.publish', group: t('surveys.survey'), name: label, icon: 'check', run: show },
  )
  return (
    <>
      <button
        className="button"
        data-size="small"
        data-tone="accent"
        type="button"
        disabled={nothing || draft.state === 'failed'}
        onClick={show}
      >
        {nothing && survey.version !== null ? t('surveys.versionAsked', { version: survey.version }) : label}
      </button>
      {open && (
        <Dialog title={label} onClose={() => setOpen(false)}>
          <Meaning survey={survey} draft={draft} version={version} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

function Meaning({
  survey,
  draft,
  version,
  onDone,
}: {
  survey: Survey
  draft: Draft
  version: number
  onDone: () => void
}) {
  const [sameQuestion, setSameQuestion] = useState(false)
  const [busy, setBusy] = useState(false)
  const { content } = draft
  const lacking = content.languages.filter((language) => missingIn(content, language) > 0)
  const newWording = survey.version !== null && survey.draftChange?.newWording === true
  const asked = survey.content?.score.scale
  const { scale } = content.score
  const otherScale =
    asked && (asked.min !== scale.min || asked.max !== scale.max || asked.direction !== scale.direction)
  const publish = async () => {
    setBusy(true)
    const done = await act(
      () => api.surveys.publish({ params: { id: survey.id }, body: { sameQuestion } }),
      t('surveys.isAsked', { version }),
    )
    setBusy(false)
    if (done) onDone()
  }
  return (
    <div className="stack">
      {survey.version === null && <p>{t('surveys.firstVersion')}</p>}
      {survey.version !== null && (
        <p>{t(newWording ? 'surveys.newWording' : 'surveys.sameWording', { version: survey.version })}</p>
      )}
      {newWording && !otherScale && (
        <Choice checked={sameQuestion} onChange={setSameQuestion} hint={t('surveys.sameQuestionHint')}>
          {t('surveys.sameQuestion')}
        </Choice>
      )}
      {lacking.length > 0 && (
        <Banner tone="warn">
          <div>
            <p>
              <strong>{t('surveys.textsMissing')}</strong>
            </p>
            <ul>
              {lacking.map((language) => (
                <li key={language}>
                  {t('surveys.missingIn', { language: languageName(language), count: missingIn(content, language) })}
                </li>
              ))}
            </ul>
          </div>
        </Banner>
      )}
      <div className="dialog-foot">
        <button
          className="button"
          data-tone="accent"
          type="button"
          disabled={busy || lacking.length > 0}
          onClick={() => void publish()}
        >
          {survey.version === null ? t('surveys.publish') : t('surveys.useVersion', { version })}
        </button>
      </div>
    </div>
  )
}
