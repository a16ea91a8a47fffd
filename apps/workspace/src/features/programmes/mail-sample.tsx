import type { MailTexts } from '@lahko/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sayProblem } from '../../platform/api.ts'
import { Choice } from '../../platform/field.tsx'
import { Icon } from '../../platform/icon.tsx'
import { t } from '../../platform/words.ts'
import { previewQuery, type Known, type Which } from './mail-data.ts'
import { Tabs } from './mail-tabs.tsx'

const settledAfterMs = 400

/** The mail as its reader sees it: subject, both parts, on a phone or a desk, by day or by night. */
export function MailSample({ programmeId, which, texts }: { programmeId: string; which: Which; texts: MailTexts }) {
  const [width, setWidth] = useState<'phone' | 'desk'>('phone')
  const [scheme, setScheme] = useState<'light' | 'dark'>('light')
  const [known, setKnown] = useState<Known>('yes')
  const settled = useSettled(texts)
  const preview = useQuery(previewQuery(programmeId, which, settled, known))
  const shown = useLast(preview.data)
  return (
    <aside className="bu-preview pr-sample-mail" aria-label={t('surveys.preview')} data-width={width}>
      <div>
        <div className="cluster" data-gap="4">
          <Tabs
            label={t('surveys.previewOn')}
            options={[
              ['phone', t('surveys.previewOn.phone')],
              ['desk', t('surveys.previewOn.desk')],
            ]}
            chosen={width}
            onChoose={setWidth}
          />
          <Tabs
            label={t('programmes.colours')}
            options={[
              ['light', t('programmes.light')],
              ['dark', t('programmes.dark')],
            ]}
            chosen={scheme}
            onChoose={setScheme}
          />
        </div>
        <Choice checked={known === 'no'} onChange={(on) => setKnown(on ? 'no' : 'yes')}>
          {t('programmes.nothingKnown')}
        </Choice>
        {preview.isError && (
          <p className="problem" aria-live="polite">
            <Icon name="warning" />
            {sayProblem(preview.error)}
          </p>
        )}
        {shown && (
          <>
            <dl className="pr-envelope" lang={which.language}>
              <dt className="visually-hidden">{t('programmes.fromWhom')}</dt>
              <dd className="quiet">{shown.sender}</dd>
              <dt className="visually-hidden">{t('programmes.part.subject')}</dt>
              <dd>
                <strong>{shown.subject}</strong>
              </dd>
            </dl>
            <iframe
              // A frame that goes elsewhere would be a step to go back to.
              key={`${shown.page} ${scheme}`}
              className="pr-frame"
              title={t('mails.asSeen')}
              sandbox="allow-popups allow-popups-to-escape-sandbox"
              src={`${shown.page}&scheme=${scheme}`}
            />
            <details>
              <summary>{t('mails.plain')}</summary>
              <pre className="pr-plain" lang={which.language}>
                {shown.text}
              </pre>
            </details>
          </>
        )}
      </div>
    </aside>
  )
}

/** A value that has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), settledAfterMs)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** The last one that there was, while another is on its way or refused. */
function useLast<T>(value: T | undefined): T | undefined {
  const [last, setLast] = useState(value)
  if (value !== undefined && value !== last) setLast(value)
  return value ?? last
}
