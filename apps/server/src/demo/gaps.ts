import type { GapKind } from '@lahko/contract/article-gaps'
import type { Language } from '@lahko/contract/values'
import { listMapped, reportGap } from '#articles'
import type { Tx } from '#platform/store.ts'
import type { Topic } from './texts.ts'

type DemoGap = { topic: Topic; kind: GapKind; article?: string; text: Readonly<Record<Language, string>> }

/** What the shop's people miss in its articles, each in a request of the topic. */
const gaps: readonly DemoGap[] = [
  {
    ...{ topic: 'sizing', kind: 'missing' },
    text: {
      en: 'Which size of the Stol jacket fits over a down jacket?',
      sl: 'Katera velikost jakne Stol gre čez puhovko?',
      nb: 'Hvilken størrelse på Stol-jakken passer utenpå en dunjakke?',
    },
  },
  {
    ...{ topic: 'delivery', kind: 'wrong', article: 'delivery-times' },
    text: {
      en: 'Northern Norway takes eight to ten days since the autumn, not five to eight.',
      sl: 'Na sever Norveške od jeseni traja osem do deset dni, ne pet do osem.',
      nb: 'Til Nord-Norge tar det åtte til ti dager siden i høst, ikke fem til åtte.',
    },
  },
  {
    ...{ topic: 'returns', kind: 'missing' },
    text: {
      en: 'How to return skis: no post office takes parcels of that length.',
      sl: 'Kako vrniti smuči: tako dolgega paketa ne sprejme nobena pošta.',
      nb: 'Hvordan ski returneres: ingen postkontor tar så lange pakker.',
    },
  },
  {
    ...{ topic: 'repairs', kind: 'wrong', article: 'repair-prices' },
    text: {
      en: 'The price for two-way zips is not in the table.',
      sl: 'V ceniku ni zadrg, ki se odpirajo z obeh strani.',
      nb: 'Prisen for toveis glidelås står ikke i tabellen.',
    },
  },
]

export type OpenedTicket = { id: string; number: number; topic: Topic }

/** Reports what is missing, of the first ticket about it. */
export async function fillGaps(tx: Tx, opened: readonly OpenedTicket[], language: Language): Promise<void> {
  const ids = new Map((await listMapped(tx, { limit: 500 })).map(({ slug, id }) => [slug, id]))
  for (const { topic, kind, article, text } of gaps) {
    const ticket = opened.find((one) => one.topic === topic)
    const articleId = (article && ids.get(article)) ?? null
    if (ticket) await reportGap(tx, ticket, { kind, text: text[language], articleId })
  }
}
