import { parseArgs } from 'node:util'
import {
  customScale,
  isMetricName,
  isScaleId,
  metricNames,
  scales,
  type Direction,
  type MetricName,
  type Rule,
  type Scale,
} from '@lahko/effort'
import { CommandError } from '../command-error.ts'
import { nearest } from '../nearest.ts'

export type Every = 'day' | 'week' | 'month'

/** What `lahko score` was asked to do, checked. */
export interface ScoreOptions {
  files: string[]
  column: string | null
  /** `null`: to be assumed from the values. */
  scale: Scale | null
  /** `null`: the scale's own. */
  rule: Rule | null
  metric: MetricName
  level: number
  asked: number | null
  by: string | null
  over: { column: string; every: Every; timeZone: string } | null
  json: boolean
  strict: boolean
}

const flags = {
  column: { type: 'string' },
  scale: { type: 'string' },
  min: { type: 'string' },
  max: { type: 'string' },
  direction: { type: 'string' },
  easy: { type: 'string' },
  hard: { type: 'string' },
  metric: { type: 'string' },
  level: { type: 'string' },
  asked: { type: 'string' },
  by: { type: 'string' },
  over: { type: 'string' },
  every: { type: 'string' },
  'time-zone': { type: 'string' },
  json: { type: 'boolean' },
  strict: { type: 'boolean' },
} as const

type Flag = keyof typeof flags
type Given = Partial<Record<Flag, string>>

/** Reads the command line of `lahko score`; `localZone` stands in for `--time-zone`. Throws a `CommandError`. */
export function readScoreOptions(args: readonly string[], localZone: string): ScoreOptions {
  const { given, files } = readFlags(args)
  if (files.length === 0) refuse('Name a file of answers, or - to read from another program.')
  if (files.filter((file) => file === '-').length > 1) refuse('- stands for the one standard input; name it once.')
  const scale = readScale(given)
  return {
    files,
    column: given.column ?? null,
    scale,
    rule: scale && given.scale !== undefined ? readRule(given, scale) : null,
    metric: readMetric(given.metric),
    level: readLevel(given.level),
    asked: given.asked === undefined ? null : readCount('asked', given.asked),
    by: given.by ?? null,
    over: readOver(given, localZone),
    json: 'json' in given,
    strict: 'strict' in given,
  }
}

function readFlags(args: readonly string[]): { given: Given; files: string[] } {
  const { tokens } = parseArgs({ args: [...args], options: flags, strict: false, tokens: true })
  const given: Given = {}
  const files: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value)
    if (token.kind !== 'option') continue
    const name = knownFlag(token.name, token.rawName)
    if (name in given) refuse(`--${name} is given twice.`)
    given[name] = checkedValue(name, token.value)
  }
  return { given, files }
}

function knownFlag(name: string, raw: string): Flag {
  if (isFlag(name)) return name
  const meant = nearest(name, Object.keys(flags))
  const hint = meant ? ` Did you mean --${meant}?` : ' lahko help score lists them.'
  return refuse(`There is no flag ${raw}.${hint}`)
}

function isFlag(name: string): name is Flag {
  return Object.hasOwn(flags, name)
}

function checkedValue(name: Flag, value: string | undefined): string {
  if (flags[name].type === 'boolean') {
    return value === undefined ? '' : refuse(`--${name} takes no value.`)
  }
  if (value === undefined || value === '' || /^-(?!\d)/.test(value)) refuse(`--${name} needs a value.`)
  return value
}

const ownParts = ['min', 'max', 'direction', 'easy', 'hard'] as const

function readScale(given: Given): Scale | null {
  const own = ownParts.filter((part) => part in given)
  if (given.scale !== undefined) {
    const doubled = own.find((part) => part === 'min' || part === 'max' || part === 'direction')
    if (doubled) refuse(`--scale says already what --${doubled} says; leave one away.`)
    return isScaleId(given.scale) ? scales[given.scale] : refuseScale(given.scale)
  }
  if (own.length === 0) return null
  const missing = ownParts.filter((part) => !(part in given)).map((part) => `--${part}`)
  if (missing.length > 0) refuse(`A scale of your own also needs ${missing.join(', ')}.`)
  return ownScale(given)
}

function ownScale(given: Given): Scale {
  const min = readWholeFlag('min', given.min!)
  const max = readWholeFlag('max', given.max!)
  if (max <= min || max - min > 100) {
    refuse(`--max is from ${min + 1} to ${min + 100} where --min is ${min}, not ${max}: a scale has 2 to 101 values.`)
  }
  const direction = given.direction!
  if (!isDirection(direction)) refuse(`--direction is high-is-easy or high-is-hard, not ${direction}.`)
  const easy = readValues('easy', given.easy!)
  const hard = readValues('hard', given.hard!)
  return orRefuse(() => customScale({ min, max, direction, easy, hard }))
}

function isDirection(text: string): text is Direction {
  return text === 'high-is-easy' || text === 'high-is-hard'
}

function readRule(given: Given, scale: Scale): Rule | null {
  if (given.easy === undefined && given.hard === undefined) return null
  const easy = given.easy === undefined ? scale.easy : readValues('easy', given.easy)
  const hard = given.hard === undefined ? scale.hard : readValues('hard', given.hard)
  const { min, max, direction } = scale
  orRefuse(() => customScale({ min, max, direction, easy, hard }))
  return { id: 'custom', easy, hard }
}

/** `8-10` or `8,9,10` or `10`. */
function readValues(flag: string, text: string): number[] {
  const run = /^(-?\d+)\s*(?:-|–|\.\.)\s*(-?\d+)$/.exec(text)
  const first = Number(run?.[1])
  const last = Number(run?.[2])
  if (run && last >= first && last - first <= 100) return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  if (!run && /^-?\d+(,-?\d+)*$/.test(text))
    return text
      .split(',')
      .map(Number)
      .sort((a, b) => a - b)
  return refuse(`--${flag} is a run of values such as 8-10, not ${text}.`)
}

function readMetric(text = 'mean'): MetricName {
  const name = text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  if (isMetricName(name)) return name
  const known = metricNames.map(kebab)
  const meant = nearest(text, known)
  return refuse(`--metric is one of ${known.join(', ')}, not ${text}.${meant ? ` Did you mean ${meant}?` : ''}`)
}

/** `easyShare` as it is typed: `easy-share`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function readLevel(text = '95'): number {
  const number = Number(text.replace(/\s*%$/, ''))
  const level = number >= 1 ? number / 100 : number
  return level >= 0.5 && level < 1 ? level : refuse(`--level is a per cent from 50 to below 100, not ${text}.`)
}

function readOver(given: Given, localZone: string): ScoreOptions['over'] {
  const stray = (['every', 'time-zone'] as const).find((flag) => flag in given)
  if (given.over === undefined) return stray ? refuse(`--${stray} goes with --over COLUMN.`) : null
  const every = given.every ?? 'week'
  if (every !== 'day' && every !== 'week' && every !== 'month') refuse(`--every is day, week or month, not ${every}.`)
  const timeZone = given['time-zone'] ?? localZone
  if (!isTimeZone(timeZone)) refuse(`--time-zone is a name such as Europe/Ljubljana, not ${timeZone}.`)
  return { column: given.over, every, timeZone }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function readWholeFlag(flag: string, text: string): number {
  return /^-?\d{1,9}$/.test(text) ? Number(text) : refuse(`--${flag} is a whole number, not ${text}.`)
}

function readCount(flag: string, text: string): number {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return number >= 1 ? number : refuse(`--${flag} is a whole number of at least 1, not ${text}.`)
}

function refuseScale(text: string): never {
  const known = Object.keys(scales)
  const meant = nearest(text, known)
  refuse(`There is no scale ${text}. ${meant ? `Did you mean ${meant}?` : `Choose one of ${known.join(', ')}.`}`)
}

function orRefuse<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) refuse(`${error.message}.`)
    throw error
  }
}

function refuse(sentence: string): never {
  throw new CommandError(sentence, 2)
}
