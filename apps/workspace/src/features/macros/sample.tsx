import type { Language } from '@lahko/contract'
import { useState } from 'react'
import { Choice } from '../../platform/field.tsx'
import { t } from '../../platform/words.ts'
import { useMe } from '../shell/me.ts'
import { filled } from './filling.ts'

/** The text as a customer would get it. */
export function Sample({ text, language }: { text: string; language: Language }) {
  const [nothing, setNothing] = useState(false)
  const { account, workspace } = useMe()
  if (text.trim() === '') return null
  const always = {
    ...{ agent: account?.name ?? '', company: workspace?.name ?? '' },
    ...{ 'ticket.number': '1042', 'ticket.subject': t('macros.exampleSubject') },
  }
  const known = { ...always, 'customer.name': 'Nives Oblak', 'customer.organisation': 'Oblak d.o.o.' }
  return (
    <section className="mc-sample" aria-label={t('macros.sample')}>
      <p className="hint">{t('macros.sample')}</p>
      <blockquote className="mc-reads" lang={language}>
        {filled(text, nothing ? always : known)}
      </blockquote>
      <Choice checked={nothing} onChange={setNothing}>
        {t('macros.nothingKnown')}
      </Choice>
    </section>
  )
}
