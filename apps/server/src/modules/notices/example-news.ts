import type { HardAnswerData } from '@lahko/contract'
import type { News } from './notifying.ts'

export const exampleTopic = '018f0000-0000-7000-8000-00000000000a'

/** A hard answer as surveys tell it, for tests. */
export function exampleNews(subjectId: string, more: Partial<News> = {}): News {
  const data: HardAnswerData = {
    ...{ surveyId: exampleTopic, surveyKey: 'returns', family: 'effort', score: 2, min: 1, max: 10 },
    ...{ effortStep: 1, commented: true },
  }
  return {
    kind: 'hard_answer',
    subjectId,
    topicId: exampleTopic,
    topic: 'Returns',
    data,
    mail: ({ language, app }) => ({
      subject: `Hard: ${subjectId}`,
      heading: `A hard answer (${language})`,
      paragraphs: ['“Nobody called back.”'],
      button: { label: 'Open', url: `${app}/answers/${subjectId}` },
    }),
    ...more,
  }
}
