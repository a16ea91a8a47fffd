import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  compare,
  compareGroups,
  controlChart,
  metricNames,
  scales,
  summarize,
  type Histogram,
  type ScaleId,
} from '@lahko/effort'
import { languages, type Language } from '@lahko/contract/values'
import {
  breakdownFindingOf,
  deckOf,
  headlineOf,
  histogramFindingOf,
  seriesFindingOf,
  type Breakdown,
  type Situation,
} from './findings.ts'
import { addDays, periodHolding, runOfDays, type Period } from './periods.ts'

type Given = {
  scale?: ScaleId
  metric?: Situation['metric']
  period?: Period
  finished?: boolean
  filtered?: boolean
  periods?: number
  now: Histogram
  before?: Histogram | null
  answered?: boolean
  groups?: Record<string, Histogram>
  attribute?: string
}

function situation(language: Language, given: Given): Situation {
  const { metric = 'mean', before = null, now } = given
  const scale = scales[given.scale ?? 'ces-10']
  const rule = { id: 'standard', easy: scale.easy, hard: scale.hard }
  const compared = (name: Situation['metric']) => (before ? compare(now, before, scale, name, { rule }) : null)
  return {
    language,
    scale,
    rule,
    metric,
    period: given.period ?? periodHolding('week', '2026-11-20'),
    finished: given.finished ?? true,
    today: '2026-11-24',
    filtered: given.filtered ?? false,
    answered: given.answered ?? true,
    summary: summarize(now, scale, { rule }),
    before: before && { periods: given.periods ?? 12, summary: summarize(before, scale, { rule }) },
    change: compared(metric),
    easyChange: compared('easyShare'),
    breakdowns: given.groups ? [breakdown(given)] : [],
  }
}

function breakdown({ scale = 'ces-10', metric = 'mean', groups = {}, attribute = 'topic' }: Partial<Given>): Breakdown {
  const given = Object.entries(groups).map(([key, counts]) => ({ key, counts }))
  const compared = compareGroups(given, scale, metric).groups
  return { attribute, groups: compared.map((group, index) => ({ ...group, counts: given[index]!.counts })) }
}

const spoken = (text: string) => text.replaceAll('\u00a0', ' ')
const inAll = (say: (situation: Situation) => string, given: Given) =>
  languages.map((language) => spoken(say(situation(language, given))))

// The drawn week: 412 answers, 77 % easy, 11 % hard, against twelve weeks that were a little harder.
const week47 = [9, 8, 12, 17, 11, 12, 24, 86, 102, 131]
const twelveWeeks = [145, 130, 180, 250, 180, 190, 330, 1000, 1100, 1210]
const nothing = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
const few = [1, 0, 0, 1, 0, 0, 1, 2, 3, 4]

test('what got easier is said, with the figure that people understand', () => {
  const given = { now: week47, before: twelveWeeks }
  assert.deepEqual(inAll(headlineOf, given), [
    'Getting help got easier',
    'Do pomoči je lažje priti',
    'Det ble enklere å få hjelp',
  ])
  assert.deepEqual(inAll(deckOf, given), [
    'In week 47, 77 % of customers found it easy, against 70 % in the twelve weeks before.',
    'V 47. tednu je bilo lahko za 77 % strank, v dvanajstih tednih prej za 70 %.',
    'I uke 47 syntes 77 % av kundene at det var enkelt, mot 70 % i de tolv ukene før.',
  ])
})

test('a group that is harder than the rest is named, with its own figure', () => {
  const groups = {
    Returns: [9, 7, 8, 7, 3, 3, 6, 12, 12, 12],
    Delivery: [0, 0, 2, 5, 4, 5, 9, 40, 50, 60],
    Repairs: [0, 1, 2, 5, 4, 4, 9, 34, 40, 59],
  }
  const given = { now: week47, before: twelveWeeks, groups }
  assert.deepEqual(inAll(headlineOf, given), [
    'Getting help got easier. Harder than the rest: Returns.',
    'Do pomoči je lažje priti. Težje kot drugod: Returns.',
    'Det ble enklere å få hjelp. Vanskeligere enn resten: Returns.',
  ])
  const numbered = {
    ...given,
    attribute: 'times_handed_on',
    groups: { '2+': groups.Returns, '0': groups.Delivery, '1': groups.Repairs },
  }
  assert.equal(
    headlineOf(situation('en', numbered)),
    'Getting help got easier. Harder than the rest: times handed on 2+.',
  )
  assert.equal(
    spoken(deckOf(situation('en', given))),
    'In week 47, 77 % of customers found it easy, against 70 % in the twelve weeks before. Returns: 46 %, 79 answers.',
  )
})

test('where a single answer has no interval, nothing is said to be within noise', () => {
  const given = { now: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], before: twelveWeeks }
  assert.equal(situation('en', given).change!.verdict, null)
  assert.doesNotMatch(deckOf(situation('en', given)), /noise/)
})

test('within noise is said to be within noise', () => {
  const given = { now: week47.map((count) => Math.round(count / 4)), before: twelveWeeks }
  assert.deepEqual(inAll(headlineOf, given), [
    'About as easy as before',
    'Približno tako lahko kot prej',
    'Omtrent like enkelt som før',
  ])
  assert.match(deckOf(situation('en', given)), /The difference is within noise\.$/)
  assert.match(deckOf(situation('sl', given)), /Razlika je v mejah šuma\.$/)
})

test('before anybody answered, and where nobody did', () => {
  assert.deepEqual(inAll(headlineOf, { now: nothing, answered: false }), [
    'No answers yet',
    'Odgovorov še ni',
    'Ingen svar ennå',
  ])
  const empty = { now: nothing, before: few }
  assert.deepEqual(inAll(headlineOf, empty), [
    'No answers in week 47',
    'V 47. tednu ni odgovorov',
    'Ingen svar i uke 47',
  ])
  assert.deepEqual(inAll(deckOf, empty), [
    'There were 12 in the twelve weeks before.',
    'V dvanajstih tednih prej jih je bilo 12.',
    'Det var 12 i de tolv ukene før.',
  ])
  assert.deepEqual(inAll(headlineOf, { ...empty, filtered: true }), [
    'No answers fit the filters',
    'Filtrom ne ustreza noben odgovor',
    'Ingen svar passer til filtrene',
  ])
  assert.equal(headlineOf(situation('en', { ...empty, finished: false })), 'No answers so far in week 47')
})

test('the first period has nothing to be compared with', () => {
  const given = { now: week47 }
  assert.deepEqual(inAll(headlineOf, given), [
    '77 % found it easy',
    'Lahko je bilo za 77 % strank',
    '77 % syntes at det var enkelt',
  ])
  assert.equal(
    spoken(deckOf(situation('en', given))),
    'In week 47, 77 % of customers found it easy. There is nothing before it to compare with.',
  )
})

test('a small sample is marked, in the dual too', () => {
  assert.equal(headlineOf(situation('en', { now: few, before: twelveWeeks })), 'Too few answers to tell')
  const two = { now: [0, 0, 0, 0, 0, 0, 0, 1, 1, 0] }
  assert.match(deckOf(situation('sl', two)), /Le 2 odgovora: majhen vzorec\.$/)
  assert.match(deckOf(situation('sl', { now: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1] })), /Le 3 odgovori: majhen vzorec\.$/)
  assert.match(
    deckOf(situation('en', { now: [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], before: twelveWeeks })),
    /Only 1 answer: a small sample\.$/,
  )
})

test('a metric that counts the hard answers speaks of them', () => {
  const given = { now: week47, before: twelveWeeks, metric: 'hardShare' as const }
  assert.deepEqual(inAll(headlineOf, given), [
    'Fewer customers found it hard',
    'Težko je bilo za manj strank',
    'Færre kunder syntes at det var vanskelig',
  ])
  assert.equal(
    spoken(deckOf(situation('en', given))),
    'In week 47, 11 % of customers found it hard, against 15 % in the twelve weeks before.',
  )
})

test('net ease is shown from −100 to +100, and is the net promoter score where promoters are counted', () => {
  const promoters = {
    scale: 'nps-11' as const,
    metric: 'netEase' as const,
    now: [40, 0, 0, 0, 0, 0, 10, 10, 10, 20, 10],
    before: [200, 0, 0, 0, 0, 0, 50, 200, 200, 500, 400],
  }
  assert.deepEqual(inAll(headlineOf, promoters), [
    'Customers recommend you less',
    'Stranke vas manj priporočajo',
    'Kundene anbefaler dere mindre',
  ])
  assert.deepEqual(inAll(deckOf, promoters), [
    'In week 47, the net promoter score was −20, against +42 in the twelve weeks before.',
    'V 47. tednu je bila vrednost NPS −20, v dvanajstih tednih prej +42.',
    'I uke 47 var NPS −20, mot +42 i de tolv ukene før.',
  ])
})

test('satisfaction has its own words', () => {
  const given = { scale: 'csat-5' as const, now: [50, 40, 60, 100, 150], before: [100, 100, 200, 900, 1500] }
  assert.deepEqual(inAll(headlineOf, given), [
    'Customers are less satisfied',
    'Stranke so manj zadovoljne',
    'Kundene er mindre fornøyd',
  ])
  assert.equal(
    spoken(deckOf(situation('en', given))),
    'In week 47, 63 % of customers were satisfied, against 86 % in the twelve weeks before.',
  )
})

test('where the share says something else than the mean, the mean speaks itself', () => {
  // Nobody crosses a threshold, yet everybody is harder: the mean drops, the easy share stays.
  const given = { scale: 'ces-5' as const, now: [0, 300, 0, 0, 100], before: [900, 0, 0, 300, 0] }
  assert.equal(headlineOf(situation('en', given)), 'Getting help got harder')
  assert.equal(
    spoken(deckOf(situation('en', given))),
    'In week 47, the mean was 2.8 of 5, against 1.8 in the twelve weeks before. Low is easy on this scale.',
  )
})

test('the index is called by what its scale measures', () => {
  const given = {
    scale: 'csat-5' as const,
    metric: 'easeIndex' as const,
    now: [100, 0, 0, 300, 0],
    before: [0, 0, 100, 0, 300],
  }
  const [en, sl, nb] = inAll(deckOf, given)
  assert.match(en!, /^In week 47, the satisfaction index was /)
  assert.match(sl!, /^V 47\. tednu je bil indeks zadovoljstva /)
  assert.match(nb!, /^I uke 47 var tilfredshetsindeksen /)
})

test('every kind of period is called by its name', () => {
  const deck = (language: Language, period: Period, periods = 12) =>
    spoken(deckOf(situation(language, { now: week47, before: twelveWeeks, period, periods }))).replace(
      /,? (je bilo|syntes) .*? (?=v |i |de )/,
      ' … ',
    )
  assert.match(deck('en', periodHolding('month', '2026-10-03'), 2), /^In October, 77 % .* in the 2 months before/)
  assert.match(deck('en', periodHolding('month', '2025-10-03')), /^In October 2025, /)
  assert.match(deck('en', periodHolding('day', '2026-11-20'), 1), /^On 20 November, .* in the day before/)
  assert.match(deck('en', periodHolding('week', '2025-12-30')), /^In week 1, /)
  assert.match(deck('en', periodHolding('week', '2025-12-27')), /^In week 52 of 2025, /)
  assert.match(
    deck('en', runOfDays('2026-11-01', '2026-11-14'), 3),
    /^From 1 November 2026 to 14 November 2026, .* in the 3 equal periods before/,
  )
  assert.match(
    deckOf(
      situation('sl', { now: week47, before: twelveWeeks, period: periodHolding('month', '2026-10-03'), periods: 2 }),
    ),
    /^V oktobru je bilo .* v 2 mesecih prej/,
  )
  assert.match(
    deckOf(situation('sl', { now: week47, before: twelveWeeks, period: runOfDays('2026-11-01', '2026-11-14') })),
    /^Od 1\. novembra 2026 do 14\. novembra 2026 je bilo/,
  )
  assert.match(
    deckOf(situation('nb', { now: week47, before: twelveWeeks, period: periodHolding('day', '2026-11-20') })),
    /^20\. november syntes .* mot .* de tolv dagene før/,
  )
  assert.match(deckOf(situation('en', { now: week47, before: twelveWeeks, finished: false })), /^So far in week 47, /)
})

test('figures that are said to differ are shown to differ', () => {
  const now = nothing.map((_, index) => (index < 7 ? 300_000 : 1_030_000))
  const before = nothing.map((_, index) => (index < 7 ? 3_600_000 : 12_300_000))
  const [a, b] = deckOf(situation('en', { now, before, metric: 'easyShare' })).matchAll(/[\d.]+\u00a0%/g)
  assert.notEqual(a![0], b![0])
})

test('the shape of the answers', () => {
  const say = (counts: Histogram, language: Language = 'en') =>
    histogramFindingOf(language, counts, { min: 1, max: 10 })
  assert.equal(say(week47), 'Most answers are 9 or 10')
  assert.equal(say([0, 0, 0, 0, 0, 0, 0, 0, 3, 30]), 'Most answers are 10')
  assert.equal(say([2, 2, 2, 2, 8, 9, 8, 2, 2, 2]), 'Most answers lie between 5 and 7')
  assert.equal(say([5, 5, 5, 5, 5, 5, 5, 5, 5, 5]), 'Answers spread over the whole scale')
  assert.equal(say([0, 0, 0, 0, 0, 0, 0, 1, 1, 0], 'sl'), 'Doslej 2 odgovora')
  assert.equal(say(nothing), 'No answers to draw yet')
  assert.equal(histogramFindingOf('en', [20, 20, 20], { min: 1, max: 3 }), 'Answers spread over the whole scale')
})

const usual = [5, 5, 5, 5, 5, 5, 5, 20, 25, 20]
const good = [0, 0, 0, 0, 0, 0, 0, 5, 15, 80]
const bad = [30, 30, 20, 10, 5, 2, 1, 1, 1, 0]

function seriesFinding(language: Language, weeks: readonly Histogram[], unfinished = false): string {
  const first = addDays('2026-11-16', 7 * (1 - weeks.length))
  const periods = weeks.map((counts, index) => ({ at: addDays(first, 7 * index), counts }))
  const points = controlChart(periods, 'ces-10', 'mean', { unfinished })
  return seriesFindingOf(situation(language, { now: usual }), points, 'week')
}
const weeks = (n: number, counts: Histogram = usual) => Array.from({ length: n }, () => counts)

test('the line over time says what its limits say', () => {
  assert.equal(seriesFinding('en', weeks(24)), 'All 24 weeks lie within the usual range')
  assert.equal(seriesFinding('en', [...weeks(24), good]), 'The first week above the usual range in 25')
  assert.equal(seriesFinding('sl', [...weeks(24), good]), 'Prvič v 25 tednih nad običajnim razponom')
  assert.equal(seriesFinding('nb', [...weeks(24), bad]), 'For første gang på 25 uker under det vanlige området')
  assert.equal(
    seriesFinding('en', [...weeks(20), good, ...weeks(3), good]),
    'The first week above the usual range since week 43',
  )
  assert.equal(seriesFinding('en', [...weeks(22), bad, bad]), '2 weeks in a row below the usual range')
  assert.equal(seriesFinding('sl', [...weeks(22), bad, bad]), '2 tedna zapored pod običajnim razponom')
  assert.match(seriesFinding('en', [...weeks(20), [6, 6, 6, 6, 5, 5, 5, 20, 22, 19], ...weeks(4)]), /^All 25 weeks/)
  assert.equal(
    seriesFinding('en', [...weeks(20), bad, ...weeks(19)]),
    'Within the usual range; last outside it in week 28',
  )
  assert.equal(seriesFinding('en', weeks(3)), 'Too early to say what is usual: 3 weeks so far')
  assert.equal(seriesFinding('sl', weeks(2)), 'Prezgodaj, da bi vedeli, kaj je običajno: doslej 2 tedna')
  assert.equal(seriesFinding('en', []), 'No answers to draw yet')
})

test('the week that still runs never makes the finding', () => {
  assert.equal(seriesFinding('en', [...weeks(24), bad], true), 'All 24 weeks lie within the usual range')
})

test('what stands out among groups, and what the whole would be without it', () => {
  const groups = {
    Returns: [9, 7, 8, 7, 3, 3, 6, 12, 12, 12],
    Delivery: [0, 0, 2, 5, 4, 5, 9, 40, 50, 60],
    Repairs: [0, 1, 2, 5, 4, 4, 9, 34, 40, 59],
  }
  const say = (language: Language, given: Partial<Given>) =>
    spoken(breakdownFindingOf(situation(language, { now: week47, ...given }), breakdown(given)))
  assert.equal(
    say('en', { groups, metric: 'easyShare' }),
    'Harder than the rest: Returns. Easier than the rest: Delivery and Repairs. With Returns like the rest, it would be 85 % instead of 77 %.',
  )
  assert.equal(say('en', { groups: { a: usual, b: usual, c: usual } }), 'No difference here is more than noise')
  assert.equal(say('nb', { groups: { a: usual } }), 'Det er bare én verdi å sammenligne')
  assert.match(
    say('sl', { groups: { sl: usual, nb: bad, '': good }, attribute: 'language' }),
    /^Težje kot drugod: knjižna norveščina\. Lažje kot drugod: ni navedeno(\.| in)/,
  )
})

test('a sentence begins with a capital, also where it begins with the name of a language', () => {
  const given = { now: week47, before: twelveWeeks, groups: { sl: bad, en: good, nb: good }, attribute: 'language' }
  assert.match(deckOf(situation('sl', given)), / Slovenščina: /)
  assert.match(deckOf(situation('nb', given)), / Slovensk: /)
})

const scaleIds = Object.keys(scales) as ScaleId[]
const anySituation = fc
  .record({
    scale: fc.constantFrom(...scaleIds),
    metric: fc.constantFrom(...metricNames),
    language: fc.constantFrom(...languages),
    kind: fc.constantFrom('day', 'week', 'month'),
  })
  .chain((choice) => {
    const size = scales[choice.scale].max - scales[choice.scale].min + 1
    const counts = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(40), fc.nat(100_000)), {
      minLength: size,
      maxLength: size,
    })
    return fc.record({
      choice: fc.constant(choice),
      now: counts,
      before: fc.option(counts),
      groups: fc.dictionary(fc.constantFrom('Returns', 'sl', '', '…', 'NaN-free'), counts),
      finished: fc.boolean(),
      periods: fc.integer({ min: 1, max: 12 }),
      attribute: fc.constantFrom('topic', 'language'),
    })
  })

const claims: Record<'easier' | 'harder', Record<Language, RegExp>> = {
  easier: {
    en: /got easier|more satisfied|recommend you more|^Fewer customers/,
    sl: /lažje priti|bolj zadovoljne|raje priporoč|za manj strank|strank je manj|Kritikov je manj/,
    nb: /ble enklere|er mer fornøyd|anbefaler dere mer|^Færre/,
  },
  harder: {
    en: /got harder|less satisfied(?! than)|recommend you less|^More customers/,
    sl: /težje priti|manj zadovoljne|manj priporočajo(?! kot)|za več strank|strank je več|Kritikov je več/,
    nb: /ble vanskeligere|er mindre fornøyd|anbefaler dere mindre|^Flere/,
  },
}

test('in any situation: nothing is claimed that the verdict does not allow, and every sentence is whole', () => {
  fc.assert(
    fc.property(anySituation, ({ choice, now, before, groups, finished, periods, attribute }) => {
      const { language, kind, ...reading } = choice
      const period = periodHolding(kind as 'day', '2026-11-20')
      const answeredBefore = before && before.some((count) => count > 0) ? before : null
      const given = { ...reading, now, before: answeredBefore, groups, finished, periods, period, attribute }
      const found = situation(language, given)
      const headline = headlineOf(found)
      const deck = deckOf(found)
      const findings = [
        headline,
        deck,
        breakdownFindingOf(found, breakdown(given)),
        histogramFindingOf(language, now, scales[choice.scale]),
      ]
      for (const text of findings) {
        assert.ok(text.length > 0 && text.length < 400, text)
        assert.doesNotMatch(text, /undefined|null|\[object|\{|\}|NaN(?!-free)|  | ,|\.\./)
      }
      const [first = ''] = headline.split('. ')
      const claimed = found.change?.verdict === 'more-than-noise' ? found.change.ease : null
      for (const ease of ['easier', 'harder'] as const)
        assert.equal(claims[ease][language].test(first), claimed === ease, `${first} (${found.change?.verdict})`)
    }),
    { numRuns: 400 },
  )
})
