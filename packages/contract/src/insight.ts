import { z } from 'zod'
import { entry } from './entry.ts'
import { filters, metricName, rule, scale, wording } from './surveys.ts'
import { id, language, localDate, page, pageQuery, text } from './values.ts'

/** A figure as `@lahko/effort` returns it. */
export const metric = z.object({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  method: z.string(),
})
export const summary = z.object({
  n: z.int(),
  histogram: z.array(z.int()),
  mean: metric.nullable(),
  easyShare: metric.nullable(),
  hardShare: metric.nullable(),
  netEase: metric.nullable(),
  easeIndex: metric.nullable(),
  median: z.number().nullable(),
  standardDeviation: z.number().nullable(),
})
export const comparison = z.object({
  difference: z.number(),
  low: z.number(),
  high: z.number(),
  pValue: z.number().nullable(),
  method: z.string(),
  ease: z.enum(['easier', 'harder', 'same']),
  verdict: z.enum(['more-than-noise', 'within-noise']).nullable(),
})

/** The answers of one group, and how it differs from the others. */
const group = z.object({
  n: z.int(),
  metric: metric.nullable(),
  difference: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  adjustedP: z.number().nullable(),
  ease: z.enum(['easier', 'harder', 'same']).nullable(),
  verdict: z.enum(['more-than-noise', 'within-noise']).nullable(),
  smallSample: z.boolean(),
})

/** The period that is looked at: a day, an ISO week, a month, or any run of days; and where in the filters. */
const view = {
  survey: text(60).optional().describe('key or id; the newest published one when left out'),
  wording: wording.optional().describe('the newest when left out'),
  period: z.enum(['day', 'week', 'month', 'days']).default('week'),
  at: localDate.optional().describe('any day of the period; today when left out'),
  from: localDate.optional().describe('with period=days'),
  to: localDate.optional().describe('with period=days, inclusive'),
  metric: metricName.optional(),
  filter: filters,
}

const readSurvey = z.object({
  id,
  key: z.string(),
  name: z.string(),
  question: z.string(),
  lowLabel: z.string(),
  highLabel: z.string(),
  scale,
  rule,
  metric: metricName,
  declared: z.array(z.string()),
  anonymous: z.boolean(),
})

export const effortReport = z.object({
  survey: readSurvey,
  wordings: z.array(z.object({ wording: z.int(), question: z.string(), from: localDate, to: localDate.nullable() })),
  wording: z.int(),
  metric: metricName,
  rule,
  designEffect: z
    .number()
    .describe('n / designEffect stands for n in every interval: the same customers answer often; 1 where they do not'),
  period: z.object({
    kind: z.enum(['day', 'week', 'month', 'days']),
    from: localDate,
    to: localDate,
    label: z.string().describe('in words of the reader, such as “Week 47”'),
    finished: z.boolean(),
    previous: localDate.nullable().describe('`at` of the period before, if it may hold answers'),
    next: localDate.nullable(),
  }),
  before: z
    .object({
      from: localDate,
      to: localDate,
      periods: z.int(),
      label: z.string().describe('such as “twelve weeks before”'),
      summary,
    })
    .nullable()
    .describe('the twelve equal periods before, or as many as there are; null without answers in them'),
  headline: z.string(),
  deck: z.string(),
  summary,
  smallSample: z.boolean(),
  asked: z
    .object({ asked: z.int(), answered: z.int().describe('of those who were asked'), responseRate: z.number() })
    .nullable()
    .describe('null: unknown, as for an open link'),
  change: comparison.nullable(),
  changes: z.object({ easyShare: comparison.nullable(), hardShare: comparison.nullable() }),
  series: z.array(
    z.object({
      at: localDate,
      joined: z.int().describe('earlier periods under five answers that this point holds besides its own'),
      n: z.int(),
      value: z.number().nullable(),
      centre: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      ewma: z.number().nullable(),
      signals: z.array(z.enum(['limit', 'drift'])),
      unfinished: z.boolean(),
    }),
  ),
  seriesGrain: z.enum(['day', 'week', 'month']),
  acceptedChanges: z
    .array(localDate)
    .describe('`at` of the periods in the series that began a new normal: centre and limits start anew there'),
  seriesFinding: z.string(),
  histogramFinding: z.string(),
  breakdowns: z.array(
    z.object({
      attribute: z.string(),
      omnibus: z.object({ pValue: z.number().nullable(), method: z.string() }).nullable(),
      finding: z.string(),
      groups: z.array(
        group.extend({
          value: z.string().describe('as filters take it; empty: the answer did not say'),
          rank: z.int().nullable(),
        }),
      ),
      more: z.int().describe('groups beyond those listed'),
    }),
  ),
  notes: z.array(z.string()).describe('what limits these figures: a rebuild, joined segments, a scan'),
})
export type EffortReport = z.infer<typeof effortReport>

const adjustment = z.object({
  answers: z.int(),
  asAnswered: metric,
  adjusted: metric.nullable().describe('null: too uneven, a few answers would stand for too many people'),
  effectiveN: z.number().describe('so many answers of equal weight would tell as much (Kish)'),
  strata: z.int().describe('groups of people who count as alike, after small ones were joined'),
})

/** What those served, asked and heard are told apart by. */
export const respondentsBy = ['topic', 'channel', 'outcome', 'language'] as const

const respondents = z.object({
  by: z.enum(respondentsBy),
  served: z.int().nullable().describe('touchpoints as in `served.people`; null: the survey is anonymous'),
  asked: z.int(),
  answered: z.int(),
  finding: z.string().nullable().describe('the value that is heard most unlike its share; null: only noise'),
  groups: z.array(
    z.object({
      key: z.string().describe('empty: not known; …: all beyond the most frequent'),
      served: z.int().nullable(),
      asked: z.int(),
      answered: z.int(),
      ease: z
        .enum(['easier', 'harder', 'same'])
        .nullable()
        .describe('easier: a larger part of the answers than of all'),
      verdict: z.enum(['more-than-noise', 'within-noise']).nullable(),
    }),
  ),
})

/** Response rates, and the chosen metric as answered beside adjusted, for those asked and those served in the period. */
export const whoAnswered = z.object({
  metric: metricName,
  asked: z.object({
    people: z.int().describe('invitations that a mail server took and that did not come back'),
    answered: z.int(),
    rate: metric.nullable(),
    adjusted: adjustment.nullable(),
  }),
  served: z
    .object({
      people: z
        .int()
        .describe(
          'touchpoints that ended in the period and that a programme of this survey decided about, asked or not; merged ones are left out',
        ),
      adjusted: adjustment.nullable().describe('by language, outcome, topic and channel; null: nobody answered'),
    })
    .nullable()
    .describe('null: there is no such touchpoint, or the survey is anonymous'),
  rates: z.array(
    z.object({
      by: z.enum(['language', 'topic', 'channel', 'outcome', 'hour', 'programme']),
      groups: z.array(
        z.object({
          key: z.string().describe('empty: not known; hours are local, 00 to 23'),
          asked: z.int(),
          answered: z.int(),
          rate: metric,
          ease: z.enum(['easier', 'harder', 'same']).nullable().describe('easier: answered more often than the rest'),
          verdict: z.enum(['more-than-noise', 'within-noise']).nullable(),
        }),
      ),
    }),
  ),
  respondents: z.array(respondents).describe('the parts of each value among those served, asked and heard'),
})
export type WhoAnswered = z.infer<typeof whoAnswered>

const days = {
  days: z.coerce.number().int().min(1).max(366).default(30),
  to: localDate.optional().describe('the last of them; today when left out'),
}
const part = z.object({ count: z.int(), share: metric.nullable().describe('with its 95 % interval; null of nothing') })

/** What became of episodes with a search or a suggestion. The figures are told apart and are never added together. */
const selfService = z.object({
  from: localDate,
  to: localDate,
  episodes: z.int().describe('that began on these days and are over'),
  open: z.int().describe('not counted yet: an episode is over 72 hours after its last step'),
  confirmed: part.describe('it was said that it is solved, and no contact carries the episode'),
  probable: part.describe('an answer was opened, nothing said of it, and no contact carries the episode'),
  failed: part.describe('an answer was read, and a contact carries the episode'),
  contacts: z
    .object({ count: z.int(), carried: z.int(), share: metric.nullable() })
    .describe('tickets of these days, and those of them that carry an episode: of the others nothing is known'),
})
export type SelfService = z.infer<typeof selfService>

const articleOrders = ['readers', 'solved', 'failed'] as const
const selfServiceArticle = z.object({
  articleId: id,
  title: z.string().nullable().describe('null: the article is gone'),
  language: language.nullable(),
  readers: z.int().describe('episodes in which it was read'),
  solved: part.describe('of these, where it was said to have solved the matter, and no contact followed'),
  failed: part.describe('of these, where a contact followed'),
  effort: z
    .object({ n: z.int(), metric: metric.nullable() })
    .describe('answers of these days about it, to the survey that asks readers, by its metric'),
})
export type SelfServiceArticle = z.infer<typeof selfServiceArticle>

const selfServiceWays = z.object({
  from: localDate,
  to: localDate,
  survey: readSurvey,
  metric: metricName,
  rule,
  designEffect: z.number(),
  ways: z
    .array(
      group.extend({
        way: z
          .enum(['article', 'article_ticket', 'ticket'])
          .describe(
            'an article was enough; an article was read, and a ticket followed; a ticket, and no article was read',
          ),
      }),
    )
    .describe('each against the others, by the verdict rule; none of an anonymous survey is told apart'),
  unknown: z
    .object({ n: z.int(), metric: metric.nullable() })
    .describe('answers of which it is not known what was tried before: mails and calls, above all'),
})
export type SelfServiceWays = z.infer<typeof selfServiceWays>

/** The data of one server-sent event of `/live`: what kind of fact just happened, about what. Fetch again, nothing is pushed. */
export const liveWake = z.object({
  type: z.string().describe('such as response.received; all when more happened than can be told'),
  subjectIds: z.array(id).describe('what they were about; empty when they were too many to name'),
})
export type LiveWake = z.infer<typeof liveWake>

export const insight = {
  effort: entry({
    method: 'GET',
    path: '/insight/effort',
    summary: 'How hard are we: all of the effort screen',
    permission: 'insight.read',
    query: z.object(view),
    reply: effortReport,
  }),
  whoAnswered: entry({
    method: 'GET',
    path: '/insight/who-answered',
    summary: 'Response rates with intervals, and the score as answered beside adjusted to everybody asked and served',
    permission: 'insight.read',
    query: z.object(view).omit({ filter: true }),
    reply: whoAnswered,
  }),
  whoAnsweredCsv: entry({
    method: 'GET',
    path: '/insight/who-answered.csv',
    summary: 'Each value among those served, asked and heard, with its shares',
    permission: 'insight.read',
    query: z.object({ ...view, by: z.enum(respondentsBy) }).omit({ filter: true }),
    content: 'file',
  }),
  acceptChange: entry({
    method: 'PUT',
    path: '/surveys/:id/accepted-changes/:on',
    summary: 'Take what came since a day as the new normal: the control chart of the survey starts anew there',
    permission: 'surveys.write',
    params: z.object({ id, on: localDate }),
    query: z.object({ wording: view.wording }),
  }),
  withdrawChange: entry({
    method: 'DELETE',
    path: '/surveys/:id/accepted-changes/:on',
    summary: 'Take it back',
    permission: 'surveys.write',
    params: z.object({ id, on: localDate }),
    query: z.object({ wording: view.wording }),
  }),
  attributeValues: entry({
    method: 'GET',
    path: '/insight/attribute-values',
    summary: 'The values of one declared attribute, most answered first, for the filters',
    permission: 'insight.read',
    query: z.object({
      survey: text(60),
      wording: view.wording,
      attribute: text(40),
      search: text(100).optional(),
    }),
    reply: z.object({ items: z.array(z.object({ value: z.string(), answers: z.int() })) }),
  }),
  effortCsv: entry({
    method: 'GET',
    path: '/insight/effort.csv',
    summary: 'The table behind a chart: part=series, histogram or a declared attribute',
    permission: 'insight.read',
    query: z.object({ ...view, part: text(40) }),
    content: 'file',
  }),
  selfService: entry({
    method: 'GET',
    path: '/insight/self-service',
    summary: 'What was solved alone: confirmed, probable, failed, and the share of contacts of which it is known',
    permission: 'insight.read',
    query: z.object(days),
    reply: selfService,
  }),
  selfServiceArticles: entry({
    method: 'GET',
    path: '/insight/self-service/articles',
    summary: 'Each article: in how many episodes it was read, solved the matter, or was followed by a contact',
    permission: 'insight.read',
    query: z.object({ ...days, ...pageQuery, sort: z.enum(articleOrders).default('readers') }),
    reply: page(selfServiceArticle),
  }),
  selfServiceWays: entry({
    method: 'GET',
    path: '/insight/self-service/ways',
    summary: 'Effort by way: an article only, an article and then a ticket, a ticket only',
    permission: 'insight.read',
    query: z.object({
      ...days,
      survey: text(60).optional().describe('key or id; the one that asks readers when left out, else the newest'),
    }),
    reply: selfServiceWays,
  }),
  live: entry({
    method: 'GET',
    path: '/live',
    summary: 'Server-sent events: which facts just happened, to fetch again',
    permission: 'workspace.read',
    query: z.object({
      missedMs: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .describe('so many milliseconds ago you began to read what you show: what happened since is told first'),
    }),
    content: 'file',
  }),
} as const
