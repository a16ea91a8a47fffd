import type { EffortAlarmData, HardAnswerData } from '@lahko/contract'
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

/** A drift as insight tells it, without a mail of its own, for tests. */
export function exampleAlarm(subjectId: string): News {
  const data: EffortAlarmData = {
    ...{ surveyId: exampleTopic, surveyKey: 'returns', family: 'effort', metric: 'mean', signal: 'drift' },
    ...{ ease: 'harder', from: '2026-11-19', to: '2026-11-19', n: 24, value: 6.1, usual: 8.2, low: 7.4, high: 8.9 },
  }
  return { kind: 'effort_alarm', subjectId, topicId: exampleTopic, topic: 'Returns', data }
}
