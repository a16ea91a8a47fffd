import type { Language, Survey } from '@lahko/contract'
import { useState, type ReactNode } from 'react'
import { api, sayProblem } from '../../platform/api.ts'
import { timeOf } from '../../platform/format.ts'
import { Banner } from '../../platform/states.tsx'
import { copyOrShow } from '../../platform/copy-button.tsx'
import { sayFailure } from '../../platform/toasts.tsx'
import { t } from '../../platform/words.ts'
import { useMay, useMe } from '../shell/me.ts'
import { ruleFor } from './content.ts'
import { useDraft, type Draft } from './draft.ts'
import { EditFurther } from './edit-further.tsx'
import { EditQuestion } from './edit-question.tsx'
import { EditReasons } from './edit-reasons.tsx'
import { EditThanks } from './edit-thanks.tsx'
import { LanguageTabs } from './language-tabs.tsx'
import { Preview } from './preview.tsx'
import { PublishButton } from './publish-button.tsx'

/** The questions, edited on the left and seen on the right as a customer will see them. */
export function Editor({ survey, head, tabs }: { survey: Survey; head: ReactNode; tabs: ReactNode }) {
  const draft = useDraft(survey)
  const mayWrite = useMay('surveys.write') && survey.state !== 'archived'
  const { workspace } = useMe()
  const [language, setLanguage] = useState<Language>(draft.content.languages[0] ?? 'en')
  const editing = { survey, draft, language }
  return (
    <div className="bu" data-with-preview>
      <div className="toolbar bu-bar">
        {head}
        <div className="push buttons">
          <Kept survey={survey} draft={draft} />
          {mayWrite && (
            <>
              <button className="button" data-size="small" type="button" onClick={() => void openTrial(survey, draft)}>
                {t('surveys.try')}
              </button>
              <PublishButton survey={survey} draft={draft} />
            </>
          )}
        </div>
      </div>
      {tabs}
      <form className="bu-form" onSubmit={(event) => event.preventDefault()}>
        {draft.state === 'failed' && (
          <Banner tone="bad" alert>
            <p>
              <strong>{t('surveys.notKept')}</strong> {sayProblem(draft.error)}
            </p>
            <button className="button" data-size="small" type="button" onClick={() => void draft.flush()}>
              {t('shell.tryAgain')}
            </button>
          </Banner>
        )}
        <LanguageTabs draft={draft} language={language} onChoose={setLanguage} />
        <fieldset className="bu-fields" disabled={!mayWrite}>
          <EditQuestion {...editing} />
          <EditReasons {...editing} />
          <EditFurther {...editing} />
          <EditThanks {...editing} />
        </fieldset>
      </form>
      <Preview
        content={draft.content}
        language={language}
        rule={ruleFor(survey.rule, draft.content.score.scale)}
        company={workspace.name}
        logoUrl={workspace.logoUrl}
      />
    </div>
  )
}

function Kept({ survey, draft }: { survey: Survey; draft: Draft }) {
  const version = (survey.version ?? 0) + 1
  const time = survey.draftSavedAt && timeOf(survey.draftSavedAt)
  const words = {
    waiting: t('surveys.writing'),
    saving: t('surveys.saving'),
    failed: t('surveys.notKeptShort'),
    kept: time ? t('surveys.draftSaved', { version, time }) : '',
  }
  return (
    <span className="quiet bu-kept" aria-live="polite">
      {words[draft.state]}
    </span>
  )
}

async function openTrial(survey: Survey, draft: Draft): Promise<void> {
  try {
    await draft.flush()
    const { url } = await api.surveys.trial({ params: { id: survey.id } })
    copyOrShow(url, t('surveys.trialCopied'))
    window.open(url, '_blank', 'noopener')
  } catch (error) {
    sayFailure(error)
  }
}
